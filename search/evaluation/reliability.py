"""Whether what is called 80 % likely is right 80 % of the time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Photos of all queries that are called about equally likely.

    Attributes:
        least, most: bounds of what they are called, in [0, 1].
        called: mean of it.
        right: share of them that is relevant.
        photos: their number.
    """

    least: float
    most: float
    called: float
    right: float
    photos: int


def reliability(called: Sequence[tuple[float, bool]]) -> Iterator[Bin]:
    """Yield the tenths of [0, 1] that have photos.

    Args:
        called: how likely each photo is called, and whether it is relevant.
    """
    chances = np.array([chance for chance, _ in called], np.float64)
    right = np.array([is_right for _, is_right in called], bool)
    numbers = np.minimum((chances * BINS).astype(int), BINS - 1)
    for number in np.unique(numbers).tolist():
        here = numbers == number
        yield Bin(
            number / BINS,
            (number + 1) / BINS,
            float(chances[here].mean()),
            float(right[here].mean()),
            int(here.sum()),
        )
