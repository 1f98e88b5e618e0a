"""Combines the parts of a phrase: weights that add up so that photos with all parts win."""

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace

from indexer.kinds import Kind
from search.words.records import Part

SIDE_WORD = 0.1
"""Weight of a word that names no labels beside one that does."""

Fit = Callable[[Sequence[str]], Mapping[str, float]]
"""Words -> {label: factor by how near it is to all of them together}, 1 where absent."""


def combine(parts: list[Part], names: Container[str], fit: Fit) -> list[Part]:
    """Weigh the parts of a phrase against each other, and labels by how they fit the whole.

    Args:
        parts: as each is understood by itself; excluded ones stay as they are.
        names: words that name labels.
        fit: see `Fit`.
    """
    asked = [part for part in parts if part.labels and part.kind != Kind.EXCLUDED]
    if len(asked) < 2:
        return parts
    named = any(part.word in names for part in asked)
    factors = fit([part.word for part in asked])
    weights = {part.word: 1.0 if part.word in names or not named else SIDE_WORD for part in asked}
    raised = [_scaled(part, weights[part.word], factors) for part in asked]
    most = max(_total(raised).values())
    lowered = {part.word: _lowered(part, most) for part in raised}
    return [part if part.kind == Kind.EXCLUDED else lowered.get(part.word, part) for part in parts]


def _scaled(part: Part, weight: float, fit: Mapping[str, float]) -> Part:
    """Multiply a part's labels by its weight and by how each fits the phrase."""
    labels = {wnid: weight * fit.get(wnid, 1.0) * value for wnid, value in part.labels.items()}
    return replace(part, weight=weight, labels=labels)


def _total(parts: Sequence[Part]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for part in parts:
        for wnid, weight in part.labels.items():
            total[wnid] += weight
    return total


def _lowered(part: Part, most: float) -> Part:
    """Divide by the largest total of a phrase: what is taught counts more than any label."""
    return replace(part, labels={wnid: weight / most for wnid, weight in part.labels.items()})
