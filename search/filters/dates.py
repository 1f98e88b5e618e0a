"""Dates as people write them: years, months, days, seasons, feasts, "last month", ranges."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date

from indexer.errors import BadValue
from search.filters.periods import HOW, Period, day_of, months, years
from search.filters.recent import RECENT
from search.filters.seasons import MONTH, MONTHS, TIME, number_of, time_of_year

YEAR = r"(?:19|20)\d\d"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
LONGEST_DATE = 8
"""Words: "from 24 december 2019 to 6 january 2020"."""

PARTING = re.compile(r" ?(?:\.\.|…) ?| (?:to|until|till|through|and|[-–—]) |(?<=\w)[-–—](?=\w)")
"""What stands between two dates that are the ends of a range."""

Reader = Callable[[re.Match[str], date], Period]


def period(text: str, today: date) -> Period:
    """Return the days that a text names.

    Args:
        text: as in `FORMS` and `RECENT`, or from one of these to another, in any case.
        today: from which "last month" is counted.

    Raises:
        BadValue: it is not a date, there is no such day, or it ends before it begins.
    """
    tidy = _tidy(text)
    if days := _read(tidy, today):
        return days
    if days := _range(tidy, today):
        return days
    raise BadValue(f"{text!r} is not a date: {HOW}")


def is_date(text: str) -> bool:
    """Tell whether words of a search are a date, be it one that there is not.

    Of four digits, only those from 1900 on are a year there.
    """
    return _is_spoken(_tidy(text)) or is_range(text)


def is_range(text: str) -> bool:
    """Tell whether words of a search are two dates, from one to the other."""
    tidy = _tidy(text)
    return not _is_spoken(tidy) and any(
        _is_spoken(first) and _is_spoken(last) for first, last in _ends(tidy)
    )


def _is_spoken(tidy: str) -> bool:
    return any(re.fullmatch(form, tidy) for form in SPOKEN)


def _read(tidy: str, today: date) -> Period | None:
    """Return the days of one date; None where it is not one."""
    for form, read in EVERY.items():
        if found := re.fullmatch(form, tidy):
            return read(found, today)
    return None


def _tidy(text: str) -> str:
    """Write a text in small letters, without commas, and without apostrophes but that of "'19"."""
    plain = text.replace(",", " ").replace("’", "'").lower()
    return " ".join(re.sub(r"'(?!\d\d$)", "", plain).split())


def _ends(tidy: str) -> Iterator[tuple[str, str]]:
    """Yield what the ends of a range may be, the likeliest first."""
    opening = re.match("between |from |", tidy)
    start = opening.end() if opening else 0
    for parting in PARTING.finditer(tidy, start):
        if (parting[0] == " and ") == tidy.startswith("between "):
            yield from _completed(tidy[start : parting.start()], tidy[parting.end() :])


def _completed(first: str, last: str) -> Iterator[tuple[str, str]]:
    """Add to each end of a range what only the other one has: "3 to 5 may 2019", "may 3-5 2019"."""
    yield first, last
    found = re.fullmatch(rf"(.+) ({YEAR})", last)
    if found is None:
        return
    rest, year = found[1], int(found[2])
    if re.fullmatch(DAY, rest):
        month = re.match(rf"(?:{MONTH})\b", first)
        last = f"{month[0]} {last}" if month else last
    elif re.fullmatch(DAY, first):
        month = re.search(rf"\b(?:{MONTH})\b", rest)
        first = f"{first} {month[0]}" if month else first
    if re.search("[a-z]{3}", first):  # of bare numbers, nobody knows what they count
        yield f"{first} {year}", last
        yield f"{first} {year - 1}", last


def _range(tidy: str, today: date) -> Period | None:
    """Return the days from one date to another; None where it is not a range.

    Raises:
        BadValue: it ends before it begins.
    """
    is_range = False
    for one, other in _ends(tidy):
        if (first := _read(one, today)) and (last := _read(other, today)):
            is_range = True
            if first.first <= last.first:
                return Period(first.first, max(first.last, last.last))
    if is_range:
        raise BadValue(f"{tidy!r} ends before it begins: exchange the two dates")
    return None


def _year(found: re.Match[str], _today: date) -> Period:
    year = int(found["year"])
    return years(year, year + (9 if found["decade"] else 0), found[0])


def _month(found: re.Match[str], _today: date) -> Period:
    return months(int(found["year"]), int(found["month"]), 1, found[0])


def _day(found: re.Match[str], _today: date) -> Period:
    name = found["month"]
    month = int(name) if name.isdecimal() else number_of(name)
    return _that_day(int(found["year"]), month, int(re.sub(r"\D", "", found["day"])), found[0])


def _that_day(year: int, month: int, day: int, text: str) -> Period:
    months(year, month, 1, text)  # refuses those that there are not
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise BadValue(f"there is no day {text!r}: {MONTHS[month - 1].title()} has {days} days")
    return day_of(year, month, day)


def _day_or_month_first(found: re.Match[str], _today: date) -> Period:
    """Americans put the month first; nobody does with full stops."""
    one, other, year = int(found["one"]), int(found["other"]), int(found["year"])
    if one > 12 or one == other or found["sign"] == ".":
        return _that_day(year, other, one, found[0])
    if other > 12 or not (one and other):
        return _that_day(year, one, other, found[0])
    day, month = f"{one} {MONTHS[other - 1].title()}", f"{other} {MONTHS[one - 1].title()}"
    raise BadValue(
        f"{found[0]!r} may be {day} or {month}: write {year}-{other:02}-{one:02} or "
        f"{year}-{one:02}-{other:02}"
    )


def _time_of_year(found: re.Match[str], today: date) -> Period:
    """A year of two digits is one of the last hundred."""
    year = int(found["year"])
    if len(found["year"]) == 2:
        year = today.year - (today.year - year) % 100
    return time_of_year(found["time"], year)


def _winter(found: re.Match[str], _today: date) -> Period:
    year, end = int(found["year"]), found["end"]
    if int(end) not in (year + 1, (year + 1) % 100):
        raise BadValue(f"there is no {found[0]!r}: write winter {year}/{(year + 1) % 100:02}")
    return time_of_year("winter", year)


FORMS: dict[str, Reader] = {
    rf"(?P<year>{YEAR})(?P<decade>(?<=0)s)?": _year,
    rf"(?P<year>{YEAR})[-/.](?P<month>\d{{1,2}})": _month,
    rf"(?P<year>{YEAR})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})": _day,
    rf"(?P<month>\d\d)[/.](?P<year>{YEAR})": _month,
    rf"(?P<one>\d\d?)(?P<sign>[-/.])(?P<other>\d\d?)[-/.](?P<year>{YEAR})": _day_or_month_first,
    rf"(?P<day>{DAY})\.? (?:of )?(?P<month>{MONTH})\.? (?P<year>\d{{4}})": _day,
    rf"(?P<month>{MONTH})\.? (?P<day>{DAY}) (?P<year>\d{{4}})": _day,
    rf"(?P<time>{TIME})\.? (?:of |in )?(?P<year>{YEAR})": _time_of_year,
    rf"(?P<time>{TIME})\.? '(?P<year>\d\d)": _time_of_year,
    rf"(?P<year>{YEAR}) (?P<time>{TIME})": _time_of_year,
    rf"winter (?:of )?(?P<year>{YEAR}) ?[-–/] ?(?P<end>{YEAR}|\d\d)": _winter,
}
"""What is a date among the words of a search, besides `RECENT`."""

OTHER_YEARS: dict[str, Reader] = {
    r"(?P<year>\d{4})(?P<decade>(?<=0)s)?": _year,
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})": _month,
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})": _day,
    rf"(?P<time>{TIME}) (?P<year>\d{{4}})": _time_of_year,
}
"""What is a date only where one is asked for."""

SPOKEN = FORMS | RECENT
EVERY = SPOKEN | OTHER_YEARS
