"""Photos: documents, neighbours, pictures, and random ones to start from."""

import os
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from indexer.defaults import DEFAULT_LIMIT
from indexer.errors import NotFound, Unreadable
from indexer.events import Upload
from indexer.photos.decoding import exposure_of, is_shown_by_browsers
from indexer.photos.exposure import Exposure
from indexer.photos.formats import FAMILIES, media_type
from indexer.photos.thumbnails import Size
from indexer.records import Photo
from search.api.answers import hits_answer, photo_answer, photos_answer, reply
from search.api.errors import Refused, documented
from search.api.page import is_known
from search.api.pictures.archive import archive
from search.api.pictures.lookup import to_query_photo
from search.api.pictures.ranges import byte_range
from search.api.pictures.thumbnails import file_name, full_size, original, pieces
from search.api.routes.search import Limit, Offset
from search.api.schemas.bodies import PhotosBody
from search.api.schemas.fields import PHOTO_ID
from search.api.schemas.photos import ExifAnswer, PhotoAnswer
from search.api.schemas.searches import HitsAnswer, MonthsAnswer, PhotosAnswer
from search.api.service import Service, Serving

FOREVER = "private, max-age=31536000, immutable"
"""An id is a hash of the content, so what is served under it never changes."""

JPEG = "image/jpeg"
ZIP = "application/zip"
PICTURES = sorted({one.media_type for family in FAMILIES for one in family.formats})
PhotoId = Annotated[str, Path(description="Id of a photo", examples=[PHOTO_ID])]
OfSize = Annotated[
    Size | None,
    Query(
        description="Pixels of the longer side of a JPEG, never enlarged; 400, which is there at "
        "once, stands for 372 to 520. Without it, you get the "
        "original, or a JPEG of the same size if browsers cannot show the original, or not upright"
    ),
]

router = APIRouter(prefix="/api/photos", tags=["photos"])


@router.get("", response_model=PhotosAnswer, responses=documented(400, 404))
async def photos(
    serving: Serving,
    month: Annotated[
        str,
        Query(
            description="Only the photos of a month; `none`: only those without a capture time",
            examples=["2019-05"],
        ),
    ] = "",
    cursor: Annotated[
        str, Query(description="`next` of the photos before; empty for the first ones")
    ] = "",
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """List all photos, newest first; those without a capture time come last."""
    page = await serving.work.run(partial(serving.library.by_date, limit, cursor, month))
    return reply(photos_answer(page))


@router.get("/months", responses=documented(400, 404))
async def months(serving: Serving) -> MonthsAnswer:
    """Count all photos by the month of their capture time."""
    return MonthsAnswer.model_validate(await serving.work.run(serving.library.months))


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


@router.post(
    "/zip",
    response_class=StreamingResponse,
    responses={
        200: {"content": {ZIP: {}}, "description": "The files; those that are gone are listed"},
        **documented(400, 404),
    },
)
async def download(serving: Serving, chosen: PhotosBody) -> StreamingResponse:
    """Download the originals of several photos as one zip."""
    photos = await serving.work.run(lambda: serving.pictures.photos(chosen.ids))
    headers = {
        "content-disposition": "attachment; filename=photos.zip",
        "cache-control": "no-store",
    }
    return StreamingResponse(archive(photos), 200, headers, ZIP)


@router.get("/{id}", responses=documented(404))
async def photo(serving: Serving, id: PhotoId) -> PhotoAnswer:
    """Return everything that is known about a photo."""
    return await serving.work.run(lambda: photo_answer(serving.pictures.photo(id)))


@router.get("/{id}/exif", responses=documented(404))
async def exif(serving: Serving, id: PhotoId) -> ExifAnswer:
    """Read from a photo's file how it was taken; of a film, nothing is read."""

    def work() -> ExifAnswer:
        photo = serving.pictures.photo(id)
        return ExifAnswer.model_validate(_exposure(serving, photo))

    return await serving.decoding.run(work)


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
        206: {"description": "The part of a download that `Range` asks for"},
        304: {"description": "The client's copy is current"},
        **documented(404, 415, 416),
    },
)
async def image(
    request: Request,
    serving: Serving,
    id: PhotoId,
    size: OfSize = None,
    download: Annotated[
        bool,
        Query(
            description="Download the original file unchanged, or a part of it by a Range header"
        ),
    ] = False,
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
            return _download(serving, picture, headers, request)
        return _show(serving, picture, size, headers)

    return await serving.decoding.run(work)


def _show(serving: Service, photo: Photo, size: int | None, headers: dict[str, str]) -> Response:
    if size:
        return Response(serving.thumbnails.get(photo, size), 200, headers, JPEG)
    with original(photo) as file:
        if is_shown_by_browsers(file):
            file.seek(0)
            return Response(file.read(), 200, headers, media_type(photo.format))
        return Response(full_size(file), 200, headers, JPEG)


def _exposure(serving: Service, photo: Photo) -> Exposure:
    if photo.duration is not None:  # its file may be larger than memory
        return Exposure()
    with original(photo, serving.thumbnails.checked) as file:
        try:
            return exposure_of(file, workers=serving.thumbnails.workers)
        except Unreadable:  # such as a format whose decoder is not there any more
            return Exposure()


def _kept(upload: Upload, download: bool) -> bytes:
    """Return everything that is kept of an upload."""
    if download:
        raise NotFound(
            f"the original of {upload.name!r} was not kept: only a thumbnail is available"
        )
    return upload.thumbnail


def _download(
    serving: Service, photo: Photo, headers: dict[str, str], request: Request
) -> Response:
    name = quote(file_name(photo), safe="", errors="surrogateescape")
    headers = {**headers, "content-disposition": f"attachment; filename*=UTF-8''{name}"}
    file = original(photo, serving.thumbnails.checked)
    size = file.seek(0, os.SEEK_END)
    is_same = request.headers.get("if-range", headers["etag"]) == headers["etag"]
    try:
        part = byte_range(request.headers.get("range", "") if is_same else "", size)
    except Refused:
        file.close()
        raise
    first, end = part or (0, size)
    headers |= {"accept-ranges": "bytes", "content-length": str(end - first)}
    if part:
        headers["content-range"] = f"bytes {first}-{end - 1}/{size}"
    if "magpie_head" in request.scope:  # nothing needs to be read for a body that nobody gets
        file.close()
        return Response(None, 200, headers, media_type(photo.format))
    # In pieces: a film may be larger than memory.
    body = pieces(file, first, end)
    return StreamingResponse(body, 206 if part else 200, headers, media_type(photo.format))
