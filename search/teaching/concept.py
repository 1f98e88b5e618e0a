"""One learned word as a ranking of the library: near to the good photos, far from the bad ones."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.records import Matrix, Vector
from search.teaching.space import Space
from search.teaching.vocabulary import Lesson
from search.teaching.votes import Tally

BAD_SHARE = 0.5
"""How much of the bad photos' mean is taken off the good ones': Rocchio 1971, "Relevance feedback
in information retrieval"; best of .25, .5, .75 and 1 on one half of the categories."""

OWN_SHARE = 0.3
"""What a photo's own likeness counts; the rest is that of its stored neighbours."""

MOST_CANDIDATES = 3000
"""Photos nearest by themselves that are looked at with their neighbours."""

SAMPLE = 10_000
"""Photos whose median says what is usual."""

LEAST_UNIT = 1e-6

Numbers = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Photos that were judged alike.

    Attributes:
        ids: of the photos, in order.
        rows: their rows in the space; -1 for those outside the library.
        points: float32, shape (n, k).
        weights: float32, shape (n,), in (0, 1]: how much each counts.
    """

    ids: tuple[str, ...]
    rows: Rows
    points: Matrix
    weights: Numbers

    def nearest(self, point: Vector) -> tuple[str, float]:
        """Return the id of the example nearest to a point, and its cosine."""
        cosines = self.points @ point
        best = int(np.argmax(cosines))
        return self.ids[best], float(cosines[best])


@dataclass(frozen=True, slots=True)
class Concept:
    """What a word means among the photos of a library.

    Attributes:
        rows: candidates, rows of the space, ascending.
        scores: float32, one a candidate: 0 for a photo like any other, 1 for the best that was
            not judged, more for what was judged good.
        least: score from which a photo rather shows the word than not.
        good, bad: what it was learned from; at least one good example.
    """

    rows: Rows
    scores: Numbers
    least: float
    good: Examples
    bad: Examples


def learn(space: Space, lesson: Lesson) -> Concept | None:
    """Return the concept of a lesson; None where no good photo is at hand."""
    good, bad = gather(space, lesson)
    if not good.ids:
        return None
    nearness = space.points @ _centre(good, bad)
    rows = _candidates(space, nearness, good)
    scores = _smooth(space, rows, nearness, _correct(nearness, good, bad))
    return _scale(rows, scores, nearness, good, bad)


def gather(space: Space, lesson: Lesson) -> tuple[Examples, Examples]:
    """Return the good and the bad photos of a lesson, as far as they are at hand.

    A photo counts 1 where all users agree, and less where they do not. Clicks that look like
    mistakes are not counted less: that was measured, and helps nobody (docs/teaching.md).
    """
    tallies = lesson.tallies()
    good = _gather(space, lesson, {id: t for id, t in tallies.items() if t.good > t.bad})
    bad = _gather(space, lesson, {id: t for id, t in tallies.items() if t.bad > t.good})
    return good, bad


def _gather(space: Space, lesson: Lesson, tallies: Mapping[str, Tally]) -> Examples:
    found = []
    for id, tally in tallies.items():
        row, upload = space.row(id), lesson.uploads.get(id)
        if row is not None:
            found.append((id, row, space.points[row], tally.weight))
        elif upload is not None:
            found.append((id, -1, space.point(upload.vector, upload.labels), tally.weight))
    points = [point for _, _, point, _ in found]
    return Examples(
        ids=tuple(id for id, *_ in found),
        rows=np.array([row for _, row, *_ in found], np.int64),
        points=np.array(points, np.float32).reshape(len(found), space.points.shape[1]),
        weights=np.array([weight for *_, weight in found], np.float32),
    )


def _centre(good: Examples, bad: Examples) -> Vector:
    centre = good.weights @ good.points / good.weights.sum()
    if bad.ids:
        centre = centre - BAD_SHARE * (bad.weights @ bad.points) / len(bad.ids)
    return np.asarray(centre, np.float32)


def _candidates(space: Space, nearness: Numbers, good: Examples) -> Rows:
    """The nearest photos, and the stored neighbours of the good ones."""
    if len(nearness) <= MOST_CANDIDATES:
        return np.arange(len(nearness))
    nearest = np.argpartition(-nearness, MOST_CANDIDATES)[:MOST_CANDIDATES]
    inside = good.rows[good.rows >= 0]
    around = space.near[inside].ravel()
    return np.unique(np.concatenate([nearest, inside, around[around >= 0]]))


def _correct(nearness: Numbers, good: Examples, bad: Examples) -> Numbers:
    """What photos lend to their neighbours: good ones as much as the best, bad ones nothing."""
    lent = nearness.copy()
    for judged, aim in ((good, _best(nearness, good)), (bad, 0.0)):
        inside = judged.rows >= 0
        rows, weights = judged.rows[inside], judged.weights[inside]
        wanted = np.maximum(lent[rows], aim) if judged is good else np.minimum(lent[rows], aim)
        lent[rows] += weights * (wanted - lent[rows])
    return lent


def _best(nearness: Numbers, good: Examples) -> float:
    inside = good.rows[good.rows >= 0]
    return float(nearness[inside].max()) if len(inside) else 0.0


def _smooth(space: Space, rows: Rows, nearness: Numbers, lent: Numbers) -> Numbers:
    """Mix each photo's nearness with that of its neighbours, by their weights.

    Photos without stored neighbours have their own alone.
    """
    near, weights = space.near[rows], space.weights[rows]
    around = np.einsum("ij,ij->i", weights, lent[near])  # row -1 has weight 0
    linked = weights.any(1)
    mixed = OWN_SHARE * nearness[rows] + (1 - OWN_SHARE) * around
    smooth: Numbers = np.where(linked, mixed, nearness[rows])
    return smooth


def _scale(
    rows: Rows, scores: Numbers, nearness: Numbers, good: Examples, bad: Examples
) -> Concept:
    """Make 0 of a photo like any other, and 1 of the best that was not judged."""
    zero = np.median(nearness[:: max(1, len(nearness) // SAMPLE)])
    judged = np.isin(rows, np.concatenate([good.rows, bad.rows]))
    fresh = scores[~judged] if not judged.all() else scores
    unit = max(float(fresh.max() - zero), LEAST_UNIT)
    scaled = ((scores - zero) / unit).clip(0).astype(np.float32)
    known = scaled[np.isin(rows, good.rows)]
    return Concept(rows, scaled, float(np.median(known)) / 2 if len(known) else 0.5, good, bad)
