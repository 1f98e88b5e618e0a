"""An approximate index that follows its store: a base, and what changed since beside it.

The base is built from all photos of one time. Photos that came since are in a buffer that is
compared as a whole, those that left are masked. When too many did, a new base is built in the
background, while searches go on with the old one. All proposals are compared in full.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indexer.derived.paging import Paging
from indexer.derived.vectors import Rows, Vectors
from indexer.errors import MagpieError
from indexer.neighbours import About
from indexer.neighbours.exact import exact_nearest, ranked
from indexer.neighbours.parts.base import Base, Finder
from indexer.neighbours.parts.cell_lists import cell_lists
from indexer.neighbours.parts.cells import Cells
from indexer.neighbours.parts.cosines import Numbers
from indexer.neighbours.parts.lists import Lists, exact_lists, projected_lists
from indexer.neighbours.parts.projection import Sample, fit
from indexer.records import Matrix, Neighbour, Vector
from indexer.stores import Store

FEWEST = 20_000
"""Photos below which all are compared, which takes a few milliseconds."""

MOST_NEW, NEW_SHARE = 200, 0.02
"""So many photos and this part of the base may come and go before it is built anew."""

FEWEST_LISTS = 2000
"""Lists below which comparing with all photos costs less than choosing a projection."""

FEWEST_FOR_CELLS = 200_000
"""Photos from which on looking into cells costs less than comparing all points."""


@dataclass(frozen=True)
class View:
    """A base, and the photos as they are now.

    Attributes:
        vectors: of all photos.
        base: of an earlier time; its rows are rows of `vectors`.
    """

    vectors: Vectors
    base: Base

    @cached_property
    def newer(self) -> Rows:
        """Rows of photos that the base lacks."""
        held = np.zeros(len(self.vectors.rows), bool)
        held[self.base.rows] = True
        rows: Rows = self.vectors.places[~held[self.vectors.places]]
        return rows

    @cached_property
    def newer_points(self) -> Matrix:
        """Points of `newer`, float32, shape (m, k)."""
        return self.base.projection.points(self.vectors.rows[self.newer])

    @cached_property
    def paging(self) -> Paging:
        """What reads the rows of candidates."""
        return Paging(self.vectors.rows)

    @property
    def far(self) -> bool:
        """Whether the base should be built anew."""
        gone = len(self.base.rows) + len(self.newer) - len(self.vectors)
        return len(self.newer) + gone > MOST_NEW + NEW_SHARE * len(self.base.rows)

    def nearest(self, query: Vector, count: int) -> tuple[Neighbour, ...]:
        """See `Index.nearest`; of one query."""
        wanted = self.base.candidates(count)
        if wanted < len(self.vectors) // 4:
            rows = self._propose(query, wanted)
            if len(rows) >= count:
                with self.paging.reading(rows):
                    return ranked(self.vectors, query, rows, count)
        return exact_nearest(self.vectors, query[None], count)[0]

    def _propose(self, query: Vector, wanted: int) -> Rows:
        (point,) = self.base.projection.points(query[None])
        old = self.base.rows[self.base.finder.nearest(point, wanted)]
        new = self.newer
        if len(new) > wanted:
            new = new[np.argpartition(self.newer_points @ point, -wanted)[-wanted:]]
        rows = np.sort(np.concatenate([old, new]))  # in the order in which they lie
        alive: Rows = rows[self.vectors.at[rows] >= 0]
        return alive


class ApproximateIndex:
    """An index with a base in a file beside the store."""

    def __init__(self, store: Store, name: str, kind: type[Finder], efforts: Sequence[int]) -> None:
        """Read nothing yet.

        Args:
            store: the photos; it need not exist yet.
            name: of the engine, and of its file.
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
        """See `Index.nearest`."""
        vectors, view = self._current()
        if view is None or view.far:
            self._build_beside(vectors)
        if view is None:
            return exact_nearest(vectors, queries, count)
        return [view.nearest(query, count) for query in queries]

    def lists(self, vectors: Vectors, positions: Numbers, count: int) -> Lists:
        """See `Index.lists`."""
        many = len(positions) >= FEWEST_LISTS and len(vectors) >= FEWEST_FOR_CELLS
        view = self._current()[1] if many else None
        if view is not None and view.vectors is vectors and isinstance(view.base.finder, Cells):
            return cell_lists(vectors, positions, count, view.base, view.newer)
        return whole_lists(vectors, positions, count)

    def prepare(self) -> None:
        """See `Index.prepare`."""
        vectors, view = self._current()
        if len(vectors) >= FEWEST and (view is None or view.far):
            with self._building:
                self._build(vectors)

    def about(self) -> About:
        """See `Index.about`."""
        with self._lock:
            view = self._view
        # Not by `_current`, which may have to fetch all vectors from a server.
        base = view.base if view else Base.load(self._store.derived(self._name), self._kind)
        if base is None:
            return About("exact", self._store.photos.count(), 1.0)
        return About(self._name, len(base.rows), round(base.recall, 4), base.parameters())

    def _current(self) -> tuple[Vectors, View | None]:
        """The photos as they are now, and the view of them; None where there is no base."""
        vectors = self._store.photos.vectors()
        with self._lock:
            if vectors is not self._vectors:
                self._vectors, self._view = vectors, self._look(vectors)
            return vectors, self._view

    def _look(self, vectors: Vectors) -> View | None:
        if len(vectors) < FEWEST:
            return None
        view = _view(vectors, self._view.base) if self._view else None
        if view is None or view.far:  # another process may have built a new base
            base = Base.load(self._store.derived(self._name), self._kind)
            view = _view(vectors, base) or view
        return view

    def _build_beside(self, vectors: Vectors) -> None:
        if len(vectors) < FEWEST or not self._building.acquire(blocking=False):
            return
        # A daemon: a command that is done need not wait for it.
        threading.Thread(target=self._build_and_release, args=[vectors], daemon=True).start()

    def _build_and_release(self, vectors: Vectors) -> None:
        try:
            with suppress(MagpieError, OSError):  # the next search tries again
                self._build(vectors)
        finally:
            self._building.release()

    def _build(self, vectors: Vectors) -> None:
        base = Base.build(vectors, self._kind, self._efforts)
        with suppress(OSError):  # a full disk costs the next process time, and no answer
            base.save(self._store.derived(self._name))
        with self._lock:
            if self._vectors is not None:
                self._view = _view(self._vectors, base)


def whole_lists(vectors: Vectors, positions: Numbers, count: int) -> Lists:
    """See `Index.lists`: exact for few lists or photos, else with recall .99."""
    if len(positions) < FEWEST_LISTS or len(vectors) < FEWEST:
        return exact_lists(vectors, positions, count)
    projection, points = fit(vectors, Sample.of(vectors))
    return projected_lists(vectors, positions, count, points, projection.candidates)


def _view(vectors: Vectors, base: Base | None) -> View | None:
    """Return the view; None where the base is of other rows."""
    if base is None or base.file != vectors.file:
        return None
    if len(base.rows) and base.rows.max() >= len(vectors.rows):
        return None
    return View(vectors, base)
