"""Rounds boosts to few different numbers, so that Elasticsearch can take a thousand of them."""

from collections.abc import Mapping

import numpy as np

MOST_BOOSTS = 1000
EXACT = 128
LEVELS = 64


def level(boosts: Mapping[str, float]) -> dict[str, float]:
    """Return the 1,000 largest boosts as float32: 128 exactly, the rest rounded to 64 levels.

    Both stores rank by these numbers; Elasticsearch needs a clause for each level, not for each
    photo. Ties are broken by id.
    """
    lifting = {id: boost for id, boost in boosts.items() if boost > 0}
    ids, values = np.array(list(lifting), np.str_), np.array(list(lifting.values()), np.float64)
    order = np.lexsort((ids, -values))[:MOST_BOOSTS]
    kept = ids[order].tolist()
    numbers = values[order].astype(np.float32)
    rest = numbers[EXACT:]
    if len(rest) > LEVELS:
        low, step = rest[-1], (rest[0] - rest[-1]) / (LEVELS - 1)
        if step > 0:
            numbers[EXACT:] = low + step * np.round((rest - low) / step)
    return dict(zip(kept, numbers.tolist(), strict=True))
