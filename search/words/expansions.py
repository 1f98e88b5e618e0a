"""What any source of expansions answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.kinds import Kind


@dataclass(frozen=True, slots=True)
class Expansion:
    """Labels that answer a word without being named by it.

    Attributes:
        weights: WordNet id -> weight in (0, 1], the largest about 1.
        reasons: WordNet id -> why ("used for baking").
        kinds: WordNet id -> its kind, where it is not `Kind.RELATED`.
    """

    weights: Mapping[str, float]
    reasons: Mapping[str, str]
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def best(self) -> list[str]:
        """WordNet ids, the heaviest first."""
        return sorted(self.weights, key=lambda wnid: -self.weights[wnid])
