"""The built page: its few files, kept in memory so that no request can name any other file."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BUILT = Path(__file__).parents[1] / "static"
SCREENS = ("/", "/photo/{id}", "/words", "/history")
"""Paths of the page's screens, which are all one document."""

HASHED = "assets/"
"""Files there have a hash of their content in their name, and never change."""

FOREVER = "public, max-age=31536000, immutable"
TEXTS = ("text/", "application/json", "application/manifest+json", "image/svg")
MISSING = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Magpie</title>
<p>The page was not built: run <code>make page</code>. The API works: see <a href="/docs">/docs</a>.
"""


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file of the page; `packed` is its gzip, empty if that is not smaller."""

    data: bytes
    packed: bytes
    type: str
    etag: str
    cache: str

    @classmethod
    def read(cls, path: Path, name: str) -> "PageFile":
        """Read a file that is served as `name`."""
        type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return cls.of(path.read_bytes(), type, FOREVER if name.startswith(HASHED) else "no-cache")

    @classmethod
    def of(cls, data: bytes, type: str, cache: str) -> "PageFile":
        """Make a file from its content."""
        packed = gzip.compress(data, mtime=0) if type.startswith(TEXTS) else b""
        etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        return cls(data, packed if len(packed) < len(data) else b"", type, etag, cache)


def page_routes(folder: Path = BUILT) -> list[Route]:
    """Return the routes of the page's screens and files."""
    files = {
        path.relative_to(folder).as_posix(): PageFile.read(
            path, path.relative_to(folder).as_posix()
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".py"
    }
    index = files.pop("index.html", None) or PageFile.of(MISSING, "text/html", "no-cache")
    routes = [file_route(screen, index) for screen in SCREENS]
    return routes + [file_route(f"/{name}", file) for name, file in files.items()]


def file_route(path: str, file: PageFile) -> Route:
    """Return the route of one file."""

    async def serve(request: Request) -> Response:
        return answer(request, file)

    return Route(path, serve, methods=["GET"], include_in_schema=False)


def answer(request: Request, file: PageFile) -> Response:
    """Return a file, or 304 if the client's copy is current."""
    headers = {"etag": file.etag, "cache-control": file.cache, "vary": "accept-encoding"}
    if is_known(request, file.etag):
        return Response(status_code=304, headers=headers)
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(file.packed, 200, headers, file.type)
    return Response(file.data, 200, headers, file.type)


def is_known(request: Request, etag: str) -> bool:
    """Tell whether the client has what `etag` names: RFC 9110, section 13.1.2."""
    given = request.headers.get("if-none-match", "")
    return given == "*" or etag in (tag.strip().removeprefix("W/") for tag in given.split(","))
