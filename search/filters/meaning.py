"""What filters were taken for, in words."""

from datetime import date

from indexer.filters import (
    AtLeast,
    AtPlace,
    Condition,
    Dated,
    Exactly,
    FileNamed,
    InFolder,
    Near,
    OfFormat,
    Oriented,
    Taken,
    TakenWith,
)
from search.filters.asked import Asked
from search.filters.periods import Period
from search.filters.values import SHAPES, near_of, period_of


def meaning_of(one: Asked, condition: Condition, today: date) -> str:
    """Say what a filter was taken for."""
    match condition:
        case Taken():
            return _days(one.kind, period_of(one, today))
        case Dated():
            return "taken at a known time"
        case TakenWith() | InFolder() | AtPlace() | FileNamed():
            return _with_part(condition)
        case Exactly(fact, name):
            return f"{fact} {name!r}"
        case Near():
            return near_of(one)[1]
        case OfFormat(name):
            return f"format {name}"
        case AtLeast() | Oriented():
            return _size(condition)


def _with_part(condition: TakenWith | InFolder | AtPlace | FileNamed) -> str:
    text = condition.text
    match condition:
        case TakenWith():
            return f"camera with {text!r} in its name"
        case InFolder():
            return f"folder with {text!r} in its path"
        case AtPlace():
            return f"place with {text!r} in its name"
        case FileNamed():
            return f"file with {text!r} in its name"


def _size(condition: AtLeast | Oriented) -> str:
    match condition:
        case AtLeast(side, pixels):
            return f"{side} of at least {pixels:,} pixels"
        case Oriented(shape):
            return SHAPES[shape]


def _days(kind: str, days: Period) -> str:
    match kind:
        case "after":
            return f"from {days.first} on"
        case "before":
            return f"before {days.first}"
        case _ if days.first == days.last:
            return f"on {days.first}"
        case _:
            return f"from {days.first} to {days.last}"
