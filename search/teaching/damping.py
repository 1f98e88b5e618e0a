"""What photos voted bad do to photos like them, where no good one tells what is wanted instead."""

import numpy as np

from search.teaching.concept import Examples
from search.teaching.space import Space

DAMPING = 0.5
"""What a photo equal to a bad one loses of its score."""

LEVELS = 64
"""Different factors, so that Elasticsearch needs one filter per level, not one per photo."""

MOST_DAMPED, FEWEST_DAMPED = 1000, 50
"""Photos that are damped in all, and at least around each bad one."""


def damping(space: Space, bad: Examples) -> dict[str, float]:
    """Return photo id -> factor in [0.5, 1) for photos more like the bad ones than usual."""
    if not bad.ids or not len(space):
        return {}
    each = max(FEWEST_DAMPED, MOST_DAMPED // len(bad.ids))
    rows = np.unique(np.concatenate([space.around(point, each) for point in bad.points]))
    usual = np.median((space.usual @ bad.points.T).max(1))
    likeness = (space.take(rows) @ bad.points.T).max(1)
    excess = ((likeness - usual) / max(1 - usual, 1e-6)).clip(0, 1)
    steps = np.round(excess * DAMPING * LEVELS).astype(int)
    worst = np.argsort(-steps, kind="stable")[:MOST_DAMPED]
    worst = worst[steps[worst] > 0]
    factors = 1 - steps[worst] / LEVELS
    return dict(zip(space.names(rows[worst]), factors.tolist(), strict=True))
