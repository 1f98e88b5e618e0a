"""What filters mean: the conditions that stores test."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.errors import BadValue
from indexer.filters import (
    AtLeast,
    AtPlace,
    Condition,
    Exactly,
    FileNamed,
    Filter,
    Forbidden,
    InFolder,
    OfFormat,
    Oriented,
    Required,
    Taken,
    TakenWith,
)
from search.filters.asked import DATES, KINDS, Asked, FilterPart
from search.filters.contradicting import refuse_contradictions
from search.filters.meaning import meaning_of
from search.filters.periods import Period
from search.filters.values import format_of, near_of, orientation, period_of, pixels_of

LONGEST_VALUE = 100
LONGEST_WHOLE = 400
"""Characters of a filter's value: a part of a name, and a whole one."""

TOGETHER = {"on": "in"}
"""Kinds that count as another one: of several `in` and `on`, one must hold."""


@dataclass(frozen=True, slots=True)
class FiltersRead:
    """The filters of a search, ready for the store.

    Attributes:
        parts: how each was understood.
        filters: what the store tests: of several values of a kind one must hold, and of all kinds.
        conditions: what each of the parts, in their order, holds for.
    """

    parts: tuple[FilterPart, ...]
    filters: tuple[Filter, ...]
    conditions: tuple[Condition, ...]


def read_filters(
    asked: Iterable[Asked], today: date, switched_off: Iterable[str] = ()
) -> FiltersRead:
    """Read the filters of a search.

    Args:
        asked: as written.
        today: from which "last month" is counted.
        switched_off: names of filters (see `Asked.name`) that do not count.

    Raises:
        BadValue: a value cannot be read, or no photo can pass all of them.
    """
    off = frozenset(switched_off)
    every = list({one.name: one for one in asked}.values())  # typed twice, it counts once
    used = [one for one in every if one.name not in off]
    read = {one: _condition(one, today) for one in used}
    _check_order([one for one in used if not one.negative], today)
    refuse_contradictions(read)
    parts = [_part(one, read.get(one), today, off) for one in every]
    filters: list[Filter] = []
    bounds: list[Taken] = []
    groups: dict[str, list[Condition]] = {}
    for one, condition in read.items():
        if one.negative:
            filters.append(Forbidden(condition))
        elif isinstance(condition, Taken) and one.kind in ("after", "before"):
            bounds.append(condition)
        else:
            groups.setdefault(TOGETHER.get(one.kind, one.kind), []).append(condition)
    filters += [Required((_within(bounds),))] if bounds else []
    filters += [Required(tuple(conditions)) for conditions in groups.values()]
    return FiltersRead(tuple(parts), tuple(filters), tuple(read.values()))


def from_values(values: Mapping[str, str | Sequence[str]]) -> tuple[Asked, ...]:
    """Return filters that are given apart from the words: kind -> value, or several of them.

    Raises:
        BadValue: there is no such kind.
    """
    asked = []
    for kind, value in values.items():
        if kind not in KINDS:
            raise BadValue(f"there is no filter {kind!r}: there are {', '.join(KINDS)}")
        every = [value] if isinstance(value, str) else value
        asked += [Asked(kind, one.strip(), text=f"{kind}:{one.strip()}") for one in every if one]
    return tuple(asked)


def _condition(one: Asked, today: date) -> Condition:
    _check_value(one)
    match one.kind:
        case "camera" | "place" | "folder":
            return _called(one)
        case "near":
            return near_of(one)[0]
        case "name" if "/" in one.value:
            raise BadValue(f"{one.name}: no file name has a '/' in it: write folder:{one.value}")
        case "name":
            return FileNamed(one.value)
        case "format":
            return OfFormat(format_of(one))
        case "width" | "height":
            return AtLeast("width" if one.kind == "width" else "height", pixels_of(one))
        case "orientation":
            return Oriented(orientation(one))
        case _:
            return _taken(one.kind, period_of(one, today))


def _called(one: Asked) -> Condition:
    """What holds for a whole name, or for a part of it."""
    match one.kind:
        case "camera":
            return Exactly("camera", one.whole) if one.whole else TakenWith(one.value)
        case "place":
            return Exactly("place", one.whole) if one.whole else AtPlace(one.value)
        case _:
            folder = one.whole.rstrip("/") or one.whole
            return Exactly("folder", folder) if folder else InFolder(one.value)


def _check_value(one: Asked) -> None:
    most = LONGEST_WHOLE if one.whole else LONGEST_VALUE
    if len(one.value) > most:
        shown = f"{one.kind}:{one.value[:20]}..."
        raise BadValue(f"{shown!r} has {len(one.value)} characters: give at most {most}")
    if not one.value.isprintable() or not one.value:
        raise BadValue(f"{one.kind}:{one.value!r} is not a name: give one")


def _taken(kind: str, days: Period) -> Taken:
    match kind:
        case "after":
            return Taken(days.first.isoformat(), None)
        case "before":
            return Taken(None, days.first.isoformat())
        case _:
            return days.taken


def _within(bounds: Sequence[Taken]) -> Taken:
    """Return the time that is within all bounds."""
    firsts = [one.first for one in bounds if one.first]
    ends = [one.before for one in bounds if one.before]
    return Taken(max(firsts, default=None), min(ends, default=None))


def _check_order(asked: Sequence[Asked], today: date) -> None:
    """Refuse an end before a beginning."""
    days = {one: period_of(one, today) for one in asked if one.kind in DATES}
    for after, since in days.items():
        for before, until in days.items():
            if (after.kind, before.kind) == ("after", "before") and since.first >= until.first:
                raise BadValue(
                    f"no day is both {after.name} and {before.name}: after: counts from the first "
                    "day on, before: up to the day before; exchange them or widen one"
                )


def _part(one: Asked, condition: Condition | None, today: date, off: frozenset[str]) -> FilterPart:
    meaning = meaning_of(one, condition, today) if condition is not None else "switched off"
    return FilterPart(
        one.name, one.kind, one.value, one.text, one.negative, meaning, one.name in off
    )
