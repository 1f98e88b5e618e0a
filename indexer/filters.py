"""What a search leaves out: a closed set of conditions, in numbers and plain texts only.

Each store tests a filter in one place: indexer/stores/sqlite/facts/matching.py tests columns in
memory, indexer/stores/elasticsearch/filters.py says it as a clause of a query.

A `Question` carries those that a person asks for, and both the ranking and the probing search, by
which teaching learns how much labels count, leave out what they say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from unicodedata import normalize

Orientation = Literal["portrait", "landscape", "square"]


@dataclass(frozen=True, slots=True)
class ExcludedPhotos:
    """Leaves out the photos of these ids."""

    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class ExcludedLabels:
    """Leaves out photos whose weighted probabilities add up to `least` or more.

    Products of float32 values, summed in float64 and cast to float32, as scores are.

    Attributes:
        weights: wnid of a label -> weight > 0.
        least: > 0.
        ancestors: wnid of an ancestor -> weight > 0, as in `Query`; or else at least one label.
    """

    weights: Mapping[str, float]
    least: float
    ancestors: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """Holds for photos of a time: their capture time or, without one, that of the file in UTC.

    Attributes:
        first: the first day, "YYYY-MM-DD"; None = no bound.
        before: the day after the last one; None = no bound.
    """

    first: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """Holds for photos whose capture time is known."""


@dataclass(frozen=True, slots=True)
class TakenWith:
    """Holds for photos whose camera has `text` in its name; see `spellings`."""

    text: str


@dataclass(frozen=True, slots=True)
class InFolder:
    """Holds for photos with a place in a folder whose path has `text` in it; see `spellings`.

    The path ends with "/", so that "/art/" is the whole name of a folder.
    """

    text: str


@dataclass(frozen=True, slots=True)
class FileNamed:
    """Holds for photos with a file that has `text` in its name; see `spellings`."""

    text: str


@dataclass(frozen=True, slots=True)
class OfFormat:
    """Holds for photos of a format, by the name that documents give it."""

    format: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Holds for pictures with at least so many pixels along one side, upright."""

    side: Literal["width", "height"]
    pixels: int


@dataclass(frozen=True, slots=True)
class Oriented:
    """Holds for pictures that are higher than wide, wider than high, or neither, upright."""

    shape: Orientation


@dataclass(frozen=True, slots=True)
class AtPlace:
    """Holds for photos whose place has `text` in its name; see `spellings`."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """Holds for photos whose location is at most so far away, on a sphere of the earth's radius.

    Attributes:
        latitude, longitude: degrees.
        kilometres: > 0.
    """

    latitude: float
    longitude: float
    kilometres: float


@dataclass(frozen=True, slots=True)
class Exactly:
    """Holds for photos of one camera or place, or with a file in one folder, by its whole name.

    Attributes:
        fact: what has the name; folders within a folder do not count.
        name: as documents and facets have it, capitals included.
    """

    fact: Literal["camera", "place", "folder"]
    name: str


Condition = (
    Taken
    | Dated
    | TakenWith
    | InFolder
    | FileNamed
    | OfFormat
    | AtLeast
    | Oriented
    | AtPlace
    | Near
    | Exactly
)
"""What holds for a photo or not."""


@dataclass(frozen=True, slots=True)
class Required:
    """Leaves out photos for which none of some conditions holds."""

    any_of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Leaves out photos for which a condition holds."""

    condition: Condition


Filter = ExcludedPhotos | ExcludedLabels | Required | Forbidden


def spellings(text: str) -> Iterator[str]:
    """Yield the forms in which a text counts: as it is, and with accents composed or apart.

    File systems differ in how they write accents. Names are compared by `without_case`.
    """
    forms = (text, normalize("NFC", text), normalize("NFD", text))
    yield from dict.fromkeys(map(without_case, forms))


def without_case(text: str) -> str:
    """Return a text with its capitals as small letters, each letter by itself.

    Letters whose capital is another one's too, or several letters, stay as they are, so that a
    server can be told all spellings of a letter.
    """
    if text.isascii():
        return text.lower()
    return "".join(map(_small, text))


def _small(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 and small.upper() == letter else letter
