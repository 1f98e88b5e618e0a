"""Metrics for Prometheus: one registry per app, so that several apps count separately."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from indexer.errors import MagpieError
from search.api.pool import Pool
from search.library import Library

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10)
"""Seconds; the promised response times (40, 60 and 150 ms) are bucket bounds."""


@dataclass(frozen=True, slots=True)
class Served:
    """A request that was answered: method, route ("/api/photos/{id}"), status, seconds."""

    method: str
    route: str
    status: int
    seconds: float


class Metrics:
    """Counts what the server does. One object serves all threads."""

    def __init__(self, library: Library, pools: Mapping[str, Pool]) -> None:
        """Count nothing yet."""
        self._registry = registry = CollectorRegistry()
        self._requests = Histogram(
            "magpie_request_seconds",
            "Time to answer a request",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._seeing = Histogram(
            "magpie_network_seconds",
            "Time that the vision network takes for an uploaded picture",
            buckets=BUCKETS,
            registry=registry,
        )
        self._taught = Counter(
            "magpie_feedback_events",
            "Events taught through this server",
            ["kind"],
            registry=registry,
        )
        self._gauge_library(library)
        self._gauge_pools(pools)

    def _gauge_library(self, library: Library) -> None:
        for name, about, read in (
            ("magpie_photos", "Photos in the library", library.count_photos),
            ("magpie_store_bytes", "Size of the store", library.count_bytes),
            ("magpie_events", "Events in the history", library.count_events),
        ):
            Gauge(name, about, registry=self._registry).set_function(_number(read))

    def _gauge_pools(self, pools: Mapping[str, Pool]) -> None:
        waiting = Gauge(
            "magpie_pending",
            "Work that is running or waiting for a thread",
            ["pool"],
            registry=self._registry,
        )
        for name, pool in pools.items():
            waiting.labels(name).set_function(lambda pool=pool: pool.pending)  # type: ignore[misc]

    def served(self, request: Served) -> None:
        """Count an answered request."""
        labels = (request.method, request.route, str(request.status))
        self._requests.labels(*labels).observe(request.seconds)

    def taught(self, kind: str) -> None:
        """Count an event."""
        self._taught.labels(kind).inc()

    @contextmanager
    def seeing(self) -> Iterator[None]:
        """Time the vision network."""
        with self._seeing.time():
            yield

    def text(self) -> bytes:
        """Return all metrics in Prometheus's text format; queries the store."""
        return generate_latest(self._registry)


def _number(read: Callable[[], int]) -> Callable[[], float]:
    def number() -> float:
        try:
            return float(read())
        except MagpieError:  # a store that is away has no size
            return math.nan

    return number
