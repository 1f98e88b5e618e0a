"""Who gets an answer: hosts, origins, the key and its session cookie."""

import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from search.api.errors import Refused
from search.api.settings import LOOPBACK_HOSTS, Settings

COOKIE = "magpie_session"
SESSION_SECONDS = 30 * 24 * 3600

OPEN = frozenset(("/healthz", "/readyz", "/api/session"))
"""Answered without a key, like the files of the page: they say nothing about the photos."""

CLOSED = ("/api/", "/metrics", "/openapi.json", "/docs")

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
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

    def __init__(self, settings: Settings) -> None:
        """Take the administrator's choices."""
        self._settings = settings

    def check(self, claim: Claim) -> None:
        """Do nothing if a request may be answered.

        Raises:
            Refused: a foreign host or origin (403), or no key (401).
        """
        self._check_host(claim)
        self._check_origin(claim)
        if self._settings.key and _needs_key(claim.path) and not self._has_key(claim):
            raise Refused(
                401,
                "the key is missing or wrong: send `Authorization: Bearer KEY`, or open a session "
                "with POST /api/session",
                {"WWW-Authenticate": "Bearer"},
            )

    def open_session(self, key: str, secure: bool) -> str:
        """Return a cookie in exchange for the key; "" if no key is needed.

        Raises:
            Refused: the key is wrong.
        """
        if not self._settings.key:
            return ""
        if not _same(key, self._settings.key):
            raise Refused(401, "the key is wrong: it is the server's MAGPIE_API_KEY")
        ends = str(int(time.time()) + SESSION_SECONDS)
        return set_cookie(f"{ends}.{self._sign(ends)}", SESSION_SECONDS, secure)

    def _check_host(self, claim: Claim) -> None:
        """Refuse names that an attacker's DNS may point to this machine."""
        if not self._settings.on_loopback:
            return  # the key protects there: pages of other sites do not have it
        host = claim.headers.get("host", "")
        named = host.lower() in map(host_of, self._settings.origins)  # behind a proxy
        if not named and _without_port(host).lower() not in LOOPBACK_HOSTS:
            raise Refused(403, f"host {host[:100]!r} is not answered here: use localhost")

    def _check_origin(self, claim: Claim) -> None:
        """Refuse pages of other sites anything but links to us."""
        origin, host = claim.headers.get("origin"), claim.headers.get("host", "")
        if origin is None:
            embedded = claim.headers.get("sec-fetch-mode", "navigate") != "navigate"
            crossed = claim.headers.get("sec-fetch-site") == "cross-site"
            if embedded and crossed and not self._settings.origins:
                raise Refused(403, "pages of other sites may not use this server")
        elif host_of(origin) != host.lower() and origin not in self._settings.origins:
            raise Refused(
                403, f"origin {origin[:100]!r} is not allowed: allow it with magpie serve --origin"
            )

    def _has_key(self, claim: Claim) -> bool:
        scheme, _, given = claim.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and given:
            return _same(given.strip(), self._settings.key)
        ends, _, signature = _cookie(claim.headers.get("cookie", "")).partition(".")
        signed = _same(signature, self._sign(ends))
        return signed and ends.isdigit() and int(ends) > time.time()

    def _sign(self, ends: str) -> str:
        key = self._settings.key.encode()
        return hmac.new(key, f"session until {ends}".encode(), hashlib.sha256).hexdigest()


def set_cookie(value: str, seconds: int, secure: bool) -> str:
    """Return a Set-Cookie header: out of reach of scripts and of other sites."""
    https = "; Secure" if secure else ""
    return f"{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{https}"


def host_of(origin: str) -> str:
    """Return host and port of an origin; "" where it has none ("null")."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _needs_key(path: str) -> bool:
    return path not in OPEN and path.startswith(CLOSED)


def _same(given: str, wanted: str) -> bool:
    """Compare in a time that reveals nothing about either, not even its length."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode("utf-8", "replace")).digest(),
        hashlib.sha256(wanted.encode("utf-8", "replace")).digest(),
    )


def _without_port(host: str) -> str:
    end = host.rfind("]") + 1  # [::1]:8000
    return host[:end] if end else host.partition(":")[0]


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
