"""Sessions: a cookie for pages and pictures, which cannot send the key in a header."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from search.api.addresses import parse_origin
from search.api.errors import documented
from search.api.schemas.bodies import SessionBody
from search.api.security import Guard

router = APIRouter(prefix="/api/session", tags=["session"])


@router.post("", status_code=204, response_class=Response, responses=documented())
async def open_session(request: Request, session: SessionBody) -> Response:
    """Open a session with the key; does nothing if the server has no key."""
    guard: Guard = request.app.state.guard
    cookie = guard.open_session(session.key, _is_secure(request))
    return Response(status_code=204, headers={"set-cookie": cookie} if cookie else None)


@router.delete("", status_code=204, response_class=Response, responses=documented())
async def close_session(request: Request) -> Response:
    """End the session of this browser: its cookie is worth nothing any more."""
    guard: Guard = request.app.state.guard
    cookie = guard.close_session(request.headers.get("cookie", ""), _is_secure(request))
    return Response(status_code=204, headers={"set-cookie": cookie})


def _is_secure(request: Request) -> bool:
    """Tell whether the browser uses HTTPS, perhaps through a proxy in front of us."""
    origin = parse_origin(request.headers.get("origin", ""))
    return request.url.scheme == "https" or (origin is not None and origin.scheme == "https")
