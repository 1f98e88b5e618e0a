"""The built page: its few files, kept in memory so that no request can name any other file."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

BUILT = Path(__file__).parents[1] / "static"
SCREENS = ("/", "/photo/{id}", "/words", "/history", "/photos", "/status")
"""Paths of the page's screens, which are all one document."""

HASHED = "assets/"
"""Files there have a hash of their content in their name, and never change."""

FOREVER = "public, max-age=31536000, immutable"
TEXTS = ("text/", "application/json", "application/manifest+json", "image/svg")
MISSING = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Magpie</title>
<p>The page was not built: run <code>make page</code>. The API works: see <a href="/docs">/docs</a>.
"""

NOT_HERE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Magpie</title>
<h1>Magpie does not answer at this address</h1>
<p>On the machine where it runs, open it at <code>localhost</code>. To use this address, start
it with <code>magpie serve --origin</code> and the address.</p>
<p lang="de">Unter dieser Adresse antwortet Magpie nicht. Öffne es auf dem Rechner, auf dem es
läuft, unter <code>localhost</code>. Um diese Adresse zu verwenden, starte es mit
<code>magpie serve --origin</code> und der Adresse.</p>
""".encode()
"""For people who come by a host name that the server does not know to be its own."""


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
    """Return the routes of the page's screens and files, and of addresses that browsers mistype."""
    files = {
        path.relative_to(folder).as_posix(): PageFile.read(
            path, path.relative_to(folder).as_posix()
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".py"
    }
    index = files.pop("index.html", None) or PageFile.of(MISSING, "text/html", "no-cache")
    routes = [file_route(screen, index) for screen in SCREENS]
    routes += [file_route(f"/{name}", file) for name, file in files.items()]
    return [*routes, BrowserRoute(index)]


class BrowserRoute(Route):
    """Any other address that a person opens in a browser: the page, which says that it is wrong."""

    def __init__(self, index: PageFile) -> None:
        """Serve a document with status 404."""

        async def serve(request: Request) -> Response:
            return Response(index.data, 404, {"cache-control": "no-store"}, "text/html")

        super().__init__("/{path:path}", serve, methods=["GET"], include_in_schema=False)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match only what asks for a document, and is not below /api."""
        if scope["type"] != "http" or not is_for_people(Headers(scope=scope), scope["path"]):
            return Match.NONE, {}
        return super().matches(scope)


def is_for_people(headers: Headers, path: str) -> bool:
    """Tell whether a browser asks for a document, which a person will read."""
    return "text/html" in headers.get("accept", "") and not path.startswith(("/api/", "/assets/"))


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
