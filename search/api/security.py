"""Who gets an answer: hosts, origins, the key and its session cookie."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from search.api.addresses import parse_host, parse_origin
from search.api.errors import Refused
from search.api.sessions import SESSION_SECONDS, Sessions, same
from search.api.settings import LOOPBACK_HOSTS, Settings

COOKIE = "magpie_session"

OPEN = frozenset(("/healthz", "/readyz", "/api/session"))
"""Answered without a key, like the files of the page: they say nothing about the photos."""

CLOSED = ("/api/", "/metrics", "/openapi.json", "/docs")

READING = frozenset(("GET", "HEAD", "OPTIONS"))
ASKING = frozenset(("/api/search/image", "/api/photos/zip", "/api/session"))
"""What is posted there changes nothing in the library; a session is opened with the key itself."""

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "media-src 'self'; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-site",  # Kibana shows thumbnails
}
"""Sent with every answer. Pages of other sites can neither frame, read nor embed it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says about where it comes from; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


class Guard:
    """Refuses requests that must not be answered."""

    def __init__(self, settings: Settings, ended: Path | None = None) -> None:
        """Take the administrator's choices, and the file of the sessions that were ended."""
        self._settings = settings
        self._origins = {parse_origin(origin) for origin in settings.origins}
        self._sessions = Sessions(settings.key, ended)

    def check(self, claim: Claim) -> None:
        """Do nothing if a request may be answered.

        Raises:
            Refused: a foreign host or origin, or a change that may be one's (403); no key (401).
        """
        self._check_host(claim)
        self._check_origin(claim)
        if self._settings.key and _needs_key(claim.path) and not self._is_known(claim):
            raise Refused(
                401,
                "the key is missing or wrong: send `Authorization: Bearer KEY`, or open a session "
                "with POST /api/session",
                {"WWW-Authenticate": "Bearer"},
            )
        self._check_change(claim)

    def open_session(self, key: str, secure: bool) -> str:
        """Return a cookie in exchange for the key; "" if no key is needed.

        Raises:
            Refused: the key is wrong.
        """
        if not self._settings.key:
            return ""
        if not same(key, self._settings.key):
            raise Refused(401, "the key is wrong: it is the server's MAGPIE_API_KEY")
        return set_cookie(self._sessions.begin(), SESSION_SECONDS, secure)

    def close_session(self, cookies: str, secure: bool) -> str:
        """End the session of a Cookie header, copies of it too; return an empty cookie."""
        self._sessions.end(_cookie(cookies))
        return set_cookie("", 0, secure)

    def _check_host(self, claim: Claim) -> None:
        """Refuse names that an attacker's DNS may point to this machine."""
        if not self._settings.on_loopback:
            return  # the key protects there: pages of other sites do not have it
        given = claim.headers.get("host", "")
        host = parse_host(given)
        named = host and any(origin and origin.is_at(host) for origin in self._origins)
        if not named and not (host and host.name in LOOPBACK_HOSTS):  # else behind a proxy
            raise Refused(403, f"host {given[:100]!r} is not answered here: use localhost")

    def _check_origin(self, claim: Claim) -> None:
        """Refuse pages of other sites anything but links to us."""
        given = claim.headers.get("origin")
        if given is None:
            embedded = claim.headers.get("sec-fetch-mode", "navigate") != "navigate"
            crossed = claim.headers.get("sec-fetch-site") == "cross-site"
            if embedded and crossed and not self._origins:
                raise Refused(403, "pages of other sites may not use this server")
            return
        origin, host = parse_origin(given), parse_host(claim.headers.get("host", ""))
        own = origin and host and origin.is_at(host)
        if origin is None or not (own or origin in self._origins):
            raise Refused(
                403, f"origin {given[:100]!r} is not allowed: allow it with magpie serve --origin"
            )

    def _check_change(self, claim: Claim) -> None:
        """Refuse a change that does not say that no other site asks for it.

        Browsers send Origin or Sec-Fetch-Site, which pages cannot set, and no page of another site
        has the key; a request without any of them may be a browser's that sends neither.
        """
        if claim.method in READING or claim.path in ASKING or "origin" in claim.headers:
            return
        if claim.headers.get("sec-fetch-site") != "same-origin" and not self._has_key(claim):
            raise Refused(
                403,
                "another site may have sent this: send the key, or `Sec-Fetch-Site: same-origin`",
            )

    def _is_known(self, claim: Claim) -> bool:
        cookie = _cookie(claim.headers.get("cookie", ""))
        return self._has_key(claim) or self._sessions.is_open(cookie)

    def _has_key(self, claim: Claim) -> bool:
        scheme, _, given = claim.headers.get("authorization", "").partition(" ")
        is_key = scheme.lower() == "bearer" and same(given.strip(), self._settings.key)
        return is_key and bool(self._settings.key)


def set_cookie(value: str, seconds: int, secure: bool) -> str:
    """Return a Set-Cookie header: out of reach of scripts and of other sites."""
    https = "; Secure" if secure else ""
    return f"{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{https}"


def _needs_key(path: str) -> bool:
    return path not in OPEN and path.startswith(CLOSED)


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
