"""/docs: Swagger UI from files on this machine, without inline scripts."""

import importlib.util
from pathlib import Path

from starlette.routing import Route

from search.api.page import PageFile, file_route

NAMES = ("swagger-ui-bundle.js", "swagger-ui.css")
PAGE = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Magpie: HTTP API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"><div id="routes"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></html>
"""
START = b"""SwaggerUIBundle({url: "/openapi.json", dom_id: "#routes", deepLinking: true});
"""


def docs_routes() -> list[Route]:
    """Return the routes of the documentation; none without the package fastapi-offline."""
    found = importlib.util.find_spec("fastapi_offline")
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent / "static"
    files = {name: PageFile.read(folder / name, name) for name in NAMES}
    return [
        file_route("/docs", PageFile.of(PAGE, "text/html", "no-cache")),
        file_route("/docs/start.js", PageFile.of(START, "text/javascript", "no-cache")),
        *(file_route(f"/docs/{name}", file) for name, file in files.items()),
    ]
