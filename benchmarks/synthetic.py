"""Any number of photos that are made up, shaped like the real ones of ../shared/photos.

A made-up photo begins with a real one. Its vector is moved from that photo's towards and away from
MIXED of the photos most like it, so that it lies on the few directions in which real photos differ
there; then comes a little noise in all dimensions, and what falls below 0 is 0, as a network's last
layer does. Its labels are the real photo's with a part of another one's like it, each probability
times a number by chance, the 50 most probable kept.

How far vectors are moved was chosen such that 1,200 of them are about as like each other as the
real 1,200, in as few dimensions, and that 50,000 x 2,048 are about as hard to find neighbours among
as those of the design were, where Annoy with 20 trees has recall .53: here .61.

Blocks are seeded by their number: the same photos come out however many are made.
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
"""Photos most like a real one, itself the first."""

MIXED, MOVED = 40, 1.0
"""Photos that a vector is moved by, and how far: standard deviation of the sum of their shares."""

NOISE = 0.3
"""Length of the noise that is added to a vector of length 1."""

STORED = 50
LABEL_SHARE, LABEL_NOISE = 0.2, 0.3
"""At most so much of the labels is another photo's; how the factors' logarithms vary."""

NETWORK = "efficientnet_lite0"
FOLDER = Path(__file__).parents[1] / ".build"


@dataclass(frozen=True)
class Real:
    """Real photos as a network describes them.

    Attributes:
        vectors: float32, shape (n, d), rows of L2 norm 1.
        probabilities: float32, shape (n, 1000), in class order; 0 but for the 50 labels stored.
        model: name of the network.
    """

    vectors: Matrix
    probabilities: Matrix
    model: str = ""

    @cached_property
    def pools(self) -> NDArray[np.intp]:
        """The photos most like each, shape (n, POOL), itself the first."""
        cosines = self.vectors @ self.vectors.T
        np.fill_diagonal(cosines, 2)
        pools: NDArray[np.intp] = np.argsort(-cosines, axis=1)[:, :POOL]
        return pools

    @classmethod
    def read(cls) -> "Real":
        """Describe ../shared/photos with NETWORK, or read what was described before.

        Raises:
            FileNotFoundError: the photos are not there.
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
    """Make vectors up, a block at a time.

    Args:
        real: what they are like.
        count: how many.
        dimensions: d, at least those of the real ones; where it is more, they are turned into that
            space, which changes no cosine.
        seed: others give other vectors.

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
    """Make labels up, a block at a time; with the same seed they belong to `vectors`.

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
    """Make photos up, with ids in ascending order and without neighbours."""
    number, wnids = 0, classes()
    parts = zip(vectors(real, count, dimensions, seed), labels(real, count, seed), strict=True)
    for rows, (columns, probabilities) in parts:
        for row, names, shares in zip(rows, columns.tolist(), probabilities.tolist(), strict=True):
            pairs = zip(names, shares, strict=True)
            known = tuple(Label(wnids[column], share) for column, share in pairs)
            yield photo(number, known, row, real.model)
            number += 1


def photo(number: int, labels: tuple[Label, ...], vector: Vector, model: str) -> Photo:
    """Make a photo of which all but this is the same for each, without neighbours."""
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
    """Return the id of a photo that is made up; ids are in order of numbers."""
    return f"{number:032x}"


def _blocks(
    real: Real, count: int, seed: int
) -> Iterator[tuple[np.random.Generator, NDArray[np.intp], int]]:
    """A generator for each block, the real photos it begins with, and how many are wanted."""
    for start in range(0, count, BLOCK):
        random = np.random.default_rng([seed, start])
        yield random, random.integers(0, len(real.vectors), BLOCK), min(BLOCK, count - start)


def _normal(rows: Matrix) -> Matrix:
    unit: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
