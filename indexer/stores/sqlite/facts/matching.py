"""Which photos of a label matrix the conditions of filters hold for."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from indexer.filters import (
    AtLeast,
    AtPlace,
    Condition,
    Dated,
    Exactly,
    FileNamed,
    InFolder,
    Near,
    OfFormat,
    Orientation,
    Oriented,
    Taken,
    TakenWith,
    spellings,
)
from indexer.stores.sqlite.facts.columns import FactColumns, Rows, Truths
from indexer.stores.sqlite.labels.matrix import LabelMatrix

SHAPES: dict[Orientation, Callable[[Rows, Rows], Truths]] = {
    "portrait": np.greater,
    "landscape": np.less,
    "square": np.equal,
}
"""What holds for heights and widths."""

MOST_REMEMBERED = 16
"""Conditions whose photos are remembered: pages of one search, and what several searches share."""


@dataclass(frozen=True, slots=True)
class FactSnapshot:
    """All facts in one state of the store.

    Attributes:
        saved: those of the file, of this state or of an earlier one.
        recent: of photos that were written since, in place of those in `saved`.
        since: the write that `saved` is of.
    """

    saved: FactColumns
    recent: FactColumns
    since: int


@dataclass(frozen=True)
class AlignedFacts:
    """Facts of the photos of a label matrix, in its order, which stays while both do.

    Attributes:
        facts: all facts.
        rows: for each photo of the matrix, its row in `facts`; -1 where it has none.
    """

    facts: FactColumns
    rows: Rows

    @classmethod
    def of(cls, matrix: LabelMatrix, facts: FactColumns) -> "AlignedFacts":
        """Find the photos of a matrix."""
        return cls(facts, facts.rows_of(matrix.ids, matrix.order))

    @cached_property
    def found(self) -> Rows:
        """The photos of the matrix that have facts."""
        return np.flatnonzero(self.rows >= 0)

    @cached_property
    def _ordered(self) -> FactColumns:
        """Facts that are one number a photo, in the order of the matrix.

        Those of photos that have none are another photo's.
        """
        names = (
            *("taken", "dated", "widths", "heights", "formats", "cameras"),
            *("places", "latitudes", "longitudes"),
        )
        return replace(self.facts, **{name: getattr(self.facts, name)[self.rows] for name in names})

    def holding(self, condition: Condition) -> Truths:
        """Tell for which photos of the matrix a condition holds."""
        if len(self.found) == 0:
            return np.zeros(len(self.rows), bool)
        if _is_of_paths(condition):
            holds = _holds(condition, self.facts)[self.rows]
        else:
            holds = _holds(condition, self._ordered)
        return holds if len(self.found) == len(self.rows) else holds & (self.rows >= 0)


@dataclass(frozen=True)
class MatrixFacts:
    """The facts of the photos of a label matrix.

    Attributes:
        saved: those in the saved columns.
        recent: those that were written since, in place of saved ones.
    """

    saved: AlignedFacts
    recent: AlignedFacts
    _known: dict[Condition, Truths] = field(default_factory=dict)

    def holding(self, condition: Condition) -> Truths:
        """Tell for which photos a condition holds; for none that has no facts."""
        found = self._known.get(condition)
        if found is None:
            found = self.saved.holding(condition)
            changed = self.recent.found
            if len(changed):
                found[changed] = self.recent.holding(condition)[changed]
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[condition] = found
        return found

    def split(self, rows: Rows) -> list[tuple[FactColumns, Rows]]:
        """Return columns, and in which rows of them the facts of some photos are, if anywhere."""
        recent = self.recent.rows[rows]
        older = self.saved.rows[rows[recent < 0]]
        return [
            (self.saved.facts, older[older >= 0]),
            (self.recent.facts, recent[recent >= 0]),
        ]

    def taken(self, rows: Rows) -> NDArray[np.int64]:
        """Return when some photos of the matrix were taken: see `FactColumns.taken`."""
        times = np.full(len(rows), np.iinfo(np.int64).min)
        for part in (self.saved, self.recent):
            own = part.rows[rows]
            known = np.flatnonzero(own >= 0)
            times[known] = part.facts.taken[own[known]]
        return times


def _is_of_paths(condition: Condition) -> bool:
    match condition:
        case InFolder() | FileNamed() | Exactly("folder", _):
            return True
        case _:
            return False


def _holds(condition: Condition, facts: FactColumns) -> Truths:
    match condition:
        case Taken(first, before):
            from_, to = _milliseconds(first, -1), _milliseconds(before, 1)
            return (facts.taken >= from_) & (facts.taken < to)
        case Dated():
            return facts.dated
        case TakenWith(text):
            return facts.with_camera(list(spellings(text)))
        case InFolder() | FileNamed():
            return _of_paths(condition, facts)
        case OfFormat(format_):
            return facts.of_format(format_)
        case AtLeast() | Oriented():
            return _of_size(condition, facts)
        case AtPlace(text):
            return facts.at_place(list(spellings(text)))
        case Exactly(fact, name):
            return facts.exactly(fact, name)
        case Near(latitude, longitude, kilometres):
            return facts.near(latitude, longitude, kilometres)
        case _:
            assert_never(condition)


def _of_paths(condition: InFolder | FileNamed, facts: FactColumns) -> Truths:
    forms = list(spellings(condition.text))
    return facts.in_folder(forms) if isinstance(condition, InFolder) else facts.named(forms)


def _of_size(condition: AtLeast | Oriented, facts: FactColumns) -> Truths:
    match condition:
        case AtLeast(side, pixels):
            return (facts.widths if side == "width" else facts.heights) >= pixels
        case Oriented(shape):
            return SHAPES[shape](facts.heights, facts.widths)


def _milliseconds(day: str | None, side: int) -> int:
    """Milliseconds from 1970 to the start of a day; without one, before or after all of them."""
    if day is None:
        return side * np.iinfo(np.int64).max
    return int(np.datetime64(day, "ms").astype(np.int64))
