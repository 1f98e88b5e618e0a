"""What the values of filters stand for that are numbers, dates, places, or one of a few names."""

from datetime import date

from indexer.errors import BadValue
from indexer.filters import Near, Orientation
from indexer.photos.formats import FAMILIES
from search.filters.asked import Asked
from search.filters.periods import Period

MOST_PIXELS = 1_000_000

SHAPES: dict[Orientation, str] = {
    "portrait": "higher than wide",
    "landscape": "wider than high",
    "square": "as wide as high",
}
"""Orientations, and what they are taken for."""


def pixels_of(one: Asked) -> int:
    """Return the pixels that a filter asks for.

    Raises:
        BadValue: its value is not a number of them.
    """
    text = one.value.lower().removesuffix("px")
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_PIXELS):
        raise BadValue(f"{one.name} is not a number of pixels: write {one.kind}:3000")
    return int(text)


def orientation(one: Asked) -> Orientation:
    """Return the orientation that a filter asks for, in any case.

    Raises:
        BadValue: its value is not one.
    """
    for shape in SHAPES:
        if shape == one.value.lower():
            return shape
    raise BadValue(f"{one.name} is not an orientation: write {', '.join(SHAPES)}")


def format_of(one: Asked) -> str:
    """Return the format that a filter asks for, by the name that documents have.

    Raises:
        BadValue: there is none of that name or ending.
    """
    from search.filters.nearest import nearest

    known, name = _formats(), one.value.lower().lstrip(".")
    if name not in known:
        near = nearest(name, sorted(known)) or sorted(set(known.values()))
        raise BadValue(f"there is no format {one.value!r}: try {', '.join(near)}")
    return known[name]


def _formats() -> dict[str, str]:
    """Return the names by which people call formats, and the ones that documents have."""
    names: dict[str, str] = {}
    for family in FAMILIES:
        own = [one.name for one in family.formats]
        names |= {name: name for name in own}
        if len(set(own)) == 1:
            names |= {ending.lstrip("."): own[0] for ending in family.endings}
    return names


def period_of(one: Asked, today: date) -> Period:
    """Return the days that a filter names.

    Raises:
        BadValue: it names none.
    """
    from search.filters.dates import period

    try:
        return period(one.value, today)
    except BadValue as error:
        raise BadValue(f"{one.name}: {error}") from None


def near_of(one: Asked) -> tuple[Near, str]:
    """Return what a filter asks for that names a town or position, and in words.

    Raises:
        BadValue: it names none.
    """
    from search.filters.near import near

    try:
        return near(one.value)
    except BadValue as error:
        raise BadValue(f"{one.name}: {error}") from None
