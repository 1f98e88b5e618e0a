"""One learned word as a ranking of the library: near the good photos, far from the bad ones."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.records import Matrix, Vector
from search.teaching.space import Space, nearness
from search.teaching.vocabulary import Lesson
from search.teaching.votes import Tally

BAD_SHARE = 0.5
"""How much of the bad photos' mean is subtracted from the good ones': Rocchio 1971, "Relevance
feedback in information retrieval"; best of .25, .5, .75 and 1 on one half of the categories."""

OWN_SHARE = 0.3
"""What a photo's own nearness counts; the rest is that of its stored neighbours."""

MOST_CANDIDATES, MOST_FOUND = 1000, 500
"""Photos nearest by themselves whose neighbours count too: where all points are compared, and where
an index finds them."""

FEW_JUDGED = 5
LIKELY_BY_FEW, LIKELY = 0.9, 1.35
"""What `Concept.least` is taken times for likely photos, chosen on 20 taught words: judged photos
lend to each other, so that half of a good one's score is too little."""

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

    def nearest(self, points: Matrix) -> list[tuple[str, float]]:
        """Return the id of the example nearest to each point, and its cosine."""
        cosines = points @ self.points.T
        best = np.argmax(cosines, axis=1)
        near = np.take_along_axis(cosines, best[:, None], 1)[:, 0].tolist()
        return [(self.ids[row], cosine) for row, cosine in zip(best, near, strict=True)]


@dataclass(frozen=True, slots=True)
class Concept:
    """What a word means among the photos of a library.

    Attributes:
        rows: candidates, rows of the space, ascending.
        scores: float32, shape (len(rows),): 0 for a photo like any other, 1 for the best that was
            not judged, more for what was judged good.
        least: score from which a photo is more likely to show the word than not.
        good, bad: what it was learned from; at least one good example.
    """

    rows: Rows
    scores: Numbers
    least: float
    good: Examples
    bad: Examples

    @property
    def likely(self) -> float:
        """Score from which a photo is called likely: higher where more photos were judged."""
        is_few = len(self.good.ids) + len(self.bad.ids) < FEW_JUDGED
        return self.least * (LIKELY_BY_FEW if is_few else LIKELY)


def learn(space: Space, lesson: Lesson, doubted: frozenset[str] = frozenset()) -> Concept | None:
    """Return the concept of a lesson; None where no good photo is available.

    Nothing is learned from the photos that are `doubted` to be bad.
    """
    good, bad = gather(space, lesson, doubted)
    if not good.ids or not len(space):
        return None
    centre = _centre(good, bad)
    rows = _candidates(space, centre, good)
    reach = np.unique(np.concatenate([rows, space.near[rows].ravel(), good.rows, bad.rows]))
    reach = reach[reach >= 0]
    own = nearness(space.take(reach), centre)
    scores = _smooth(space, rows, reach, own, _correct(reach, own, good, bad))
    return _scale(rows, scores, float(np.median(nearness(space.usual, centre))), good, bad)


def gather(
    space: Space, lesson: Lesson, doubted: frozenset[str] = frozenset()
) -> tuple[Examples, Examples]:
    """Return the good and the bad photos of a lesson, as far as they are available.

    Those that are `doubted` are left out. A photo counts 1 where all users agree, and less where
    they do not.
    """
    tallies = lesson.tallies()
    good = _gather(space, lesson, {id: t for id, t in tallies.items() if t.is_good})
    bad = _gather(
        space, lesson, {id: t for id, t in tallies.items() if t.is_bad and id not in doubted}
    )
    return good, bad


def _gather(space: Space, lesson: Lesson, tallies: Mapping[str, Tally]) -> Examples:
    found = zip(tallies, space.rows(list(tallies)).tolist(), strict=True)
    rows = {id: row for id, row in found if row >= 0}
    outside = [id for id in tallies if id not in rows and id in lesson.uploads]
    uploads = [lesson.uploads[id] for id in outside]
    inside = np.fromiter(rows.values(), np.int64, len(rows))
    points = [space.take(inside), *(space.point(one.vector, one.labels)[None] for one in uploads)]
    ids = (*rows, *outside)
    return Examples(
        ids=ids,
        rows=np.concatenate([inside, np.full(len(outside), -1, np.int64)]),
        points=np.concatenate(points),
        weights=np.array([tallies[id].weight for id in ids], np.float32),
    )


def _centre(good: Examples, bad: Examples) -> Vector:
    centre = good.weights @ good.points / good.weights.sum()
    if bad.ids:
        centre = centre - BAD_SHARE * (bad.weights @ bad.points) / len(bad.ids)
    return np.asarray(centre, np.float32)


def _candidates(space: Space, centre: Vector, good: Examples) -> Rows:
    """The nearest photos, and the stored neighbours of the good ones; rows ascend."""
    inside = good.rows[good.rows >= 0]
    around: Rows = space.near[inside].ravel().astype(np.int64)
    nearest = space.around(centre, MOST_FOUND if space.index else MOST_CANDIDATES)
    return np.unique(np.concatenate([nearest, inside, around[around >= 0]]))


def _correct(reach: Rows, own: Numbers, good: Examples, bad: Examples) -> Numbers:
    """What photos lend to their neighbours: good ones as much as the best, bad ones nothing."""
    lent = own.copy()
    for judged, aim in ((good, _best(reach, own, good)), (bad, 0.0)):
        inside = judged.rows >= 0
        at, weights = np.searchsorted(reach, judged.rows[inside]), judged.weights[inside]
        wanted = np.maximum(lent[at], aim) if judged is good else np.minimum(lent[at], aim)
        lent[at] += weights * (wanted - lent[at])
    return lent


def _best(reach: Rows, own: Numbers, good: Examples) -> float:
    inside = good.rows[good.rows >= 0]
    return float(own[np.searchsorted(reach, inside)].max()) if len(inside) else 0.0


def _smooth(space: Space, rows: Rows, reach: Rows, own: Numbers, lent: Numbers) -> Numbers:
    """Mix each photo's own nearness with that of its neighbours, by their weights.

    Photos without stored neighbours have their own alone.
    """
    near, weights = np.searchsorted(reach, space.near[rows]), space.weights[rows]
    around = np.einsum("ij,ij->i", weights, lent[near])  # row -1 has weight 0
    alone = own[np.searchsorted(reach, rows)]
    smooth: Numbers = np.where(weights.any(1), OWN_SHARE * alone + (1 - OWN_SHARE) * around, alone)
    return smooth


def _scale(rows: Rows, scores: Numbers, zero: float, good: Examples, bad: Examples) -> Concept:
    """Make 0 of `zero`, a photo like any other, and 1 of the best that was not judged."""
    judged = np.isin(rows, np.concatenate([good.rows, bad.rows]))
    fresh = scores[~judged] if not judged.all() else scores
    unit = max(float(fresh.max() - zero), LEAST_UNIT)
    scaled = ((scores - zero) / unit).clip(0).astype(np.float32)
    known = scaled[np.isin(rows, good.rows)]
    return Concept(rows, scaled, float(np.median(known)) / 2 if len(known) else 0.5, good, bad)
