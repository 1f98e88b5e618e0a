"""The space in which photos are near to examples: fitted on the library itself.

Small libraries are compared by their vectors as they are; there are too few photos to fit anything
on. Larger ones get a space of 256 dimensions in which what is common to all photos counts less.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer import imagenet
from indexer.records import Label, Matrix, Vector

DIMENSIONS = 256
LABELS_SHARE = 0.2
"""Of the squared length; the rest is the vector's."""

SHRINKAGE = 10.0
"""Added to each eigenvalue, in means of them; more where the photos are few, see `fit`."""

NEAR = 20
"""Stored neighbours that a photo's score is smoothed over."""

SHARPNESS = 3
"""Exponent of a neighbour's cosine."""

Rows = NDArray[np.int32]


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

    Attributes:
        ids: photo ids in ascending order, length n.
        points: float32, shape (n, k), rows of L2 norm 1.
        near: int32, shape (n, 20): rows of the nearest photos; -1 where there is none.
        weights: float32, shape (n, 20): how much each of them counts; rows add up to 1, or to 0
            in photos that are not linked yet.
        fit: how points are made; None where they are the vectors themselves.
    """

    ids: Sequence[str]
    points: Matrix
    near: Rows
    weights: Matrix
    fit: Fit | None

    def row(self, id: str) -> int | None:
        """Return the row of a photo, None where the library does not have it."""
        place = bisect_left(self.ids, id)
        return place if place < len(self.ids) and self.ids[place] == id else None

    def point(self, vector: Vector, labels: Iterable[Label]) -> Vector:
        """Return the point of a photo outside the library, float32, shape (k,)."""
        if self.fit is None:
            return vector
        point: Vector = self.fit.points(vector[None], [labels])[0]
        return point


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
    _, axes = np.linalg.eigh(joined.T @ joined)  # ascending: the last ones hold most
    return Fit(mean, whitening, np.ascontiguousarray(axes[:, -DIMENSIONS:].astype(np.float32)))


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
    for row, some in enumerate(labels):
        for label in some:
            roots[row, imagenet.index(label.wnid)] = label.probability**0.5
    share = np.float32(LABELS_SHARE)
    return np.hstack([np.sqrt(1 - share) * whitened, np.sqrt(share) * roots])


def _normalise(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    normal: Matrix = (rows / np.maximum(lengths, 1e-12)).astype(np.float32)
    return normal
