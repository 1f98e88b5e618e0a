"""What `near:` means: a town or a position, and how far around it."""

import re

from indexer.errors import BadValue
from indexer.filters import Near
from indexer.photos.places import Town, gazetteer, simple

RADIUS_KM = 25.0
"""Where no radius is given."""

MOST_KM = 20_015.0
"""Half of the way around the earth."""

HOW = 'write near:Lisbon, near:"Lisbon 10 km" or near:"38.72,-9.14 500 m"'

UNITS = {
    r"km|kilomet(?:re|er)s?": 1.0,
    r"m|met(?:re|er)s?": 0.001,
    r"mi|miles?": 1.609344,
    r"ft|foot|feet": 0.0003048,
    r"yd|yards?": 0.0009144,
}
"""How people write units -> kilometres."""

RADIUS = rf"(\d+(?:[.,]\d+)?)\s*({'|'.join(UNITS)})\.?"
WITH_RADIUS = re.compile(rf"(.*?[^\s,])[\s,]+\(?{RADIUS}\)?", re.IGNORECASE)
"""The radius may have a decimal comma; what is before a comma is part of it, if it can be."""
AFTER_COMMA = re.compile(WITH_RADIUS.pattern.replace("(.*?", "(.*", 1), re.IGNORECASE)
RADIUS_FIRST = re.compile(
    rf"(?:within\s+)?{RADIUS}\s+(?:(?:of|around|from|near)\s+)?(.+)", re.IGNORECASE
)
WITHOUT_UNIT = re.compile(r"[^\d°]+\s(\d[\d.,]*)\s*\w*\.?")
THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")
NUMBER = r"[-−+]?\d+(?:\.\d+)?"
POSITION = re.compile(
    rf"({NUMBER})\s*°?\s*([NS]?)\s*[,;\s]\s*({NUMBER})\s*°?\s*([EW]?)", re.IGNORECASE
)
LARGE = 100_000
"""Inhabitants from which on a town is meant by a name that a region elsewhere has, too."""


def near(value: str) -> tuple[Near, str]:
    """Read the value of a filter.

    Returns:
        What it stands for, and in words.

    Raises:
        BadValue: no such town is known, the position is none, or the radius is 0 or too large.
    """
    where, kilometres = _parted(value)
    if not 0 < kilometres <= MOST_KM:
        raise BadValue(f"{value!r} has no radius between 0 and {MOST_KM:,.0f} km: {HOW}")
    distance = f"{kilometres:g} km" if kilometres >= 1 else f"{kilometres * 1000:g} m"
    if position := POSITION.fullmatch(where):
        latitude, longitude = _degrees(position[1], position[2]), _degrees(position[3], position[4])
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise BadValue(
                f"there is no position {where!r}: latitudes end at 90, longitudes at 180"
            )
        return Near(latitude, longitude, kilometres), f"within {distance} of {where}"
    town = gazetteer().get().named(where)
    if town is None or _is_area_elsewhere(where, town):
        raise BadValue(_unknown(where, town))
    what = f"within {distance} of {town.place}"
    return Near(town.latitude, town.longitude, kilometres), what


def _parted(value: str) -> tuple[str, float]:
    """Return where, and how many kilometres around it."""
    found = WITH_RADIUS.fullmatch(value)
    if found and re.fullmatch(NUMBER, found[1]):  # a latitude: its longitude is before the comma
        found = AFTER_COMMA.fullmatch(value)
    if found:
        return found[1], _number(found[2]) * _kilometres(found[3])
    if found := RADIUS_FIRST.fullmatch(value):
        return found[3], _number(found[1]) * _kilometres(found[2])
    return value.strip(" ,;"), RADIUS_KM


def _kilometres(unit: str) -> float:
    return next(many for name, many in UNITS.items() if re.fullmatch(name, unit.lower()))


def _degrees(number: str, side: str) -> float:
    degrees = float(number.replace("−", "-"))
    return -degrees if side.upper() in ("S", "W") and side else degrees


def _is_area_elsewhere(where: str, town: Town) -> bool:
    """Tell whether a name means a region rather than a small town: California in Maryland."""
    own = {simple(town.region), simple(town.country)}
    is_other = simple(town.name) != simple(where)  # Kansas City is in Missouri, too
    is_small = (town.inhabitants < LARGE or is_other) and simple(where) not in own
    return is_small and gazetteer().get().is_area(where)


def _unknown(where: str, town: Town | None) -> str:
    """Say that a town is not known, or not meant, and what to write instead."""
    towns = gazetteer().get()
    if towns.is_area(where):
        also = f', or near:"{town.name}, {town.region or town.country}"' if town else ""
        return f"{where!r} is a region or country: write place:{_quoted(where)}{also}"
    if number := WITHOUT_UNIT.fullmatch(where):
        return f"{where!r} has no unit of length after {number[1]}: write km, m, mi, ft or yd"
    names = towns.nearest_names(where)
    how = f"did you mean {', '.join(names)}?" if names else HOW
    return f"there is no town {where!r} that I know: {how}"


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _number(text: str) -> float:
    """Return "1.5", "1,5" and "1,500" as numbers."""
    return float(text.replace(",", "" if THOUSANDS.fullmatch(text) else "."))
