"""Months, seasons and feasts of a year, by their English names.

Seasons are those of meteorologists in the northern hemisphere: whole months, summer from June on.
"""

import re
from datetime import date, timedelta

from search.filters.periods import Period, day_of, months

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month in which each begins; each has three."""

DAYS = {
    "(?:christmas|xmas) eve": (12, 24),
    "(?:christmas|xmas) day": (12, 25),
    "boxing day": (12, 26),
    "new years? eve": (12, 31),
    "new years? day": (1, 1),
    "valentines?(?: day)?": (2, 14),
    "halloween": (10, 31),
}
"""Feasts of one day: month and day. Longer names stand before those that they begin with."""

MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
FEAST = "|".join((*DAYS, "christmas|xmas|new years?|good friday|easter|thanksgiving"))
TIME = f"{MONTH}|{'|'.join(SEASONS)}|{FEAST}"


def time_of_year(name: str, year: int) -> Period:
    """Return a month, season or feast of a year, by a name that `TIME` matches.

    Raises:
        BadValue: it ends after the calendar.
    """
    if name in SEASONS:
        return months(year, SEASONS[name], 3, name)
    if re.fullmatch(MONTH, name):
        return months(year, number_of(name), 1, name)
    for feast, (month, day) in DAYS.items():
        if re.fullmatch(feast, name):
            return day_of(year, month, day)
    return _feast(name, year)


def _feast(name: str, year: int) -> Period:
    """Feasts of several days, and those whose day differs from year to year."""
    months(year, 1, 1, name)  # refuses years that there are not
    match name:
        case "easter":
            return Period(easter(year) - timedelta(2), easter(year) + timedelta(1))
        case "good friday":
            friday = easter(year) - timedelta(2)
            return Period(friday, friday)
        case "thanksgiving":  # in the United States: the fourth Thursday of November
            first = date(year, 11, 1).weekday()
            return day_of(year, 11, 22 + (3 - first) % 7)
        case "new year" | "new years":  # the night
            return Period(months(year - 1, 12, 1, name).last, date(year, 1, 1))
        case _:
            return Period(date(year, 12, 24), date(year, 12, 26))


def number_of(month: str) -> int:
    """Return the number of a month, from 1, by a name that `MONTH` matches."""
    return next(n for n, name in enumerate(MONTHS, 1) if name.startswith(month[:3]))


def easter(year: int) -> date:
    """Return Easter Sunday: Meeus, Jones and Butcher's rule (Meeus 1991, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)
