"""Boosts as few different numbers, so that a search engine can take a thousand of them."""

from collections.abc import Mapping

import numpy as np

MOST_BOOSTS = 1000
EXACT = 128
LEVELS = 64


def level(boosts: Mapping[str, float]) -> dict[str, float]:
    """Keep the heaviest boosts: 128 as they are, the rest rounded to 64 levels, float32 values.

    Both stores rank by what comes out, and Elasticsearch needs one clause a level and not one a
    photo. Ties in weight are broken by id.
    """
    order = sorted((item for item in boosts.items() if item[1] > 0), key=lambda it: (-it[1], it[0]))
    kept = order[:MOST_BOOSTS]
    numbers = np.array([boost for _, boost in kept], np.float32)
    rest = numbers[EXACT:]
    if len(rest) > LEVELS:
        low, step = rest[-1], (rest[0] - rest[-1]) / (LEVELS - 1)
        if step > 0:
            numbers[EXACT:] = low + step * np.round((rest - low) / step)
    return {id: float(number) for (id, _), number in zip(kept, numbers, strict=True)}
