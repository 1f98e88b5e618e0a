"""How often a client may send requests: a bucket of tokens each, refilled at a steady rate."""

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
            clock: seconds since any fixed moment.
        """
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Count a request; return 0, or the seconds to wait if there were too many."""
        client, now = network_of(client), self._clock()
        tokens = self._tokens(client, now)
        self._buckets[client] = (tokens - 1 if tokens >= 1 else tokens, now)
        self._buckets.move_to_end(client)
        while len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return self._wait(tokens)

    def peek(self, client: str) -> float:
        """Return what `take` would return, without counting."""
        return self._wait(self._tokens(network_of(client), self._clock()))

    def _tokens(self, client: str, now: float) -> float:
        tokens, then = self._buckets.get(client, (float(self._burst), now))
        return min(self._burst, tokens + (now - then) * self._per_second)

    def _wait(self, tokens: float) -> float:
        return 0.0 if tokens >= 1 else (1 - tokens) / self._per_second


def network_of(client: str) -> str:
    """Return what counts as one client: with IPv6, all 2^64 addresses of its network."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if address.version == 4:
        return client
    return str(ipaddress.ip_network((address, 64), strict=False))
