"""Dates as people write them: years, months, days, seasons, feasts, "last month".

Seasons are those of meteorologists in the northern hemisphere: whole months, summer from June on.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from indexer.errors import BadValue
from indexer.filters import Taken

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month in which each begins; each has three."""

MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
FEAST = "christmas|xmas|easter|halloween"
TIME = f"{MONTH}|{'|'.join(SEASONS)}|{FEAST}"
YEAR = r"(?:19|20)\d\d"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
HOW = "write 2019, 2019-05, 2019-05-31 or summer 2019"


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, from `first` to `last`."""

    first: date
    last: date

    @property
    def taken(self) -> Taken:
        """What holds for photos of these days; nothing is after the last day of the calendar."""
        end = self.last + timedelta(1) if self.last < date.max else None
        return Taken(self.first.isoformat(), end.isoformat() if end else None)


Reader = Callable[[re.Match[str], date], Period]


def period(text: str, today: date) -> Period:
    """Return the days that a text names.

    Args:
        text: as in `FORMS`, in any case.
        today: from which "last month" is counted.

    Raises:
        BadValue: it is not a date, or there is no such day.
    """
    tidy = " ".join(text.replace(",", " ").lower().split())
    for form, read in FORMS.items():
        if found := re.fullmatch(form, tidy):
            return read(found, today)
    raise BadValue(f"{text!r} is not a date: {HOW}")


def _year(found: re.Match[str], _today: date) -> Period:
    year = int(found["year"])
    return _years(year, year + (9 if found["decade"] else 0), found[0])


def _range(found: re.Match[str], _today: date) -> Period:
    first, last = int(found["first"]), int(found["last"])
    if last < first:
        raise BadValue(f"{found[0]!r} ends before it begins: write {last} to {first}")
    return _years(first, last, found[0])


def _years(first: int, last: int, text: str) -> Period:
    if first < 1 or last > date.max.year:
        raise BadValue(f"there is no year {text!r}: {HOW}")
    return Period(date(first, 1, 1), date(last, 12, 31))


def _month(found: re.Match[str], _today: date) -> Period:
    return _months(int(found["year"]), int(found["month"]), 1, found[0])


def _day(found: re.Match[str], _today: date) -> Period:
    year, name = int(found["year"]), found["month"]
    month = int(name) if name.isdecimal() else _number(name)
    day = int(re.sub(r"\D", "", found["day"]))
    whole = _months(year, month, 1, found[0])
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise BadValue(f"there is no day {found[0]!r}: {MONTHS[month - 1].title()} has {days} days")
    first = whole.first.replace(day=day)
    return Period(first, first)


def _months(year: int, month: int, count: int, text: str) -> Period:
    if not 1 <= month <= 12:
        raise BadValue(f"there is no month {text!r}: months are 01 to 12")
    later, final = year + (month + count - 2) // 12, (month + count - 2) % 12 + 1
    if year < 1 or later > date.max.year:
        raise BadValue(f"there is no year {text!r}: {HOW}")
    return Period(date(year, month, 1), date(later, final, monthrange(later, final)[1]))


def _time_of_year(found: re.Match[str], _today: date) -> Period:
    return _time(found["time"], int(found["year"]))


def _near_time(found: re.Match[str], today: date) -> Period:
    """This one is of this year; the last one is over."""
    this = _time(found["time"], today.year)
    if found["which"] == "this" or this.last < today:
        return this
    last = _time(found["time"], today.year - 1)
    return last if last.last < today else _time(found["time"], today.year - 2)


def _time(name: str, year: int) -> Period:
    if name in SEASONS:
        return _months(year, SEASONS[name], 3, name)
    if re.fullmatch(MONTH, name):
        return _months(year, _number(name), 1, name)
    if name == "easter":
        sunday = easter(year)
        return Period(sunday - timedelta(2), sunday + timedelta(1))
    if name == "halloween":
        return Period(date(year, 10, 31), date(year, 10, 31))
    return Period(date(year, 12, 24), date(year, 12, 26))


def _number(month: str) -> int:
    return next(n for n, name in enumerate(MONTHS, 1) if name.startswith(month[:3]))


def _near(found: re.Match[str], today: date) -> Period:
    steps = 1 if found["which"] == "last" else 0
    match found["unit"]:
        case "week":
            monday = today - timedelta(today.weekday() + 7 * steps)
            return Period(monday, monday + timedelta(6))
        case "month":
            months = 12 * today.year + today.month - 1 - steps
            return _months(months // 12, months % 12 + 1, 1, found[0])
        case _:
            return _years(today.year - steps, today.year - steps, found[0])


def _today(found: re.Match[str], today: date) -> Period:
    day = today - timedelta(found[0] == "yesterday")
    return Period(day, day)


def easter(year: int) -> date:
    """Return Easter Sunday: Meeus, Jones and Butcher's rule (Meeus 1991, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


FORMS: dict[str, Reader] = {
    r"(?P<year>\d{4})(?P<decade>(?<=0)s)?": _year,
    rf"(?:between |from )?(?P<first>{YEAR}) ?(?:-|–|\.\.| to | and )(?P<last>{YEAR})": _range,
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})": _month,
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})": _day,
    rf"(?P<day>{DAY}) (?:of )?(?P<month>{MONTH})\.? (?P<year>\d{{4}})": _day,
    rf"(?P<month>{MONTH})\.? (?P<day>{DAY}) (?P<year>\d{{4}})": _day,
    rf"(?P<time>{TIME})\.? (?:of |in )?(?P<year>\d{{4}})": _time_of_year,
    rf"(?P<which>last|this) (?P<time>{TIME})": _near_time,
    r"(?P<which>last|this) (?P<unit>week|month|year)": _near,
    "today|yesterday": _today,
}
"""What is read as a date; `written` finds the ones that stand in words."""
