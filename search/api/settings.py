"""How the API runs: what `magpie serve` was told, as one record."""

import ipaddress
import os
from dataclasses import dataclass, field

from indexer.errors import BadValue

PORT = 8000
LOOPBACK_HOSTS = frozenset(("localhost", "127.0.0.1", "[::1]"))
"""Host headers that are answered on loopback; another name there is an attack (DNS rebinding)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices of whoever runs the server.

    Attributes:
        host: address to listen on.
        key: what clients must know; empty: nothing, which is for loopback only.
        origins: addresses of the server behind a proxy, and of other sites whose pages may use the
            API ("https://photos.example.com").
        upload_bytes: size of an uploaded file at most.
        upload_pixels: pixels of an uploaded picture at most.
        requests_a_second: of one client, in the long run.
        burst: requests of one client at once.
        workers: threads that work on requests.
        waiting: requests that may wait for a thread; one more is answered with 503.
    """

    host: str = "127.0.0.1"
    key: str = field(default="", repr=False)
    origins: frozenset[str] = frozenset()
    upload_bytes: int = 20_000_000
    upload_pixels: int = 50_000_000
    requests_a_second: float = 300.0
    burst: int = 1_000
    workers: int = 8
    waiting: int = 128

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    def check(self) -> None:
        """Refuse to open photos to a network without a key.

        Raises:
            BadValue: no key, and other machines could reach the server.
        """
        if not self.on_loopback and not self.key:
            raise BadValue(
                f"{self.host!r} can be reached by other machines: set a key in MAGPIE_API_KEY, "
                "or leave --host out"
            )


def key_of_environment() -> str:
    """Return the key that clients must know; "" where none is set."""
    return os.environ.get("MAGPIE_API_KEY", "").strip()


def is_loopback(host: str) -> bool:
    """Tell whether an address to listen on is of this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
