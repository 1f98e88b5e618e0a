"""How the server runs: the options of `magpie serve`, as one record."""

import ipaddress
import os
from dataclasses import dataclass, field

from indexer.errors import BadValue
from search.api.addresses import parse_origin

LOOPBACK_HOSTS = frozenset(("localhost", "127.0.0.1", "[::1]"))
"""Host headers answered on loopback; any other name there is an attack (DNS rebinding)."""


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """What bodies may take.

    Attributes:
        bytes: of all larger bodies that are in memory at one time; a larger one comes alone.
        bodies: that may be on their way at one time.
        of_one: of these, from one client.
        silent_seconds: between two pieces of one.
        grace_seconds, bytes_a_second: a body may take the first, and the time that its bytes take
            at the second.
    """

    bytes: int = 256_000_000
    bodies: int = 64
    of_one: int = 32
    silent_seconds: float = 15.0
    grace_seconds: float = 30.0
    bytes_a_second: float = 16_000.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The administrator's choices.

    Attributes:
        host: address to listen on.
        port: to listen on; 0 = any free one.
        key: what clients must send; empty = nothing, which is allowed on loopback only.
        origins: addresses of the server behind a proxy, and of other sites whose pages may use the
            API ("https://photos.example.com").
        proxies: addresses of proxies that may say in X-Forwarded-For whom they were asked by.
        upload_bytes: maximum size of an uploaded file.
        upload_pixels: maximum number of pixels in an uploaded picture.
        requests_a_second: that one client may send in the long run.
        burst: requests that one client may send at once.
        workers: threads that work on requests.
        waiting: requests that may wait for a thread; the next one is answered with 503.
        intake: what the bodies of requests may take.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    key: str = field(default="", repr=False)
    origins: frozenset[str] = frozenset()
    proxies: frozenset[str] = frozenset()
    upload_bytes: int = 20_000_000
    upload_pixels: int = 50_000_000
    requests_a_second: float = 300.0
    burst: int = 1_000
    workers: int = 8
    waiting: int = 128
    intake: IntakeLimits = field(default_factory=IntakeLimits)

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    def check(self) -> None:
        """Refuse to open the photos to a network without a key.

        Raises:
            BadValue: there is no key, and other machines could reach the server; or an origin is
                not one.
        """
        if not self.on_loopback and not self.key:
            raise BadValue(
                f"other machines can reach {self.host!r}: set a key in MAGPIE_API_KEY, or leave "
                "out --host"
            )
        for origin in self.origins:
            if parse_origin(origin) is None:
                raise BadValue(f"origin {origin!r} is not like https://photos.example.com")


def key_from_environment() -> str:
    """Return the key that clients must send; "" if none is set."""
    return os.environ.get("MAGPIE_API_KEY", "").strip()


def is_loopback(host: str) -> bool:
    """Tell whether an address can only be reached from this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
