"""What `magpie search --explain` prints before the photos: how the query was understood."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.answers import Answer
    from search.words import Part

MOST_LABELS = 5


def explanation(answer: "Answer") -> Iterator[str]:
    """Yield the parts with their weights and heaviest labels, the filters, and what was taught."""
    off = {part.name for part in answer.switched_off}
    for part in (*answer.parts, *answer.switched_off):
        yield f"part {part.taken}, weight {part.weight:g}{' (off)' if part.name in off else ''}"
        yield from _labels(part)
    for filter_part in answer.filters:
        yield f"filter {filter_part.taken}{' (off)' if filter_part.off else ''}"
    for word in answer.learned:
        yield f"taught {word.word}: {word.good} good, {word.bad} bad"
    if answer.hits:
        yield f"{answer.likely:,} likely"
    if answer.suggestions:
        yield f"suggested: {', '.join(answer.suggestions)}"


def _labels(part: "Part") -> Iterator[str]:
    """Yield the heaviest labels of a part, what each weighs and why, and how many more there are.

    Those of an excluded part are relative to its heaviest.
    """
    from indexer.imagenet import name

    heaviest = sorted(part.labels, key=lambda wnid: (-part.labels[wnid], wnid))
    for wnid in islice(heaviest, MOST_LABELS):
        why = part.reasons.get(wnid)
        yield f"  {part.labels[wnid]:.3f}  {name(wnid)}{f', {why}' if why else ''}"
    if len(heaviest) > MOST_LABELS:
        yield f"  and {len(heaviest) - MOST_LABELS} more"
