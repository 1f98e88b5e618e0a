"""What surrounds every request: its id, guard and limits, security headers, log and metrics."""

import json
import logging
import re
import secrets
import time
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexer.times import iso_utc
from search.api.callers import caller
from search.api.errors import ABOUT, IN_LOG, Refused, error_answer, retry_after, trouble
from search.api.intake import ComingBody, Intake
from search.api.limits import RateLimit
from search.api.metrics import Metrics, Served
from search.api.page import NOT_HERE, is_for_people
from search.api.security import HEADERS, Claim, Guard
from search.api.settings import Settings

REQUEST_ID = re.compile(r"[0-9A-Za-z._-]{1,64}")
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
UNLIMITED = frozenset(("/healthz", "/readyz"))
WRONG_KEYS_A_SECOND, WRONG_KEYS = 0.1, 10
"""A client may guess the key ten times, then once every ten seconds."""

BROKEN = f"something went wrong in the server: {IN_LOG}"
GONE = 499
"""Of requests whose client left before they were here; nobody gets it. As in nginx."""

access = logging.getLogger("magpie.access")


@dataclass(slots=True)
class Exchange:
    """A request and what became of it."""

    id: str
    method: str
    path: str
    client: str
    offers_key: bool
    began: float = field(default_factory=time.perf_counter)
    status: int = 0
    bytes: int = 0
    started: bool = False
    reshaped: bool = False
    body: ComingBody | None = None

    @property
    def was_left(self) -> bool:
        """Whether the client went away before the request was here."""
        return self.body is not None and self.body.broken_off


class Frame:
    """An ASGI app around another."""

    def __init__(self, app: ASGIApp, settings: Settings, guard: Guard, metrics: Metrics) -> None:
        """Surround `app`."""
        self._app = app
        self._guard = guard
        self._metrics = metrics
        self._requests = RateLimit(settings.requests_a_second, settings.burst)
        self._wrong_keys = RateLimit(WRONG_KEYS_A_SECOND, WRONG_KEYS)
        self._proxies = settings.proxies
        self._intake = Intake(settings.intake)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        exchange = _exchange(scope, headers, caller(scope, headers, self._proxies))
        if exchange.method == "HEAD":  # a GET to the routes; the server drops the body
            # A range is for GET only: RFC 9110, section 14.2.
            rest = [one for one in scope["headers"] if one[0].lower() != b"range"]
            scope = {**scope, "method": "GET", "headers": rest, "magpie_head": True}
        scope["magpie_request"] = exchange.id
        shaped = _shaped(exchange, scope, receive, send)
        with self._intake.body(exchange.client, headers, receive) as body:
            exchange.body = body
            receive = body.receive if body else receive
            try:
                await self._answer(exchange, headers, (scope, receive, shaped))
            finally:
                self._record(exchange, scope)

    async def _answer(
        self, exchange: Exchange, headers: Headers, asgi: tuple[Scope, Receive, Send]
    ) -> None:
        try:
            self._admit(exchange, headers)
            await self._app(*asgi)
        except Refused as error:
            await _refusal(error, exchange, headers)(*asgi)
        except Exception:
            if exchange.was_left:
                return  # there is nobody to answer, and nothing is wrong here
            trouble.exception("request %s failed", exchange.id)
            if not exchange.started:
                await error_answer(500, BROKEN, exchange.id)(*asgi)

    def _admit(self, exchange: Exchange, headers: Headers) -> None:
        if exchange.path not in UNLIMITED:
            _wait(self._requests.take(exchange.client))
        if exchange.offers_key:
            _wait(self._wrong_keys.peek(exchange.client))
        self._guard.check(Claim(exchange.method, exchange.path, dict(headers)))

    def _record(self, exchange: Exchange, scope: Scope) -> None:
        if exchange.offers_key and exchange.status == 401:
            self._wrong_keys.take(exchange.client)
        seconds = time.perf_counter() - exchange.began
        if exchange.was_left:
            exchange.status = GONE
        # The route and never the path, of which clients can invent any number.
        route = getattr(scope.get("route"), "path", "none")
        method = exchange.method if exchange.method in METHODS else "other"
        self._metrics.served(Served(method, route, exchange.status, seconds))
        # Without the query: what people search for is private.
        line = {
            "time": iso_utc(time.time_ns()),
            "request": exchange.id,
            "client": exchange.client,
            "method": exchange.method,
            "path": exchange.path,
            "status": exchange.status,
            "bytes": exchange.bytes,
            "milliseconds": round(seconds * 1000, 1),
        }
        access.info(json.dumps(line, ensure_ascii=False))


def _exchange(scope: Scope, headers: Headers, client: str) -> Exchange:
    return Exchange(
        id=_request_id(headers),
        method=scope["method"],
        path=scope["path"],
        client=client,
        offers_key="authorization" in headers or scope["path"] == "/api/session",
    )


def _refusal(error: Refused, exchange: Exchange, headers: Headers) -> Response:
    if error.status == 403 and is_for_people(headers, exchange.path):
        return Response(NOT_HERE, 403, media_type="text/html")
    return error_answer(error.status, str(error), exchange.id, error.headers)


def _shaped(exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> Send:
    """Return a `send` that gives errors worded by the framework the shape of all errors."""

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            _begin(exchange, message)
        elif message["type"] == "http.response.body" and exchange.method != "HEAD":
            exchange.bytes += len(message.get("body", b""))
        await send(message)

    async def send_shaped(message: Message) -> None:
        if exchange.reshaped:
            return
        refusal = exchange.body and exchange.body.refusal
        if refusal and not exchange.started:  # which the framework may have worded its own way
            exchange.reshaped = True
            answer = error_answer(refusal.status, str(refusal), exchange.id, refusal.headers)
            await answer(scope, receive, send_on)
        elif _is_foreign(message):
            exchange.reshaped = True
            status = message["status"]
            about = ABOUT.get(status, "the request was refused")
            await error_answer(status, about, exchange.id)(scope, receive, send_on)
        else:
            await send_on(message)

    return send_shaped


def _is_foreign(message: Message) -> bool:
    if message["type"] != "http.response.start" or message["status"] < 400:
        return False
    type = MutableHeaders(scope=message).get("content-type", "")
    return not type.startswith(("application/json", "text/html"))  # of errors.py, and of page.py


def _begin(exchange: Exchange, message: Message) -> None:
    exchange.started, exchange.status = True, message["status"]
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers["x-request-id"] = exchange.id
    headers.setdefault("cache-control", "no-store")


def _request_id(headers: Headers) -> str:
    """Return the proxy's own id if there is one, so that both logs name the request alike."""
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _wait(seconds: float) -> None:
    if seconds:
        raise Refused(429, "too many requests: slow down", retry_after(seconds))
