"""Times that are counted from today: "last month", "last weekend", "3 days ago"."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from indexer.errors import BadValue
from search.filters.periods import HOW, Period, months, months_before, years
from search.filters.seasons import TIME, time_of_year

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
COUNT = rf"\d{{1,4}}|an?|{'|'.join(NUMBERS)}"
UNIT = "day|week|month|year"


def _near_time(found: re.Match[str], today: date) -> Period:
    """This one is of this year, or began in the last one; the last one is over."""
    this, last = (time_of_year(found["time"], today.year - ago) for ago in (0, 1))
    if found["which"] == "this":
        return last if last.last >= today else this  # winter, until the end of February
    if this.last < today:
        return this
    return last if last.last < today else time_of_year(found["time"], today.year - 2)


def _time_of_that_year(found: re.Match[str], today: date) -> Period:
    return time_of_year(found["time"], today.year - (found["which"] == "last"))


def _near(found: re.Match[str], today: date) -> Period:
    return _back(found["unit"], int(found["which"] == "last"), today, found[0])


def _weekend(found: re.Match[str], today: date) -> Period:
    week = _back("week", int(found["which"] != "this"), today, found[0])
    return Period(week.last - timedelta(1), week.last)


def _weekday(found: re.Match[str], today: date) -> Period:
    """The latest one before today; this one is of this week."""
    at = WEEKDAYS.index(found["weekday"])
    if found["which"] == "this":
        day = today + timedelta(at - today.weekday())
    else:
        day = today - timedelta((today.weekday() - at - 1) % 7 + 1)
    return Period(day, day)


def _ago(found: re.Match[str], today: date) -> Period:
    return _back(found["unit"], _count(found["count"]), today, found[0])


def _until_today(found: re.Match[str], today: date) -> Period:
    """The last 7 days end today, and have today among them."""
    count = _count(found["count"]) if found["count"] else 1
    if found["unit"] in ("day", "week"):
        first = _days_before(today, count * (7 if found["unit"] == "week" else 1), found[0])
    else:
        first = months_before(today, count * (12 if found["unit"] == "year" else 1))
    return Period(first + timedelta(1), today) if count else Period(today, today)


def _back(unit: str, count: int, today: date, text: str) -> Period:
    """Return a day, a week from Monday on, a month or a year, so many of them before this one."""
    match unit:
        case "day":
            day = _days_before(today, count, text)
            return Period(day, day)
        case "week":
            monday = _days_before(today - timedelta(today.weekday()), 7 * count, text)
            return Period(monday, monday + timedelta(6))
        case "month":
            first = months_before(today.replace(day=1), count)
            return months(first.year, first.month, 1, text)
        case _:
            return years(today.year - count, today.year - count, text)


def _days_before(day: date, count: int, text: str) -> date:
    if day.toordinal() <= count + 7:
        raise BadValue(f"there is no time {text!r}: {HOW}")
    return day - timedelta(count)


def _count(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return 1 if text in ("a", "an") else 1 + NUMBERS.index(text)


def _today(found: re.Match[str], today: date) -> Period:
    """Of a night, the evening and what comes after midnight are of two days."""
    days = {"today": (0, 0), "yesterday": (1, 1), "last night": (1, 0)}
    before, until = days.get(found[0], (2, 2))
    return Period(today - timedelta(before), today - timedelta(until))


RECENT: dict[str, Callable[[re.Match[str], date], Period]] = {
    rf"(?P<which>last|this) (?P<time>{TIME})": _near_time,
    rf"(?P<time>{TIME}) (?:of )?(?P<which>last|this) year": _time_of_that_year,
    rf"(?P<which>last|this) years (?P<time>{TIME})": _time_of_that_year,
    r"(?P<which>last|this) (?P<unit>week|month|year)s?": _near,
    r"(?P<which>last|past|this) weekend": _weekend,
    rf"(?P<which>last|past|this) (?P<weekday>{'|'.join(WEEKDAYS)})": _weekday,
    rf"(?:last|past) (?P<count>{COUNT}) (?P<unit>{UNIT})s?": _until_today,
    rf"past (?P<count>)(?P<unit>{UNIT})": _until_today,
    rf"(?P<count>{COUNT}) (?P<unit>{UNIT})s? ago": _ago,
    "today|yesterday|last night|(?:the )?day before yesterday": _today,
}
"""Form -> how it is read, from which day on."""
