"""Photos: documents, neighbours, pictures, and random ones to start from."""

from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from indexer.errors import NotFound
from indexer.records import DEFAULT_LIMIT, Photo, Upload
from search.api.answers import hits_answer, photo_answer, reply
from search.api.errors import documented
from search.api.page import is_known
from search.api.pictures.lookup import to_query_photo
from search.api.pictures.thumbnails import (
    SHOWN_BY_BROWSERS,
    TYPES,
    Size,
    file_name,
    full_size,
    original,
)
from search.api.routes.search import Limit, Offset
from search.api.schemas.fields import PHOTO_ID
from search.api.schemas.photos import PhotoAnswer
from search.api.schemas.searches import HitsAnswer
from search.api.service import Service, Serving

FOREVER = "private, max-age=31536000, immutable"
"""An id is a hash of the content, so what is served under it never changes."""

JPEG = "image/jpeg"
PICTURES = sorted({*TYPES.values()})
PhotoId = Annotated[str, Path(description="Id of a photo", examples=[PHOTO_ID])]
OfSize = Annotated[
    Size | None,
    Query(
        description="Pixels of the longer side of a JPEG, never enlarged. Without it, you get the "
        "original, or a JPEG of the same size if browsers cannot show the original's format"
    ),
]

router = APIRouter(prefix="/api/photos", tags=["photos"])


@router.get("/random", response_model=HitsAnswer, responses=documented(400, 404))
async def random(
    serving: Serving,
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
    seed: Annotated[
        int, Query(ge=0, le=2**32 - 1, description="With the same seed, no photo comes twice")
    ] = 0,
) -> Response:
    """Return photos in random order: choose a seed, and get more with `offset`."""
    work = partial(serving.library.random, seed, limit, offset)
    return reply(hits_answer(await serving.work.run(work)))


@router.get("/{id}", responses=documented(404))
async def photo(serving: Serving, id: PhotoId) -> PhotoAnswer:
    """Return everything that is known about a photo."""
    return await serving.work.run(lambda: photo_answer(serving.pictures.photo(id)))


@router.get("/{id}/similar", response_model=HitsAnswer, responses=documented(400, 404))
async def similar(serving: Serving, id: PhotoId, limit: Limit = DEFAULT_LIMIT) -> Response:
    """Return the photos most similar to one; scores are cosines."""

    def work() -> Response:
        photo = to_query_photo(serving.pictures.find(id))
        return reply(hits_answer(serving.library.similar(photo, limit)))

    return await serving.work.run(work)


@router.get(
    "/{id}/image",
    response_class=Response,
    responses={
        200: {"content": {type: {} for type in PICTURES}, "description": "The picture"},
        304: {"description": "The client's copy is current"},
        **documented(404, 415),
    },
)
async def image(
    request: Request,
    serving: Serving,
    id: PhotoId,
    size: OfSize = None,
    download: Annotated[bool, Query(description="Download the original file unchanged")] = False,
) -> Response:
    """Return a picture: an upright thumbnail, the original, or the original as a download."""
    kind = "download" if download else str(size or "full")
    headers = {"etag": f'"{id}-{kind}"', "cache-control": FOREVER}

    def work() -> Response:
        picture = serving.pictures.find(id)
        if is_known(request, headers["etag"]):
            return Response(status_code=304, headers=headers)
        if isinstance(picture, Upload):
            return Response(_kept(picture, download), 200, headers, JPEG)
        if download:
            return _download(picture, headers)
        return _show(serving, picture, size, headers)

    return await serving.decoding.run(work)


def _show(serving: Service, photo: Photo, size: int | None, headers: dict[str, str]) -> Response:
    if size:
        return Response(serving.thumbnails.get(photo, size), 200, headers, JPEG)
    data = original(photo)
    if photo.format in SHOWN_BY_BROWSERS:
        return Response(data, 200, headers, TYPES[photo.format])
    return Response(full_size(data), 200, headers, JPEG)


def _kept(upload: Upload, download: bool) -> bytes:
    """Return everything that is kept of an upload."""
    if download:
        raise NotFound(
            f"the original of {upload.name!r} was not kept: only a thumbnail is available"
        )
    return upload.thumbnail


def _download(photo: Photo, headers: dict[str, str]) -> Response:
    name = quote(file_name(photo), safe="", errors="surrogateescape")
    headers = {**headers, "content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(original(photo), 200, headers, TYPES[photo.format])
