"""How often a client may ask: a bucket of tokens each, refilled at a steady rate."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_CLIENTS = 10_000


class RateLimit:
    """Counts requests by client; used on one event loop. Token bucket: RFC 2697, section 3."""

    def __init__(
        self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Know no client yet.

        Args:
            per_second: requests in the long run.
            burst: requests at once.
            clock: seconds since whenever.
        """
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Count a request; return 0, or the seconds to wait where there were too many."""
        client, now = _network(client), self._clock()
        tokens = self._tokens(client, now)
        self._buckets[client] = (tokens - 1 if tokens >= 1 else tokens, now)
        self._buckets.move_to_end(client)
        while len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return self._wait(tokens)

    def peek(self, client: str) -> float:
        """Return what `take` would, and count nothing."""
        return self._wait(self._tokens(_network(client), self._clock()))

    def _tokens(self, client: str, now: float) -> float:
        tokens, then = self._buckets.get(client, (float(self._burst), now))
        return min(self._burst, tokens + (now - then) * self._per_second)

    def _wait(self, tokens: float) -> float:
        return 0.0 if tokens >= 1 else (1 - tokens) / self._per_second


def _network(client: str) -> str:
    """A client of IPv6 has 2^64 addresses, which count as one."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if address.version == 4:
        return client
    return str(ipaddress.ip_network((address, 64), strict=False))
