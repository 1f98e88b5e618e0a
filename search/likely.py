"""Where likely photos end: a share of the best score, by the kind of what is asked for.

How likely a photo of score s is to show what was asked for, where the line lies at l, is taken to
be 1 / (1 + (l / s) ** SLOPE): a half at the line. That is a logistic regression on ln(s / best)
with an intercept for each kind of query. `scripts/likely.py` fits the numbers.
"""

from indexer.kinds import Kind
from indexer.queries import Line
from search.teaching.taught import Taught
from search.teaching.votes import ABOVE_LABELS
from search.words import Part

SLOPE = 1.69

SHARES = {Kind.LABEL: 0.24, Kind.HYPERNYM: 0.29}
"""Of the best score, where all that is asked for is one name."""

SHARE, SHARE_OF_PARTS = 0.42, 0.46
"""Where it is one word that is only near to labels, and where it is several or a photo, too."""

DOUBT = 0.43
"""Of the most that labels can add up to: where not even the best photo of a name has so much, the
library is taken to have none."""

BESIDE_CONCEPT = 0.3
"""What labels add to the line of a taught word, of what they would make it on their own."""


def line_of(taught: Taught, by_photo: bool = False) -> Line:
    """Return the line of a query, as it was taught.

    Args:
        taught: the query.
        by_photo: whether a photo to search by adds to the scores.
    """
    parts = asked_parts(taught)
    most = sum(max(part.labels.values(), default=0.0) for part in parts)
    is_one = len(parts) == 1 and not by_photo
    kind = (parts[0].english or parts[0].kind) if parts else Kind.UNFAMILIAR
    share = SHARES.get(kind, SHARE) if is_one else SHARE_OF_PARTS
    if taught.least:
        # Votes lift photos above all others: what the best one has says nothing about them.
        least = taught.least + BESIDE_CONCEPT * share * most
        return Line(least=min(least, ABOVE_LABELS), share=0.0)
    if is_one and kind in SHARES and not taught.boosts:
        return Line(least=0.0, share=share, doubt=DOUBT * most)
    return Line(least=0.0, share=share)


def chance(score: float, line: float) -> float:
    """Return how likely a photo of a score is to show what was asked for, where the line lies."""
    return 1 / (1 + (line / score) ** SLOPE) if score > 0 else 0.0


def asked_parts(taught: Taught) -> list[Part]:
    """Return the parts of a query that are asked for and mean something."""
    parts = taught.understanding.parts
    return [part for part in parts if part.kind not in (Kind.EXCLUDED, Kind.UNFAMILIAR)]
