"""Where a network looks in a photo, and what its looks say together.

The first look is the network's own square (`Model.prepare`), which sees half of a 3:2 photo and a
twentieth of a panorama. Of more looks than one, those at a photo of up to 2:1 go to its four
corners too and, for the sake of the vector, to the whole photo, squeezed into a square. A wider or
taller photo is looked at in a row of squares.

For each label, with p(i) its probability in look i, raised to the power of `SHARPNESS` and
normalised again:

    corners: (p(first) + CORNERS_WEIGH x max over corners p(i)) / (1 + CORNERS_WEIGH)
    row:     max over all looks p(i), scaled down where they add up to more than `MOST_TOTAL`

so a photo's probabilities stay in [0, 1], but those of all labels may add up to more than 1: it may
show several things. One look is left as it is. The vector is that of the first look or, with the
whole photo, v(first) + WHOLE_WEIGHS x v(whole), normalised.

Part "looks" of benchmarks/QUALITY.md has the figures, every second query apart from the others, as
some of the constants were chosen on the others only.
Worse, or no better by more than .001 mAP of words: the whole photo squeezed, letterboxed or in its
own shape at 288 x 288 pixels, beside the rest or instead of it; the middle at 256 or 288 pixels;
geometric means; no antialiasing.
"""

from math import ceil

import numpy as np
from numpy.typing import NDArray

from indexer.records import Vector

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels of the picture."""

CORNER = 0.75
"""Side of a corner, as a share of the shorter side: .85 sees less of small things, .6 costs .007 of
mAP on photos of one thing."""

CORNERS_WEIGH = 0.3
"""Between .2 and .5, mAP does not change by .001."""

SHARPNESS = 1.25
"""Networks that are trained with label smoothing are less sure than they are right (Guo et al.
2017, arXiv 1706.04599); this is a temperature of 1 / 1.25."""

WIDE = 2.0
"""Longer side / shorter side of photos that are looked at in a row of squares."""

STEP = 0.75
"""From one square of a row to the next, as a share of its length."""

FEWEST, MOST = 6, 16
"""Squares in a row. In photos of more than 12:1 they become longer, and are squeezed."""

MOST_TOTAL = 1.7
"""As much as corners can give, and less than what lifts a photo that was judged good: 2."""

WITH_WHOLE = 6
"""Looks at a photo of usual shape, where the whole photo is one of them."""

WHOLE_WEIGHS = 0.5
"""The nearest of 600 photos are of the same category with mAP .859; .846 by the first look alone,
.851 with the mean of the corners instead, or the whole photo in its own shape."""


def further_boxes(width: int, height: int, looks: int) -> list[Box]:
    """Return where to look besides the first look; together with it, all is seen.

    Args:
        width, height: of the picture.
        looks: one of `options.LOOKS`.
    """
    if looks == 1:
        return []
    longer, shorter = max(width, height), min(width, height)
    if longer > WIDE * shorter:
        boxes = _row(longer, shorter)
    else:
        whole: Box = (0, 0, longer, shorter)
        boxes = [whole] * (looks == WITH_WHOLE) + _corners(longer, shorter)
    return [box if width >= height else _turned(box) for box in boxes]


def _corners(longer: int, shorter: int) -> list[Box]:
    length, side = max(CORNER * shorter, longer / 2), CORNER * shorter
    return [
        (left, top, left + length, top + side)
        for top in (0, shorter - side)
        for left in (0, longer - length)
    ]


def _row(longer: int, shorter: int) -> list[Box]:
    count = ceil((longer / shorter - 1) / STEP) + 1
    count = min(max(count, FEWEST), MOST)
    length = max(shorter, longer / (1 + STEP * (count - 1)))
    starts = np.linspace(0, longer - length, count).tolist()
    return [(start, 0, start + length, shorter) for start in starts]


def _turned(box: Box) -> Box:
    left, top, right, bottom = box
    return top, left, bottom, right


def combined_probabilities(looks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probabilities of a photo, float32, shape (1000,).

    Args:
        looks: those of its looks, shape (n, 1000), in the order in which they were made.
    """
    if len(looks) == 1:
        first: NDArray[np.float32] = looks[0]
        return first
    powers = looks**SHARPNESS
    sharp = powers / powers.sum(axis=1, keepdims=True)
    if len(looks) > FEWEST:  # a row has at least that many besides the first look
        largest: NDArray[np.float32] = sharp.max(axis=0)
        return largest * np.float32(min(1, MOST_TOTAL / largest.sum()))
    sums: NDArray[np.float32] = sharp[0] + CORNERS_WEIGH * sharp[-4:].max(axis=0)
    return sums / np.float32(1 + CORNERS_WEIGH)


def combined_vector(looks: NDArray[np.float32]) -> Vector:
    """Return the vector of a photo; `looks` are those of its looks, shape (n, d), in order."""
    if len(looks) != WITH_WHOLE:
        first: Vector = looks[0]
        return first
    both: Vector = looks[0] + WHOLE_WEIGHS * looks[1]
    return both / np.linalg.norm(both)
