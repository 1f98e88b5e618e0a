"""Searching by words, by a photo in the library or by an uploaded picture; completion."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from indexer.defaults import ANONYMOUS, DEFAULT_LIMIT
from search.api.answers import reply, search_answer
from search.api.errors import Refused, documented
from search.api.filters import FilterParameters
from search.api.pictures.lookup import to_query_photo
from search.api.pictures.uploads import ANY_BODY, Form, read_form
from search.api.schemas.fields import PHOTO_ID
from search.api.schemas.searches import FacetsAnswer, IdeasAnswer, SearchAnswer, SuggestAnswer
from search.api.service import Serving
from search.counting import MOST_NAMES

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

AcceptLanguage = Annotated[
    str,
    Header(
        max_length=1_000,
        description="Language of the words, for networks that want to know it",
        examples=["de-CH, en;q=0.5"],
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
                        "likely": {"type": "boolean"},
                        "user": {"type": "string"},
                        "limit": {"type": "integer", "minimum": 1, "maximum": MOST_HITS},
                        "offset": {"type": "integer", "minimum": 0},
                    },
                }
            }
        },
    }
}

Like = Annotated[str, Query(description="Id of a photo or of a recent upload", examples=[PHOTO_ID])]

router = APIRouter(prefix="/api", tags=["search"])


@router.get("/search", response_model=SearchAnswer, responses=documented(400, 404))
async def search(
    serving: Serving,
    filters: Annotated[FilterParameters, Depends()],
    q: Annotated[
        str,
        Query(
            description='Words and filters; "-word" leaves photos out',
            examples=["puppy -cat camera:nikon"],
        ),
    ] = "",
    like: Like = "",
    without: Without = [],  # noqa: B006
    likely: Annotated[
        bool, Query(description="Leave out the photos that are not likely to show what was asked")
    ] = False,
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
    user: Annotated[
        str,
        Query(
            max_length=100, description="User name for the search log; does not change the ranking"
        ),
    ] = ANONYMOUS,
    accept_language: AcceptLanguage = "",
) -> Response:
    """Rank photos by words, by likeness to a photo, or by both.

    Filters may stand in the words, too (`camera:"iphone 7"`, `-in:2019`, "summer 2019"). Without
    words, filters or a `sort` by time list photos, newest first unless `sort` says otherwise.
    """

    def work() -> Response:
        picture = serving.pictures.find(like) if like else None
        photo = to_query_photo(picture) if picture else None
        spoken, given = first_language(accept_language), filters.given()
        answer = serving.library.search(
            q, limit, offset, photo, user, without, spoken, given, filters.sort, likely
        )
        return reply(search_answer(answer, picture))

    return await serving.work.run(work)


@router.get("/facets", response_model=FacetsAnswer, responses=documented(400, 404))
async def facets(
    serving: Serving,
    filters: Annotated[FilterParameters, Depends()],
    q: Annotated[
        str,
        Query(
            description="Words and filters; empty for all photos",
            examples=["puppy -cat camera:nikon"],
        ),
    ] = "",
    like: Like = "",
    without: Without = [],  # noqa: B006
    limit: Annotated[
        int, Query(ge=1, le=MOST_HITS, description="Maximum number of names of each kind")
    ] = MOST_NAMES,
    accept_language: AcceptLanguage = "",
) -> Response:
    """Count all photos that a search finds: by year, month, camera, place, folder and format.

    The parameters are those of GET /api/search; `sort` changes nothing.
    """

    def work() -> Response:
        photo = to_query_photo(serving.pictures.find(like)) if like else None
        spoken, given = first_language(accept_language), filters.given()
        answer = serving.library.facets(q, photo, without, spoken, given, limit)
        return reply(asdict(answer))

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
    user, likely = form.text("user", ANONYMOUS), _truth(form, "likely")
    file = next((file for file in form.files if file.field == "file"), None)
    if file is None:
        raise Refused(422, "the form has no picture: send it as the part `file`")
    upload = await serving.look_at(file)

    def work() -> Response:
        picture = serving.pictures.find(upload.id)
        photo = to_query_photo(picture)
        spoken = first_language(request.headers.get("accept-language", ""))
        answer = serving.library.search(
            words, limit, offset, photo, user, switched_off, spoken, only_likely=likely
        )
        return reply(search_answer(answer, picture))

    return await serving.work.run(work)


@router.get("/suggest", responses=documented(400, 404))
async def suggest(
    serving: Serving,
    q: Annotated[str, Query(description="The beginning of a query", examples=["dog on gra"])] = "",
    limit: Annotated[int, Query(ge=1, le=100, description="Maximum number of completions")] = 10,
) -> SuggestAnswer:
    """Complete the last words of a query: learned words first, then what photos show."""
    found = await serving.work.run(lambda: serving.library.completions(q, limit))
    return SuggestAnswer(
        suggestions=[one.words for one in found],
        photos={one.words: one.photos for one in found if one.photos is not None},
    )


@router.get("/ideas", responses=documented(400, 404))
async def ideas(
    serving: Serving,
    limit: Annotated[int, Query(ge=1, le=20, description="Maximum number of words")] = 3,
) -> IdeasAnswer:
    """Return words to begin with: what many photos of the library show, the commonest first."""
    return IdeasAnswer(ideas=list(await serving.work.run(lambda: serving.library.ideas(limit))))


def first_language(accepted: str) -> str:
    """Return the language that a browser asks for first: "de-CH"; "" where it names none."""
    first = accepted.partition(",")[0].partition(";")[0].strip()
    return "" if first == "*" else first


def _truth(form: Form, field: str) -> bool:
    text = form.text(field, "false").lower()
    if text not in ("true", "false", "1", "0"):
        raise Refused(422, f"{field} {text[:20]!r} is neither true nor false")
    return text in ("true", "1")


def _number(form: Form, field: str, default: int, least: int, most: int) -> int:
    text = form.text(field, str(default))
    if not (text.isdecimal() and text.isascii() and len(text) < 10 and least <= int(text) <= most):
        raise Refused(422, f"{field} {text[:20]!r} is not a number from {least} to {most}")
    return int(text)
