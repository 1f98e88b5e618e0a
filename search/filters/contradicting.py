"""Filters that no photo can pass all of: say which, instead of finding nothing."""

from collections.abc import Collection, Mapping

from indexer.errors import BadValue
from indexer.filters import (
    AtLeast,
    AtPlace,
    Condition,
    Exactly,
    FileNamed,
    InFolder,
    Taken,
    TakenWith,
    without_case,
)
from search.filters.asked import Asked

START, END = "", "~"
"""Before and after all days, as texts compare: where a `Taken` has no bounds."""

Times = list[tuple[str, str]]
"""From a day on, before another day; none of them empty."""

Read = Mapping[Asked, Condition]


def refuse_contradictions(read: Read) -> None:
    """Refuse filters that contradict each other.

    Args:
        read: filters that are not switched off, and what each holds for.

    Raises:
        BadValue: no photo can pass all of them.
    """
    dated = {one: holds for one, holds in read.items() if isinstance(holds, Taken)}
    if dated and not _times(dated):
        raise BadValue(f"no day is left by {_all(dated)}: remove or widen one of them")
    others = {one: holds for one, holds in read.items() if one not in dated}
    for kind in dict.fromkeys(one.kind for one in others):
        _refuse_of_kind({one: holds for one, holds in others.items() if one.kind == kind})


def _refuse_of_kind(read: Read) -> None:
    """Of several values, one must be left that no other filter leaves out."""
    unwanted = {one: holds for one, holds in read.items() if one.negative}
    against = dict[Asked, None]()
    for one, holds in read.items():
        if not one.negative:
            by = [other for other, wider in unwanted.items() if _is_within(holds, wider)]
            if not by:
                return
            against |= dict.fromkeys((one, *by))
    if against:
        raise BadValue(f"no photo is left by {_all(against)}: remove one of them")


def _is_within(one: Condition, wider: Condition) -> bool:
    """Tell whether another condition holds wherever one does."""
    match one, wider:
        case AtLeast(side, pixels), AtLeast(other, fewer):
            return side == other and pixels >= fewer
        case (
            (TakenWith(text), TakenWith(part))
            | (InFolder(text), InFolder(part))
            | (FileNamed(text), FileNamed(part))
            | (AtPlace(text), AtPlace(part))
            | (Exactly("camera", text), TakenWith(part))
            | (Exactly("place", text), AtPlace(part))
        ):
            return without_case(part) in without_case(text)
        case Exactly("folder", text), InFolder(part):
            return without_case(part) in f"{without_case(text)}/"
        case _:
            return one == wider


def _times(dated: Mapping[Asked, Taken]) -> Times:
    """Return the times that filters leave: any that is asked for, within all the others."""
    chosen = [
        _time(taken)
        for one, taken in dated.items()
        if one.kind in ("in", "on") and not one.negative
    ]
    left: Times = chosen or [(START, END)]
    for one, taken in dated.items():
        first, before = _time(taken)
        if one.negative:
            left = [*_cut(left, START, first), *_cut(left, before, END)]
        elif one.kind not in ("in", "on"):
            left = _cut(left, first, before)
    return left


def _time(taken: Taken) -> tuple[str, str]:
    return taken.first or START, taken.before or END


def _cut(times: Times, first: str, before: str) -> Times:
    cut = [(max(one, first), min(other, before)) for one, other in times]
    return [(one, other) for one, other in cut if one < other]


def _all(asked: Collection[Asked]) -> str:
    names = [one.name for one in asked]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
