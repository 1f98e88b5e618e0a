"""Where the likely hits of a ranking end."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.queries import Line, Query
from indexer.stores.sqlite.labels.by_time import Timed, first_or_last
from indexer.stores.sqlite.labels.scoring import Scored, best


@dataclass(frozen=True, slots=True)
class RankedIds:
    """A slice of a ranking.

    Attributes:
        hits: (id, score), in order.
        likely, line: as in `Ranked`.
    """

    hits: list[tuple[str, float]]
    likely: int
    line: float


def ranked_by_score(
    parts: Sequence[Scored], query: Query, line: Line, only_likely: bool
) -> RankedIds:
    """Return a slice of the ranking, best first, and count its likely hits.

    Args:
        parts: all hits, or some that the best of the ranking and the slice are among.
        query: the slice.
        line: where the likely hits end.
        only_likely: whether to leave out the others.
    """
    hits = best(parts, query.limit, query.offset)
    top = max((float(part.scores.max(initial=0)) for part in parts), default=0.0)
    if top == 0:
        return RankedIds(hits, 0, 0.0)
    least = line.at(top)
    likely = sum(score >= least for _, score in hits)
    ends_here = likely < query.limit and (likely > 0 or not query.offset)
    total = query.offset + likely if ends_here else sum(part.count(least) for part in parts)
    return RankedIds(hits[:likely] if only_likely else hits, total, least)


def ranked_by_time(
    parts: Sequence[Timed], query: Query, line: Line, only_likely: bool
) -> RankedIds:
    """Return a slice of hits, newest or oldest first, and count all likely ones.

    Args: those of `ranked_by_score`; `parts` are all hits.
    """
    count = sum(len(part.scored.ids) for part in parts)
    top = max((float(part.scored.scores.max(initial=0)) for part in parts), default=0.0)
    if query.everything or top == 0:
        hits = first_or_last(parts, query).scored.pairs()
        return RankedIds(hits, count if query.everything else 0, 0.0)
    least = line.at(top)
    likely = [_reaching(part, least) for part in parts]
    total = sum(len(part.scored.ids) for part in likely)
    hits = first_or_last(likely if only_likely else parts, query).scored.pairs()
    return RankedIds(hits, total, least)


def _reaching(part: Timed, least: float) -> Timed:
    return part.some(np.flatnonzero(part.scored.scores >= np.float32(least)))
