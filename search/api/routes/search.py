"""Searching by words, by a photo in the library or by an uploaded picture; completion."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from indexer.records import ANONYMOUS, DEFAULT_LIMIT
from search.api.answers import reply, search_answer
from search.api.errors import Refused, documented
from search.api.pictures.lookup import to_query_photo
from search.api.pictures.uploads import ANY_BODY, Form, read_form
from search.api.schemas.fields import PHOTO_ID
from search.api.schemas.searches import SearchAnswer, SuggestAnswer
from search.api.service import Serving

MOST_HITS = 1_000
"""Hits in one answer."""

Limit = Annotated[
    int, Query(ge=1, le=MOST_HITS, description="Maximum number of photos in the answer")
]
Offset = Annotated[
    int, Query(ge=0, description="Photos to skip; offset + limit may be at most 10,000")
]
Without = Annotated[
    list[str],
    Query(
        description="Parts to switch off, by their `part` in the answer's `words`",
        examples=["-cat"],
    ),
]

IMAGE_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "A picture"},
                        "q": {"type": "string", "description": "Words to search for as well"},
                        "without": {"type": "array", "items": {"type": "string"}},
                        "user": {"type": "string"},
                        "limit": {"type": "integer", "minimum": 1, "maximum": MOST_HITS},
                        "offset": {"type": "integer", "minimum": 0},
                    },
                }
            }
        },
    }
}

router = APIRouter(prefix="/api", tags=["search"])


@router.get("/search", response_model=SearchAnswer, responses=documented(400, 404))
async def search(
    serving: Serving,
    q: Annotated[
        str, Query(description='Words; "-word" leaves photos out', examples=["puppy -cat"])
    ] = "",
    like: Annotated[
        str, Query(description="Id of a photo or of a recent upload", examples=[PHOTO_ID])
    ] = "",
    without: Without = [],  # noqa: B006
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
    user: Annotated[
        str,
        Query(
            max_length=100, description="User name for the search log; does not change the ranking"
        ),
    ] = ANONYMOUS,
) -> Response:
    """Rank photos by words, by likeness to a photo, or by both."""

    def work() -> Response:
        picture = serving.pictures.find(like) if like else None
        photo = to_query_photo(picture) if picture else None
        answer = serving.library.search(q, limit, offset, photo, user, without)
        return reply(search_answer(answer, picture))

    return await serving.work.run(work)


@router.post(
    "/search/image",
    response_model=SearchAnswer,
    responses=documented(400, 404, 413, 415),
    openapi_extra=IMAGE_FORM,
    max_body_size=ANY_BODY,
)
async def search_image(request: Request, serving: Serving) -> Response:
    """Rank photos by likeness to an uploaded picture, and by words if there are any.

    The picture is not kept. To get more photos, send the answer's `like.id` to GET /api/search.
    """
    form = await read_form(request, serving.settings, most_files=1)
    limit = _number(form, "limit", DEFAULT_LIMIT, 1, MOST_HITS)
    offset = _number(form, "offset", 0, 0, 10_000)
    words, switched_off = form.text("q"), form.texts.get("without", ())
    user = form.text("user", ANONYMOUS)
    file = next((file for file in form.files if file.field == "file"), None)
    if file is None:
        raise Refused(422, "the form has no picture: send it as the part `file`")
    upload = await serving.look_at(file)

    def work() -> Response:
        picture = serving.pictures.find(upload.id)
        photo = to_query_photo(picture)
        answer = serving.library.search(words, limit, offset, photo, user, switched_off)
        return reply(search_answer(answer, picture))

    return await serving.work.run(work)


@router.get("/suggest", responses=documented(400, 404))
async def suggest(
    serving: Serving,
    q: Annotated[str, Query(description="The beginning of a query", examples=["dog on gra"])] = "",
    limit: Annotated[int, Query(ge=1, le=100, description="Maximum number of completions")] = 10,
) -> SuggestAnswer:
    """Complete the last words of a query, learned words first."""
    found = await serving.work.run(lambda: serving.library.complete(q, limit))
    return SuggestAnswer(suggestions=found)


def _number(form: Form, field: str, default: int, least: int, most: int) -> int:
    text = form.text(field, str(default))
    if not (text.isdecimal() and text.isascii() and len(text) < 10 and least <= int(text) <= most):
        raise Refused(422, f"{field} {text[:20]!r} is not a number from {least} to {most}")
    return int(text)
