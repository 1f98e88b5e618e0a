"""Sessions: a cookie for pages and pictures, which cannot send the key in a header."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from search.api.bodies import Session
from search.api.errors import documented
from search.api.security import Guard, set_cookie

router = APIRouter(prefix="/api/session", tags=["session"])


@router.post("", status_code=204, response_class=Response, responses=documented())
async def open_session(request: Request, session: Session) -> Response:
    """Open a session with the key; where the server has none, nothing is needed."""
    guard: Guard = request.app.state.guard
    cookie = guard.open_session(session.key, _is_secure(request))
    return Response(status_code=204, headers={"set-cookie": cookie} if cookie else None)


@router.delete("", status_code=204, response_class=Response, responses=documented())
async def close_session(request: Request) -> Response:
    """End the session of this browser."""
    return Response(status_code=204, headers={"set-cookie": set_cookie("", 0, _is_secure(request))})


def _is_secure(request: Request) -> bool:
    """Whether the browser speaks HTTPS, perhaps to a proxy before us."""
    origin = request.headers.get("origin", "")
    return request.url.scheme == "https" or origin.startswith("https://")
