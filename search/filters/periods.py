"""Days from one to another, in whole years and months."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from indexer.errors import BadValue
from indexer.filters import Taken

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


def day_of(year: int, month: int, day: int) -> Period:
    """Return a day that there is."""
    return Period(date(year, month, day), date(year, month, day))


def years(first: int, last: int, text: str) -> Period:
    """Return whole years.

    Raises:
        BadValue: the calendar does not have them; `text` is what was typed.
    """
    if first < 1 or last > date.max.year:
        raise BadValue(f"there is no year {text!r}: {HOW}")
    return Period(date(first, 1, 1), date(last, 12, 31))


def months(year: int, month: int, count: int, text: str) -> Period:
    """Return whole months, `count` of them.

    Raises:
        BadValue: the calendar does not have them; `text` is what was typed.
    """
    if not 1 <= month <= 12:
        raise BadValue(f"there is no month {text!r}: months are 01 to 12")
    later, final = year + (month + count - 2) // 12, (month + count - 2) % 12 + 1
    if year < 1 or later > date.max.year:
        raise BadValue(f"there is no year {text!r}: {HOW}")
    return Period(date(year, month, 1), date(later, final, monthrange(later, final)[1]))


def months_before(day: date, count: int) -> date:
    """Return the same day of an earlier month, or its last day if that is sooner.

    Raises:
        BadValue: that is before the calendar.
    """
    at = 12 * day.year + day.month - 1 - count
    if at < 12:
        raise BadValue(f"there is no day {count:,} months ago: {HOW}")
    return date(at // 12, at % 12 + 1, min(day.day, monthrange(at // 12, at % 12 + 1)[1]))
