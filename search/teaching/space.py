"""The space in which photos are near to examples: fitted on the library itself.

Photos of small libraries are compared by their vectors and labels, because they are too few to fit
anything on. Larger libraries get a space of 256 dimensions in which what all photos share counts
less.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer import imagenet
from indexer.derived.vectors import as_bytes, find
from indexer.neighbours.approximate.projection import main_axes
from indexer.records import Label, Matrix, StoreInfo, Vector

DIMENSIONS = 256
LABELS_SHARE = 0.1
"""Of the squared length; the rest is the vector's. With .2 taught categories lose .026 of their
p@20 after one round, and those that labels know gain .03 of mAP from one example."""

SHRINKAGE = 10.0
"""Added to each eigenvalue, in means of them; more where the photos are few, see `fit`."""

NEAR = 20
"""Stored neighbours that a photo's score is smoothed over."""

SHARPNESS = 3
"""Exponent of a neighbour's cosine."""

SAMPLE = 2000
"""Photos that stand for the usual one."""

Rows = NDArray[np.int32]


class PointIndex(Protocol):
    """Finds rows near a point without comparing all of them."""

    def nearest(self, point: Vector, count: int) -> NDArray[np.int64]:
        """Return about `count` rows near a point of any length, in no order."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How vectors and labels become points.

    Attributes:
        mean: float32, shape (d,), of the square-rooted vectors.
        whitening: float32, shape (d, d).
        projection: float32, shape (d + 1000, 256).
    """

    mean: Vector
    whitening: Matrix
    projection: Matrix

    def points(self, vectors: Matrix, labels: Sequence[Iterable[Label]]) -> Matrix:
        """Return the points of photos, float32, shape (n, 256), rows of L2 norm 1."""
        joined = _join(_whiten(vectors, self.mean, self.whitening), labels)
        return _normalise(joined @ self.projection)


