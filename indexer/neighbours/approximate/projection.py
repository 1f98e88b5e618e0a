"""Fewer dimensions in which a search looks for candidates; they are chosen from the data."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.derived.vectors import Vectors
from indexer.neighbours.comparing.cosines import Numbers
from indexer.neighbours.comparing.scanning import Scan
from indexer.records import Matrix

RECALL = 0.99
"""Share of the true neighbours that an approximate answer holds on average."""

CANDIDATE_RECALL = 0.9975
"""Share that the candidates hold, so that an index that misses some of them reaches `RECALL`."""

DIMENSIONS = (64, 96, 128, 192, 256)
CANDIDATES = (100, 150, 200, 250, 300)
"""More of either takes longer, so the first that are good enough are taken. Candidates are compared
in full, which takes a microsecond each."""

ASKED = 50
"""Neighbours per photo that recall is measured on."""

FITTED_ON, QUERIES = 10_000, 200
BLOCK, AT_ONCE = 4096, 50

MORE, ITERATIONS = 64, 4
"""Axes that are sought beyond those wanted, and iterations of the search for the main axes."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Photos of the library with their true neighbours, to measure recall by.

    Attributes:
        positions: shape (q,).
        nearest: positions of the nearest other photos, shape (q, at most 50).
    """

    positions: Numbers
    nearest: Numbers

    @classmethod
    def of(cls, vectors: Vectors) -> Self:
        """Take photos evenly from the library and compare each with all."""
        positions = np.arange(len(vectors))[:: max(1, len(vectors) // QUERIES)][:QUERIES]
        asked = min(ASKED, len(vectors) - 1)
        queries = vectors.take(positions)
        nearest = np.empty((len(positions), asked), np.intp)

        def use(number: int, rows: Numbers) -> None:
            others = rows[vectors.position_of[rows] != positions[number]]
            products = vectors.rows[others] @ queries[number]
            nearest[number] = vectors.position_of[others[np.argsort(-products)[:asked]]]

        Scan(vectors.rows, vectors.row_of).propose(queries, asked + 1, use)
        return cls(positions, nearest)

    def recall(self, found: list[Numbers]) -> float:
        """Return the share of the true neighbours among what was found for each photo."""
        hits = [np.isin(true, some).mean() for true, some in zip(self.nearest, found, strict=True)]
        return float(np.mean(hits))


@dataclass(frozen=True, slots=True)
class Projection:
    """The main axes of the vectors, and how many candidates to take in that space.

    Attributes:
        axes: float32, shape (d, k), axis after axis: a search reads them in half the time then.
        candidates: how many of the nearest in the space hold nearly all true neighbours.
    """

    axes: Matrix
    candidates: int

    def points(self, vectors: Matrix) -> Matrix:
        """Return vectors, (n, d), as points of the space: float32, (n, k), rows of L2 norm 1."""
        points = np.asarray(vectors @ self.axes, np.float32)
        points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-12)
        return points

    def points_of(self, vectors: Vectors) -> Matrix:
        """Return the points of all photos of a library, by position."""
        points = np.empty((len(vectors), self.axes.shape[1]), np.float32)
        for start in range(0, len(vectors), BLOCK):
            points[start : start + BLOCK] = self.points(vectors.take(slice(start, start + BLOCK)))
        return points


def fit(vectors: Vectors, sample: Sample) -> tuple[Projection, Matrix]:
    """Choose the space for a library; return it with the points of all photos, by position.

    The axes are the eigenvectors of the vectors' second moments, which keep most of the cosines.
    """
    chosen = vectors.take(slice(None, None, max(1, len(vectors) // FITTED_ON)))
    axes = main_axes(chosen.T @ chosen, DIMENSIONS[-1])
    most = np.ascontiguousarray(axes[:, ::-1])  # those that keep most come first
    points = Projection(most, 0).points_of(vectors)
    for width in DIMENSIONS:
        part = points[:, :width]
        part = part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-12)
        ranks = _ranks(part, sample)
        enough = [c for c in CANDIDATES if (ranks < c).mean() >= CANDIDATE_RECALL]
        if enough or width >= most.shape[1]:
            break
    reach = int(np.quantile(ranks, CANDIDATE_RECALL)) + 1
    return Projection(np.asfortranarray(most[:, :width]), min([*enough, reach])), part


def main_axes(moment: Matrix, count: int) -> Matrix:
    """Return the eigenvectors of the largest eigenvalues, float32, shape (d, count), largest last.

    By orthogonal iteration on a few more axes than are wanted, ten times as fast as computing all
    eigenvectors (Golub and Van Loan 2013, "Matrix Computations", section 7.3.2).
    """
    start = np.random.default_rng(1).standard_normal((len(moment), min(len(moment), count + MORE)))
    axes = start.astype(np.float32)
    for _ in range(ITERATIONS):
        axes, _ = np.linalg.qr(moment @ axes)
    _, turn = np.linalg.eigh(axes.T @ moment @ axes)  # ascending: the last ones keep most
    main: Matrix = np.ascontiguousarray((axes @ turn)[:, -count:].astype(np.float32))
    return main


def _ranks(points: Matrix, sample: Sample) -> NDArray[np.intp]:
    """Return how many others are nearer in the space than each true neighbour is."""
    ranks = np.empty(sample.nearest.shape, np.intp)
    for start in range(0, len(ranks), AT_ONCE):
        positions = sample.positions[start : start + AT_ONCE]
        products = points[positions] @ points.T
        products[np.arange(len(positions)), positions] = -np.inf
        for row, near in enumerate(sample.nearest[start : start + AT_ONCE]):
            true = products[row, near]
            nearer = np.sort(products[row][products[row] >= true.min()])
            ranks[start + row] = len(nearer) - np.searchsorted(nearer, true, "right")
    return ranks
