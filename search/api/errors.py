"""All errors of the API, in one shape: `{"error": {"code", "message", "request_id"}}`."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from indexer.errors import (
    BadValue,
    Conflict,
    MagpieError,
    NotFound,
    NotNow,
    ReadOnly,
    StoreAway,
    Unreadable,
)

RETRY_SECONDS = 2
CODES = {
    400: "bad_value",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "bad_method",
    408: "too_slow",
    409: "conflict",
    413: "too_large",
    415: "not_an_image",
    416: "bad_value",
    422: "wrong_shape",
    429: "too_many",
    500: "internal",
    503: "unavailable",
}
READ_ONLY = "read_only"
"""Code of a 403 that is due to the library, and not to where the request comes from."""

KINDS: tuple[tuple[type[MagpieError], int], ...] = (
    (NotNow, 503),
    (Unreadable, 415),
    (NotFound, 404),
    (Conflict, 409),
    (ReadOnly, 403),
    (StoreAway, 503),
    (BadValue, 400),
)
"""Status of each kind of error; the first match counts."""


IN_LOG = "the server's log has it under this request id"

trouble = logging.getLogger("magpie.serve")


class Refused(Exception):
    """A request refused for a reason that only exists over HTTP."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})


class Busy(Refused):
    """The server has more work waiting than it accepts."""

    def __init__(self) -> None:
        super().__init__(503, "the server is busy: try again in a moment", retry_after())


class ErrorText(BaseModel):
    """What was wrong, with which value, and what to do."""

    code: str = Field(description="One word, for programs", examples=["not_found"])
    message: str = Field(description="One line, for people", examples=["no photo '12ab': ..."])
    request_id: str = Field(
        description="Identifies the request in the server's log", examples=["9f8e7d6c5b4a3f2e"]
    )


class ErrorAnswer(BaseModel):
    """The shape of all errors."""

    error: ErrorText


ABOUT = {
    400: "A value that cannot work",
    401: "The key is missing or wrong",
    403: "The Host or Origin header names another site, or the library is read-only",
    404: "Unknown id, word or event, or nothing is indexed yet",
    409: "The request conflicts with what the store holds",
    413: "Too large",
    415: "Not a picture",
    416: "The file has none of the bytes that Range asks for",
    422: "A parameter or the body has the wrong shape",
    429: "Too many requests from one client; Retry-After says when to continue",
    503: "The store is unavailable or the server is busy; Retry-After says when to try again",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the errors of a route for OpenAPI, including those that any route may answer with."""
    always = (401, 403, 409, 422, 429, 503)
    return {
        status: {"model": ErrorAnswer, "description": ABOUT[status]}
        for status in sorted({*always, *statuses})
    }


def error_answer(
    status: int,
    message: str,
    request: str,
    headers: Mapping[str, str] | None = None,
    code: str | None = None,
) -> Response:
    """Return an error in the shape of all errors; the status tells the code unless one is given."""
    code = code or CODES.get(status, "failed")
    text = {"code": code, "message": message, "request_id": request}
    body = json.dumps({"error": text}, ensure_ascii=False)
    return Response(body, status, dict(headers or {}), "application/json")


def retry_after(seconds: float = RETRY_SECONDS) -> dict[str, str]:
    """Return the header that says when to try again, in seconds from now."""
    return {"Retry-After": str(max(1, round(seconds)))}


def add_handlers(app: FastAPI) -> None:
    """Give every error raised by a route the shape of all errors."""
    app.add_exception_handler(MagpieError, _magpie)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _wrong_shape)
    app.add_exception_handler(HTTPException, _http)


async def _magpie(request: Request, error: Exception) -> Response:
    status = next((status for kind, status in KINDS if isinstance(error, kind)), 500)
    if status == 500:
        trouble.error("request %s failed: %s", request.scope["magpie_request"], error)
        return _answer(request, status, f"{error}; {IN_LOG}")
    code = READ_ONLY if isinstance(error, ReadOnly) else None
    return _answer(request, status, str(error), retry_after() if status == 503 else {}, code)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return _answer(request, error.status, str(error), error.headers)


async def _wrong_shape(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return _answer(request, 422, "the body is not JSON: send an object as shown in /docs")
    place = ".".join(str(part) for part in first["loc"])
    return _answer(request, 422, f"{place}: {first['msg']}")


async def _http(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses: an unknown path, a wrong method."""
    assert isinstance(error, HTTPException)
    messages = {
        404: f"there is no {request.url.path!r}: /docs lists all routes",
        405: f"{request.url.path!r} does not take {request.method}: see /docs",
        400: f"the request cannot be read ({error.detail})",
    }
    message = messages.get(error.status_code, str(error.detail))
    return _answer(request, error.status_code, message, error.headers)


def _answer(
    request: Request,
    status: int,
    message: str,
    headers: Mapping[str, str] | None = None,
    code: str | None = None,
) -> Response:
    return error_answer(status, message, request.scope["magpie_request"], headers, code)
