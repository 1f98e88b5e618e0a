"""What `near:` means: a town or a position, and how far around it."""

import re

from indexer.errors import BadValue
from indexer.filters import Near
from indexer.photos.places import gazetteer

RADIUS_KM = 25.0
"""Where no radius is given."""

MOST_KM = 20_015.0
"""Half of the way around the earth."""

MILE_KM = 1.609344
HOW = 'write near:Lisbon, near:"Lisbon 10 km" or near:"38.72,-9.14 500 m"'

WITH_RADIUS = re.compile(r"(.*?[^\s,])[\s,]+(\d+(?:[.,]\d+)?)\s*(km|mi|miles|m)", re.IGNORECASE)
"""The radius may have a decimal comma; what is before a comma is part of it, if it can be."""
AFTER_COMMA = re.compile(WITH_RADIUS.pattern.replace("(.*?", "(.*", 1), re.IGNORECASE)
THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")
NUMBER = r"[-−+]?\d+(?:\.\d+)?"
POSITION = re.compile(rf"({NUMBER})\s*[,;\s]\s*({NUMBER})")
KILOMETRES = {"km": 1.0, "m": 0.001, "mi": MILE_KM, "miles": MILE_KM}


def near(value: str) -> tuple[Near, str]:
    """Read the value of a filter.

    Returns:
        What it stands for, and in words.

    Raises:
        BadValue: no such town is known, the position is none, or the radius is 0 or too large.
    """
    found = WITH_RADIUS.fullmatch(value)
    if found and re.fullmatch(NUMBER, found[1]):  # a latitude: its longitude is before the comma
        found = AFTER_COMMA.fullmatch(value)
    where, kilometres = value, RADIUS_KM
    if found:
        where, kilometres = found[1], _number(found[2]) * KILOMETRES[found[3].lower()]
    if not 0 < kilometres <= MOST_KM:
        raise BadValue(f"{value!r} has no radius between 0 and {MOST_KM:,.0f} km: {HOW}")
    distance = f"{kilometres:g} km" if kilometres >= 1 else f"{kilometres * 1000:g} m"
    if position := POSITION.fullmatch(where):
        latitude, longitude = (float(one.replace("−", "-")) for one in position.groups())
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise BadValue(
                f"there is no position {where!r}: latitudes end at 90, longitudes at 180"
            )
        return Near(latitude, longitude, kilometres), f"within {distance} of {where}"
    towns = gazetteer().get()
    town = towns.named(where)
    if town is None:
        names = towns.nearest_names(where)
        how = f"did you mean {', '.join(names)}?" if names else HOW
        raise BadValue(f"there is no town {where!r} that I know: {how}")
    what = f"within {distance} of {town.place}"
    return Near(town.latitude, town.longitude, kilometres), what


def _number(text: str) -> float:
    """Return "1.5", "1,5" and "1,500" as numbers."""
    return float(text.replace(",", "" if THOUSANDS.fullmatch(text) else "."))
