"""The learned words: examples, names, forgetting, export and import."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import Response

from indexer.defaults import ANONYMOUS
from indexer.errors import StoreAway
from indexer.kinds import EventKind
from search.api.answers import judged_answer, learned_word
from search.api.errors import Refused, documented
from search.api.pictures.uploads import ANY_BODY, JSON_BYTES, MOST_FILES, bounded, read_form
from search.api.schemas.bodies import ExamplesBody, Who, WordChangeBody
from search.api.schemas.teaching import (
    ForgottenAnswer,
    ImportAnswer,
    JudgedAnswer,
    WordEvent,
    WordsAnswer,
)
from search.api.service import Service, Serving
from search.teaching.event_files import to_text
from search.teaching.log import undoing_all

T = TypeVar("T")

IMPORT_BYTES = 200_000_000
LINES = "application/x-ndjson"

Word = Annotated[str, Path(description="A word in any form", examples=["griffin"])]

PICTURES: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string", "format": "binary"},
    "description": "Pictures, or ids of photos",
}
EXAMPLES_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": ExamplesBody.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "good": PICTURES,
                        "bad": PICTURES,
                        "file": {**PICTURES, "description": "The same as `good`"},
                        "user": {"type": "string"},
                    },
                }
            },
        },
    }
}
IMPORT_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            LINES: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}

router = APIRouter(prefix="/api", tags=["words"])


@router.get("/words", responses=documented(400))
async def words(serving: Serving) -> WordsAnswer:
    """List the learned words with the photos they were learned from."""

    def work() -> WordsAnswer:
        serving.library.exists()  # refuses an incomplete copy
        vocabulary = serving.library.vocabulary()
        learned = [(one, vocabulary.lessons[one.word]) for one in vocabulary.describe()]
        inside = serving.pictures.inside({id for _, lesson in learned for id in lesson.votes})
        return WordsAnswer(words=[learned_word(one, lesson, inside) for one, lesson in learned])

    return await serving.work.run(work)


@router.post(
    "/words/{word}/examples",
    responses=documented(400, 404, 413, 415),
    openapi_extra=EXAMPLES_BODY,
    max_body_size=ANY_BODY,
)
async def teach(request: Request, serving: Serving, word: Word) -> JudgedAnswer:
    """Teach a word with pictures that show it and pictures that do not, uploaded or by id."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        examples = await _upload(request, serving)
    else:
        examples = await _read_json(request)

    def work() -> JudgedAnswer:
        uploads = serving.pictures.uploads([*examples.good, *examples.bad])
        event = serving.library.teach(word, examples.good, examples.bad, uploads, examples.user)
        serving.metrics.taught(event.kind)
        return judged_answer(event)

    return await serving.work.run(work)


@router.patch("/words/{word}", responses=documented(400, 404))
async def change(serving: Serving, word: Word, change: WordChangeBody) -> WordEvent:
    """Rename a learned word, or merge it into another learned word."""

    def work() -> WordEvent:
        library = serving.library
        if change.rename is not None:
            event = library.rename(word, change.rename, change.user)
        else:
            event = library.merge(word, change.merge_into or "", change.user)
        serving.metrics.taught(event.kind)
        return WordEvent(event=event.id, word=event.word, target=event.target)

    return await serving.work.run(work)


@router.delete("/words/{word}", responses=documented(400, 404))
async def forget(serving: Serving, word: Word, user: Who = ANONYMOUS) -> WordEvent:
    """Forget everything that was taught for a word; undo it by the event."""

    def work() -> WordEvent:
        event = serving.library.forget(word, user)
        serving.metrics.taught(event.kind)
        return WordEvent(event=event.id, word=event.word, target="")

    return await serving.work.run(work)


@router.delete("/words/{word}/for-good", responses=documented(400, 404))
async def forget_for_good(serving: Serving, word: Word) -> ForgottenAnswer:
    """Remove a word with its events, examples and searches from all that the store keeps.

    Nothing can undo that. The server forgets all recent uploads too.
    """

    def work() -> ForgottenAnswer:
        recent = serving.pictures.recent  # the examples among them can be asked for by id
        try:
            gone = serving.library.forget_for_good(word)
        except StoreAway:  # half of it may be gone
            recent.clear()
            raise
        recent.clear()
        serving.metrics.taught(EventKind.ERASE)
        return ForgottenAnswer.model_validate(gone)

    return await serving.work.run(work)


@router.get(
    "/export",
    response_class=Response,
    responses={
        200: {"content": {LINES: {}}, "description": "All events, one per line"},
        **documented(),
    },
)
async def export(serving: Serving) -> Response:
    """Return everything that was taught, as `magpie export` writes it."""
    lines = await serving.work.run(lambda: to_text(serving.library.events()))
    headers = {"content-disposition": 'attachment; filename="magpie-taught.jsonl"'}
    return Response(lines, 200, headers, LINES)


@router.post(
    "/import",
    responses=documented(400, 404, 413),
    openapi_extra=IMPORT_BODY,
    max_body_size=ANY_BODY,
)
async def import_(request: Request, serving: Serving) -> ImportAnswer:
    """Add what another library was taught; the body is that library's export."""
    given = request.headers.get("content-type", "").partition(";")[0].strip()
    if given.lower() != LINES:  # no form of another site can send it
        raise Refused(422, f"the body is {given[:40]!r}: send an export as {LINES}")
    pieces = [piece async for piece in bounded(request, IMPORT_BYTES)]
    data = b"".join(pieces)

    def work() -> ImportAnswer:
        events = serving.library.import_events(data, "the import")
        added = undoing_all(events)
        words = {event.word for event in events if event.kind in (EventKind.CLICK, EventKind.TEACH)}
        return ImportAnswer(events=len(events), added=added, words=len(words))

    return await serving.work.run(work)


async def _upload(request: Request, serving: Service) -> ExamplesBody:
    """Describe the pictures in a form, which makes them recent uploads with ids."""
    form = await read_form(request, serving.settings, MOST_FILES)
    ids: dict[str, list[str]] = {"good": [], "bad": []}
    for field in ("good", "bad", "file"):
        ids["bad" if field == "bad" else "good"] += form.texts.get(field, [])
    for file in form.files:
        if file.field not in ("good", "bad", "file"):
            raise Refused(422, f"part {file.field[:20]!r} is unknown: use `good` or `bad`")
        upload = await serving.look_at(file)
        ids["bad" if file.field == "bad" else "good"].append(upload.id)
    return _checked(ExamplesBody.model_validate, {**ids, "user": form.text("user", ANONYMOUS)})


async def _read_json(request: Request) -> ExamplesBody:
    body = b"".join([piece async for piece in bounded(request, JSON_BYTES)])
    return _checked(ExamplesBody.model_validate_json, body)


def _checked(validate: Callable[[T], ExamplesBody], value: T) -> ExamplesBody:
    try:
        return validate(value)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None
