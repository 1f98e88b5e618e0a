"""What a search leaves out: a closed set of conditions, in numbers only.

Each store tests a filter in one place: indexer/stores/sqlite/labels/filtering.py tests columns in
memory, indexer/stores/elasticsearch/filters.py says it as a clause of a query.

A `Question` carries those that a person asks for, and both the ranking and the probing search, by
which teaching learns how much labels count, leave out what they say.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExcludedPhotos:
    """Leaves out the photos of these ids."""

    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class ExcludedLabels:
    """Leaves out photos whose weighted label probabilities add up to `least` or more.

    Products of float32 values, summed in float64 and cast to float32, as scores are.

    Attributes:
        weights: wnid -> weight > 0, at least one.
        least: > 0.
    """

    weights: Mapping[str, float]
    least: float


Filter = ExcludedPhotos | ExcludedLabels
