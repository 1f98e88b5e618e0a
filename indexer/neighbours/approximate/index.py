"""An approximate index that follows its store: a base, and beside it what changed since.

The base is built from all photos of one time. Photos that came since are compared one and all,
those that left are masked. When too many came or left, a new base is built in the background while
searches go on with the old one. Whatever is proposed is compared in full.
"""

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace

from indexer.derived.rows_at_hand import rows_at_hand
from indexer.derived.vectors import Vectors
from indexer.errors import MagpieError
from indexer.neighbours import About
from indexer.neighbours.approximate.base import Base
from indexer.neighbours.approximate.finder import PointFinder
from indexer.neighbours.approximate.grouped_lists import grouped_lists
from indexer.neighbours.approximate.projection import Sample, fit
from indexer.neighbours.approximate.view import View
from indexer.neighbours.comparing.cosines import Numbers
from indexer.neighbours.comparing.lists import Lists, exact_lists, projected_lists
from indexer.neighbours.exact import exact_nearest
from indexer.records import Matrix, Neighbour
from indexer.stores import Store

FEWEST = 20_000
"""With fewer photos all are compared, which takes a few milliseconds."""

FEWEST_LISTS = 2000
"""Fewer lists are computed by comparing with all photos, which costs less than a projection."""

FEWEST_FOR_GROUPS = 40_000
"""With this many photos, comparing group by group costs less than comparing all points."""

READ_AGAIN = 16
"""Vectors are copied to where they are read sooner if lists of one photo in this many are wanted:
each list takes some dozens of vectors, which others take too."""


class ApproximateIndex:
    """An index with a base in a file beside the store."""

    def __init__(
        self, store: Store, name: str, kind: type[PointFinder], efforts: Sequence[int]
    ) -> None:
        """Read nothing yet.

        Args:
            store: the photos; it need not exist yet.
            name: of the index, and of its file.
            kind: of finder that the base has.
            efforts: how much a search may look at, ascending; chosen when the base is built.
        """
        self._store = store
        self._name = name
        self._kind = kind
        self._efforts = efforts
        self._lock = threading.Lock()
        self._building = threading.Lock()
        self._vectors: Vectors | None = None
        self._view: View | None = None

    def nearest(self, queries: Matrix, count: int) -> list[tuple[Neighbour, ...]]:
        """Return the nearest photos by the base, or by comparing with all while there is none."""
        vectors, view = self._current()
        if view is None or view.outdated:
            self._build_in_background(vectors)
        if view is None:
            return exact_nearest(vectors, queries, count)
        return [view.nearest(query, count) for query in queries]

    def lists(self, vectors: Vectors, positions: Numbers, count: int) -> Lists:
        """Return many lists of a large library group by group, if the finder has groups."""
        many = len(positions) >= FEWEST_LISTS and len(vectors) >= FEWEST_FOR_GROUPS
        view = self._current()[1] if many else None
        with self._at_hand(vectors, len(positions)) as held:
            if view is not None and view.vectors is vectors and view.base.finder.groups is not None:
                of_held = replace(view, vectors=held)
                return grouped_lists(of_held, view.base.finder.groups, positions, count)
            return whole_lists(held, positions, count)

    def _at_hand(self, vectors: Vectors, lists: int) -> AbstractContextManager[Vectors]:
        """Enclose the work on some lists; give vectors that are read as often as that needs."""
        if lists >= FEWEST_LISTS and len(vectors) >= FEWEST and READ_AGAIN * lists >= len(vectors):
            return rows_at_hand(vectors, self._store.derived(self._name).parent)
        return nullcontext(vectors)

    def prepare(self) -> None:
        """Build the base if it is missing or outdated and the library large enough."""
        vectors, view = self._current()
        if len(vectors) >= FEWEST and (view is None or view.outdated):
            with self._building:
                self._build(vectors)

    def about(self) -> About:
        """Tell of the base; of the exact index while there is none."""
        with self._lock:
            view = self._view
        # Not through `_current`, which may have to fetch all vectors from a server.
        base = view.base if view else self._load()
        if base is None:
            return About("exact", self._store.photos.count(), 1.0)
        return About(self._name, len(base.rows), round(base.recall, 4), base.parameters())

    def _load(self) -> Base | None:
        return Base.load(self._store.derived(self._name), self._kind)

    def _current(self) -> tuple[Vectors, View | None]:
        """The photos as they are now, and the view of them; None if there is no base."""
        vectors = self._store.photos.vectors()
        with self._lock:
            if vectors is not self._vectors:
                self._vectors, self._view = vectors, self._look(vectors)
            return vectors, self._view

    def _look(self, vectors: Vectors) -> View | None:
        if len(vectors) < FEWEST:
            return None
        view = View.of(vectors, self._view.base) if self._view else None
        if view is None or view.outdated:  # another process may have built a new base
            view = View.of(vectors, self._load()) or view
        return view

    def _build_in_background(self, vectors: Vectors) -> None:
        if len(vectors) < FEWEST or not self._building.acquire(blocking=False):
            return
        # A daemon thread, so that a command that is done need not wait for it.
        threading.Thread(target=self._build_and_release, args=[vectors], daemon=True).start()

    def _build_and_release(self, vectors: Vectors) -> None:
        try:
            with suppress(MagpieError, OSError):  # the next search tries again
                self._build(vectors)
        finally:
            self._building.release()

    def _build(self, vectors: Vectors) -> None:
        base = Base.build(vectors, self._kind, self._efforts)
        with suppress(OSError):  # on a full disk the next process builds again; answers stay right
            base.save(self._store.derived(self._name))
        with self._lock:
            if self._vectors is not None:
                self._view = View.of(self._vectors, base)


def whole_lists(vectors: Vectors, positions: Numbers, count: int) -> Lists:
    """Return neighbour lists, exact for few lists or photos, else with a recall of .99."""
    if len(positions) < FEWEST_LISTS or len(vectors) < FEWEST:
        return exact_lists(vectors, positions, count)
    projection, points = fit(vectors, Sample.of(vectors))
    return projected_lists(vectors, positions, count, points, projection.candidates)
