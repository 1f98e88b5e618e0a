"""What any source of expansions answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Expansion:
    """Labels that answer a word without being named by it.

    Attributes:
        weights: WordNet id -> weight in (0, 1], the largest about 1.
        reasons: WordNet id -> why ("used for baking").
        kinds: WordNet id -> kind of part, where it is not "related".
    """

    weights: Mapping[str, float]
    reasons: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=dict)

    def best(self) -> list[str]:
        """WordNet ids, the heaviest first."""
        return sorted(self.weights, key=lambda wnid: -self.weights[wnid])
