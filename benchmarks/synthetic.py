"""Any number of synthetic photos, modelled on the real ones of ../shared/photos.

A synthetic photo starts from a real one. Its vector is moved towards and away from MIXED of the
photos most similar to it, so that it stays in the few directions in which real photos differ there.
Then a little noise is added in all dimensions, and negative numbers become 0, as in a network's
last layer. Its labels are the real photo's, mixed with those of a similar one; each probability is
multiplied by a random factor, and the 50 most probable are kept.

The distance by which vectors move was chosen so that 1,200 of them are about as similar to each
other as the real 1,200, in as few dimensions, and so that finding neighbours among 50,000 x 2,048
is about as hard as in the design, where Annoy with 20 trees had a recall of .53 (here: .61).

Blocks are seeded by their number, so the same photos come out however many are generated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import shared_photos
from indexer.imagenet import classes, quantise
from indexer.records import Label, Matrix, Photo, Vector

BLOCK = 4096
POOL = 120
"""Photos most similar to a real one, starting with itself."""

MIXED, MOVED = 40, 1.0
"""How many photos move a vector, and how far: the standard deviation of the sum of their shares."""

NOISE = 0.3
"""Length of the noise added to a vector of length 1."""

STORED = 50
LABEL_SHARE, LABEL_NOISE = 0.2, 0.3
"""Maximum share of another photo's labels; standard deviation of the factors' logarithms."""

NETWORK = "efficientnet_lite0"
FOLDER = Path(__file__).parents[1] / ".build"


@dataclass(frozen=True)
class Real:
    """Real photos as a network describes them.

    Attributes:
        vectors: float32, shape (n, d), rows of L2 norm 1.
        probabilities: float32, shape (n, 1000), in class order; 0 except for the 50 stored labels.
        model: name of the network.
    """

    vectors: Matrix
    probabilities: Matrix
    model: str = ""

    @cached_property
    def pools(self) -> NDArray[np.intp]:
        """The photos most similar to each, shape (n, POOL), starting with itself."""
        cosines = self.vectors @ self.vectors.T
        np.fill_diagonal(cosines, 2)
        pools: NDArray[np.intp] = np.argsort(-cosines, axis=1)[:, :POOL]
        return pools

    @classmethod
    def read(cls) -> "Real":
        """Describe ../shared/photos with NETWORK, or read what was described earlier.

        Raises:
            FileNotFoundError: the photos are missing.
        """
        from indexer.network.options import NetworkOptions
        from indexer.stores import open_store
        from search.library import Choices, open_library

        (FOLDER / "benchmarks").mkdir(parents=True, exist_ok=True)
        choices = Choices(NetworkOptions(model=NETWORK))
        url = f"sqlite:///{FOLDER}/benchmarks/real.db"
        with open_library(url, choices) as library:
            library.index([shared_photos()])
        photos = list(open_store(url).photos.scan())
        probabilities = np.zeros((len(photos), 1000), np.float32)
        columns = {wnid: column for column, wnid in enumerate(classes())}
        for row, photo in enumerate(photos):
            for label in photo.labels:
                probabilities[row, columns[label.wnid]] = label.probability
        return cls(np.stack([one.vector for one in photos]), probabilities, photos[0].model)


def vectors(real: Real, count: int, dimensions: int, seed: int = 0) -> Iterator[Matrix]:
    """Generate vectors, one block at a time.

    Args:
        real: the photos to imitate.
        count: number of vectors.
        dimensions: d, at least as many as the real ones have; if more, the vectors are rotated into
            that space, which changes no cosine.
        seed: another seed gives other vectors.

    Yields:
        float32, shape (BLOCK, d), the last one shorter; rows of L2 norm 1.
    """
    from scipy.sparse import csr_array

    width = real.vectors.shape[1]
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(dimensions, width)))[0]
    turn = np.ascontiguousarray(turn.T, np.float32) if dimensions != width else None
    for random, of, size in _blocks(real, count, seed):
        mixed = 1 + np.argsort(random.random((BLOCK, POOL - 1)), axis=1)[:, :MIXED]
        near = np.column_stack([of, np.take_along_axis(real.pools[of], mixed, 1)])
        shares = random.standard_normal((BLOCK, MIXED), np.float32) * np.float32(MOVED / MIXED**0.5)
        weights = np.column_stack([1 - shares.sum(1), shares])
        ends = np.arange(0, weights.size + 1, MIXED + 1)
        rows = _normal(csr_array((weights.ravel(), near.ravel(), ends)) @ real.vectors)
        rows += random.standard_normal(rows.shape, np.float32) * np.float32(NOISE / width**0.5)
        rows = _normal(np.maximum(rows, 0))
        rows = rows if turn is None else _normal(rows @ turn)
        yield rows[:size]


def labels(real: Real, count: int, seed: int = 0) -> Iterator[tuple[NDArray[np.intp], Matrix]]:
    """Generate labels, one block at a time; with the same seed they belong to `vectors`.

    Yields:
        class indices and probabilities as stores keep them, most probable first, both of shape
        (BLOCK, STORED), the last ones shorter.
    """
    for random, of, size in _blocks(real, count, seed):
        other = real.pools[of, random.integers(1, POOL, BLOCK)]
        share = random.uniform(0, LABEL_SHARE, (BLOCK, 1)).astype(np.float32)
        rows = (1 - share) * real.probabilities[of] + share * real.probabilities[other]
        rows *= np.exp(LABEL_NOISE * random.standard_normal(rows.shape, np.float32))
        rows *= real.probabilities[of].sum(1, keepdims=True) / rows.sum(1, keepdims=True)
        rows = quantise(rows)
        order = np.argsort(-rows, axis=1, kind="stable")[:size, :STORED]
        yield order, np.take_along_axis(rows[:size], order, 1)


def photos(real: Real, count: int, dimensions: int, seed: int = 0) -> Iterator[Photo]:
    """Generate photos with ascending ids and without neighbours."""
    number, wnids = 0, classes()
    parts = zip(vectors(real, count, dimensions, seed), labels(real, count, seed), strict=True)
    for rows, (columns, probabilities) in parts:
        for row, names, shares in zip(rows, columns.tolist(), probabilities.tolist(), strict=True):
            pairs = zip(names, shares, strict=True)
            known = tuple(Label(wnids[column], share) for column, share in pairs)
            yield photo(number, known, row, real.model)
            number += 1


def photo(number: int, labels: tuple[Label, ...], vector: Vector, model: str) -> Photo:
    """Return a photo without neighbours; whatever is not an argument is the same for all."""
    return Photo(
        id=photo_id(number),
        paths=(f"/photos/{number}.jpg",),
        width=4000,
        height=3000,
        bytes=3_000_000,
        format="jpeg",
        colour="#808080",
        modified="2024-05-01T12:00:00.000Z",
        captured=None,
        camera=None,
        labels=labels,
        vector=vector,
        model=model,
    )


def photo_id(number: int) -> str:
    """Return the id of a synthetic photo; ids sort like their numbers."""
    return f"{number:032x}"


def _blocks(
    real: Real, count: int, seed: int
) -> Iterator[tuple[np.random.Generator, NDArray[np.intp], int]]:
    """Yield for each block a random generator, the real photos it starts from, and its size."""
    for start in range(0, count, BLOCK):
        random = np.random.default_rng([seed, start])
        yield random, random.integers(0, len(real.vectors), BLOCK), min(BLOCK, count - start)


def _normal(rows: Matrix) -> Matrix:
    unit: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