@dataclass(frozen=True, slots=True)
class Space:
    """All photos of a library as points.

    Rows are those of `ids`, then those of `more`.

    Attributes:
        ids: photo ids in UTF-8, ascending, shape (n,).
        points: float32, shape (n, k), rows of L2 norm 1; memory-mapped in a large library.
        near: int32, shape (n + m, 20): rows of the nearest photos; -1 where there is none.
        weights: float32, shape (n + m, 20): how much each of them counts; rows add up to 1, or to 0
            in photos that are not linked yet.
        fit: how points are made; None where they are vectors and labels as they are.
        index: finds rows among the first n; None in a library so small that all are compared.
        positions: int32, shape (n,): where in `points` each row is; None for the same order.
            The points of an index are used as they are, with photos that are alike together, which
            takes less time and memory than a copy in the order of ids.
        more: id -> row of photos that were added since, in order of their rows.
        extra: float32, shape (m, k): their points.
        gone: rows of photos that were removed.
        network: what made the library's vectors and labels; None if it does not matter.
        usual: float32, shape (at most 4,000, k): points spread evenly over the library.
    """

    ids: NDArray[np.bytes_]
    points: Matrix
    near: Rows
    weights: Matrix
    fit: Fit | None
    index: PointIndex | None = None
    positions: Rows | None = None
    more: Mapping[str, int] = field(default_factory=dict)
    extra: Matrix | None = None
    gone: frozenset[int] = frozenset()
    network: StoreInfo | None = None
    usual: Matrix = field(init=False)

    def __post_init__(self) -> None:
        """Copy the sample into one array, because rows far apart take long to read."""
        rows = np.arange(0, len(self.ids), max(1, len(self.ids) // SAMPLE))
        sample = np.array(self._old_points(rows), np.float32)
        object.__setattr__(self, "usual", sample)

    def row(self, id: str) -> int | None:
        """Return the row of a photo, None where the library does not have it."""
        (row,) = self.rows([id]).tolist()
        return row if row >= 0 else None

    def rows(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the rows of photos, -1 for those that the library does not have."""
        rows = find(self.ids, as_bytes(ids))
        if self.gone:
            rows[np.isin(rows, np.fromiter(self.gone, np.int64))] = -1
        if self.more:
            newer = [self.more.get(id, -1) for id in ids]
            rows = np.maximum(rows, np.array(newer, np.int64))
        return rows

    def names(self, rows: NDArray[np.int64]) -> list[str]:
        """Return the ids of rows."""
        if not self.more:
            return [id.decode() for id in self.ids[rows].tolist()]
        more, count = list(self.more), len(self.ids)
        return [
            self.ids[row].decode() if row < count else more[row - count] for row in rows.tolist()
        ]

    def __len__(self) -> int:
        """Return the number of rows, those of removed photos included."""
        return len(self.near)

    def take(self, rows: NDArray[np.int64]) -> Matrix:
        """Return the points of rows, float32, shape (len(rows), k)."""
        if self.extra is None:
            return self._old_points(rows)
        taken = np.empty((len(rows), self.points.shape[1]), np.float32)
        old = rows < len(self.ids)
        taken[old] = self._old_points(rows[old])
        taken[~old] = self.extra[rows[~old] - len(self.ids)]
        return taken

    def _old_points(self, rows: NDArray[np.int64]) -> Matrix:
        points: Matrix = self.points[rows if self.positions is None else self.positions[rows]]
        return points

    def around(self, point: Vector, count: int) -> NDArray[np.int64]:
        """Return at least `count` rows, if there are so many: those nearest to a point."""
        if self.index is None or len(self) <= count:
            rows = np.arange(len(self))
        else:
            rows = np.concatenate(
                [self.index.nearest(point, 2 * count), np.arange(len(self.ids), len(self))]
            )
        if self.gone:
            rows = rows[~np.isin(rows, np.fromiter(self.gone, np.int64))]
        if len(rows) <= count:
            return rows
        return rows[np.argpartition(-nearness(self.take(rows), point), count - 1)[:count]]

    def point(self, vector: Vector, labels: Iterable[Label]) -> Vector:
        """Return the point of a photo outside the library, float32, shape (k,)."""
        point: Vector = points_of(self.fit, vector[None], [labels])[0]
        return point


def nearness(points: Matrix, point: Vector) -> Vector:
    """Return the cosine of each point to another times its length, float32, shape (n,).

    Not by BLAS, whose threads wait for each other: on a busy machine ten times as long as this.
    """
    products: Vector = np.einsum("ij,j->i", points, point)
    return products


def points_of(made: Fit | None, vectors: Matrix, labels: Sequence[Iterable[Label]]) -> Matrix:
    """Return the points of photos by a fit or, without one, by their vectors and labels.

    Float32, shape (n, 256) or (n, d + 1000), rows of L2 norm 1.
    """
    return _normalise(_join(vectors, labels)) if made is None else made.points(vectors, labels)


def width_of(made: Fit | None, vectors: Matrix) -> int:
    """Return the length of points."""
    plain = vectors.shape[1] + len(imagenet.classes())
    return plain if made is None else int(made.projection.shape[1])


def fit(vectors: Matrix, labels: Sequence[Iterable[Label]]) -> Fit:
    """Fit a space on photos of the library.

    The square root makes a vector's few large entries count less (Arandjelovic and Zisserman 2012,
    "Three things everyone should know to improve object retrieval"). Whitening with shrunk
    eigenvalues takes out what all photos share; the fewer photos, the less their covariance can be
    trusted (Ledoit and Wolf 2004). Then the 256 directions that hold most of vectors and labels.

    Args:
        vectors: float32, shape (n, d), rows of L2 norm 1.
        labels: of each photo.
    """
    roots = _root(vectors)
    mean = roots.mean(0)
    centred = roots - mean
    values, axes = np.linalg.eigh(centred.T @ centred / len(roots))
    values = values.clip(0)
    shrinkage = SHRINKAGE * max(1.0, 10 * vectors.shape[1] / len(vectors))
    whitening = (axes / np.sqrt(values + shrinkage * values.mean())).astype(np.float32)
    joined = _join(_whiten(vectors, mean, whitening), labels)
    return Fit(mean, whitening, main_axes(joined.T @ joined, DIMENSIONS))


def neighbour_weights(cosines: Matrix) -> Matrix:
    """Return how much each neighbour counts; rows add up to 1 where any cosine is above 0."""
    powers = cosines.clip(0) ** SHARPNESS
    sums = powers.sum(1, keepdims=True)
    weights: Matrix = (powers / np.where(sums > 0, sums, 1)).astype(np.float32)
    return weights


def _root(vectors: Matrix) -> Matrix:
    roots: Matrix = np.copysign(np.sqrt(np.abs(vectors)), vectors)
    return _normalise(roots)


def _whiten(vectors: Matrix, mean: Vector, whitening: Matrix) -> Matrix:
    return _normalise(np.asarray((_root(vectors) - mean) @ whitening, np.float32))


def _join(whitened: Matrix, labels: Sequence[Iterable[Label]]) -> Matrix:
    """Put the square root of the probabilities, a vector of length 1, beside the vector."""
    roots = np.zeros((len(whitened), len(imagenet.classes())), np.float32)
    for row, some in zip(roots, labels, strict=True):
        known = [(imagenet.index(label.wnid), label.probability) for label in some]
        row[[position for position, _ in known]] = [probability for _, probability in known]
    np.sqrt(roots, out=roots)
    share = np.float32(LABELS_SHARE)
    return np.hstack([np.sqrt(1 - share) * whitened, np.sqrt(share) * roots])


def _normalise(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    normal: Matrix = (rows / np.maximum(lengths, 1e-12)).astype(np.float32)
    return normal
