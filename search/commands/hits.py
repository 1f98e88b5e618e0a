"""How commands print photos: score, path and the strongest reasons, a line each."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from indexer.commands.output import one_line

if TYPE_CHECKING:
    from indexer.records import Hit

LEAST_SHOWN = 0.0005
"""Smaller parts of a score would print as 0.000."""

MOST_REASONS = 3


def hit_lines(hits: "Iterable[Hit]") -> Iterator[str]:
    """Yield one line per photo."""
    for hit in hits:
        parts = [reason for reason in hit.reasons if abs(reason.score) >= LEAST_SHOWN]
        strongest = sorted(parts, key=lambda reason: -abs(reason.score))[:MOST_REASONS]
        why = ", ".join(f"{reason.what} {reason.score:.3f}" for reason in strongest)
        yield one_line(f"{hit.score:.3f}  {hit.path}  ({why})")
