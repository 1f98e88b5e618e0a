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
    felt = {id: boost for id, boost in boosts.items() if boost > 0}
    ids, values = np.array(list(felt), np.str_), np.array(list(felt.values()), np.float64)
    order = np.lexsort((ids, -values))[:MOST_BOOSTS]
    kept = ids[order].tolist()
    numbers = values[order].astype(np.float32)
    rest = numbers[EXACT:]
    if len(rest) > LEVELS:
        low, step = rest[-1], (rest[0] - rest[-1]) / (LEVELS - 1)
        if step > 0:
            numbers[EXACT:] = low + step * np.round((rest - low) / step)
    return dict(zip(kept, numbers.tolist(), strict=True))
