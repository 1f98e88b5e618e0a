"""Combines the parts of a phrase: weights that add up so that photos with all parts win."""

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace

from indexer.kinds import Kind
from search.words.records import Part

SIDE_WORD = 0.1
"""Weight of a word that names no labels beside one that does."""

MOST_LABELS = 700
"""The heaviest of a phrase that count: a server may take no more than 1,024 clauses, of which up to
192 are for what was taught."""

Fit = Callable[[Sequence[str]], Mapping[str, float]]
"""Words -> {label: factor by how near it is to all of them together}, 1 where absent."""


def combine(
    parts: list[Part],
    names: Container[str],
    fit: Fit,
    given: Sequence[float] = (),
) -> list[Part]:
    """Weigh the parts of a phrase against each other, and labels by how they fit the whole.

    Args:
        parts: as each is understood by itself; excluded ones stay as they are.
        names: words that name labels.
        fit: see `Fit`.
        given: how much each part counts by the person's own choice; 1 without it.
    """
    chosen = [
        (part, by)
        for part, by in zip(parts, given or [1.0] * len(parts), strict=True)
        if _is_asked(part)
    ]
    if len(chosen) < 2:
        return parts
    asked = [part for part, _ in chosen]
    named = any(part.word in names for part in asked)
    factors = fit([part.word for part in asked])
    raised = [
        _scaled(part, by * (1.0 if part.word in names or not named else SIDE_WORD), factors)
        for part, by in chosen
    ]
    total = _total(raised)
    kept = set(sorted(total, key=lambda wnid: (-total[wnid], wnid))[:MOST_LABELS])
    most = max(total.values())
    lowered = iter([_lowered(part, most, kept) for part in raised])
    return [next(lowered) if _is_asked(part) else part for part in parts]


def _is_asked(part: Part) -> bool:
    return bool(part.labels) and part.kind != Kind.EXCLUDED


def _scaled(part: Part, weight: float, fit: Mapping[str, float]) -> Part:
    """Multiply a part's labels by its weight and by how each fits the phrase."""
    labels = {wnid: weight * fit.get(wnid, 1.0) * value for wnid, value in part.labels.items()}
    shared = {} if fit else part.ancestors  # labels under an ancestor fit differently
    ancestors = {synset: weight * value for synset, value in shared.items()}
    return replace(part, weight=weight, labels=labels, ancestors=ancestors)


def _total(parts: Sequence[Part]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for part in parts:
        for wnid, weight in part.labels.items():
            total[wnid] += weight
    return total


def _lowered(part: Part, most: float, kept: Container[str]) -> Part:
    """Divide by the largest total of a phrase: what is taught counts more than any label."""
    labels = {wnid: weight / most for wnid, weight in part.labels.items() if wnid in kept}
    ancestors = {synset: weight / most for synset, weight in part.ancestors.items()}
    return replace(part, labels=labels, ancestors=ancestors)
