"""The ASGI app: routes, errors and frame around one library."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from indexer.progress.run_lock import lock_file
from search.api.docs import docs_routes
from search.api.errors import add_handlers
from search.api.frame import Frame
from search.api.page import page_routes
from search.api.pictures.uploads import JSON_BYTES
from search.api.routes import feedback, photos, search, session, status, words
from search.api.security import Guard
from search.api.service import Service
from search.api.settings import Settings
from search.library import Library

ABOUT = "Image search that you can teach, without captions or tags."


def create_app(library: Library, settings: Settings | None = None) -> ASGIApp:
    """Return the app that serves a library, and closes it when it ends.

    Raises:
        BadValue: there is no key, and other machines could reach the server.
    """
    settings = settings or Settings()
    settings.check()
    service = Service(library, settings)
    guard = Guard(settings, ended_sessions(library.location))
    app = make_routes()
    app.state.service = service
    app.state.guard = guard
    framed: ASGIApp = Frame(app, settings, guard, service.metrics)
    if settings.origins:
        framed = CORSMiddleware(
            framed,
            allow_origins=sorted(settings.origins),
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["X-Request-Id"],
        )
    return framed


def make_routes() -> FastAPI:
    """Return all routes without a library, which is enough to describe them."""
    app = FastAPI(
        title="Magpie",
        version=version("magpie-search"),
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_run,
        max_body_size=JSON_BYTES,
    )
    for subject in (search, photos, feedback, words, session, status):
        app.include_router(subject.router)
    app.router.routes.extend([*docs_routes(), *page_routes()])
    add_handlers(app)
    return app


def ended_sessions(location: str) -> Path:
    """The file of the sessions that were ended, of the library at `location`."""
    return lock_file(location).with_suffix(".sessions")


@asynccontextmanager
async def _run(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    service.start()
    yield
    service.close()
