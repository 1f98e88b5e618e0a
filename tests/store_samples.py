"""Random photos from a seed, for tests that need many and care for none."""

import numpy as np

from indexer import imagenet
from indexer.halves import rounded
from indexer.records import Label, Neighbour, Photo, StoreInfo

DIMENSIONS = 16
INFO = StoreInfo(model="test_model", weights="0" * 64, dimensions=DIMENSIONS)


def photo_id(random: np.random.Generator) -> str:
    return random.bytes(16).hex()


def vector(random: np.random.Generator) -> np.ndarray:
    """As a store gives it back; of so few dimensions, rounding once may not be enough."""
    row = random.standard_normal(DIMENSIONS).astype(np.float32)
    row = rounded(row / np.linalg.norm(row))
    while not np.array_equal(row, again := rounded(row)):
        row = again
    return row


def labels(random: np.random.Generator, wnids: tuple[str, ...], count: int) -> tuple[Label, ...]:
    """`count` of `wnids` with quantised probabilities that add up to about 1, as models give."""
    raw = random.random(count).astype(np.float32) ** 4
    probabilities = imagenet.quantise(raw / raw.sum()).tolist()
    chosen = random.choice(len(wnids), count, replace=False)
    pairs = [(wnids[place], p) for place, p in zip(chosen, probabilities, strict=True)]
    return tuple(Label(wnid, p) for wnid, p in sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def neighbours(random: np.random.Generator, count: int) -> tuple[Neighbour, ...]:
    cosines = sorted((round(cosine, 6) for cosine in random.uniform(-1, 1, count)), reverse=True)
    return tuple(Neighbour(photo_id(random), cosine) for cosine in cosines)


def photos(
    count: int, seed: int = 0, wnids: tuple[str, ...] | None = None, labels_each: int = 50
) -> list[Photo]:
    """`count` photos; with few `wnids` to choose from, queries find many of them."""
    random = np.random.default_rng(seed)
    return [
        Photo(
            id=photo_id(random),
            paths=(f"/photos/{seed}/{number}.jpg",),
            width=int(random.integers(1, 5000)),
            height=int(random.integers(1, 5000)),
            bytes=int(random.integers(1, 10**7)),
            format="jpeg",
            colour=f"#{random.integers(0, 2**24):06x}",
            modified="2024-05-01T12:00:00.000Z",
            captured=None,
            camera=None,
            labels=labels(random, wnids or imagenet.classes(), labels_each),
            vector=vector(random),
            neighbours=neighbours(random, 5),
            model=INFO.model,
        )
        for number in range(count)
    ]
