"""Dates as people write them."""

from datetime import date, timedelta

import pytest

from indexer.errors import BadValue
from indexer.filters import Taken
from search.filters.dates import easter, period

TODAY = date(2024, 3, 6)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", "2019-01-01", "2019-12-31"),
        ("1990s", "1990-01-01", "1999-12-31"),
        ("2019-05", "2019-05-01", "2019-05-31"),
        ("2020/2", "2020-02-01", "2020-02-29"),
        ("2019-12-24", "2019-12-24", "2019-12-24"),
        ("May 2019", "2019-05-01", "2019-05-31"),
        ("sept 2019", "2019-09-01", "2019-09-30"),
        ("24th of December 2019", "2019-12-24", "2019-12-24"),
        ("Dec 24, 2019", "2019-12-24", "2019-12-24"),
        ("summer 2019", "2019-06-01", "2019-08-31"),
        ("fall of 2019", "2019-09-01", "2019-11-30"),
        ("winter 2019", "2019-12-01", "2020-02-29"),
        ("Christmas 2023", "2023-12-24", "2023-12-26"),
        ("easter 2024", "2024-03-29", "2024-04-01"),
        ("halloween 2019", "2019-10-31", "2019-10-31"),
        ("2018-2020", "2018-01-01", "2020-12-31"),
        ("2018 to 2020", "2018-01-01", "2020-12-31"),
        ("between 2018 and 2020", "2018-01-01", "2020-12-31"),
        ("last month", "2024-02-01", "2024-02-29"),
        ("this month", "2024-03-01", "2024-03-31"),
        ("last year", "2023-01-01", "2023-12-31"),
        ("last week", "2024-02-26", "2024-03-03"),
        ("this week", "2024-03-04", "2024-03-10"),
        ("last summer", "2023-06-01", "2023-08-31"),
        ("last winter", "2023-12-01", "2024-02-29"),
        ("this summer", "2024-06-01", "2024-08-31"),
        ("last christmas", "2023-12-24", "2023-12-26"),
        ("yesterday", "2024-03-05", "2024-03-05"),
        ("today", "2024-03-06", "2024-03-06"),
        ("0001-01", "0001-01-01", "0001-01-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("9990s", "9990-01-01", "9999-12-31"),
    ],
)
def test_dates_are_read(text, first, last):
    found = period(text, TODAY)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


def test_nothing_is_after_the_last_day_of_the_calendar():
    assert period("9999-12", TODAY).taken == Taken("9999-12-01", None)
    assert period("9999", TODAY).taken == Taken("9999-01-01", None)
    assert period("9999-11", TODAY).taken == Taken("9999-11-01", "9999-12-01")


def test_last_month_in_january_is_december():
    assert period("last month", date(2024, 1, 31)).first == date(2023, 12, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2019-13", "no month '2019-13'"),
        ("2019-02-30", "February has 28 days"),
        ("31 June 2019", "June has 30 days"),
        ("0000", "no year"),
        ("winter 9999", "no year"),
        ("2020-2018", "ends before it begins"),
        ("soon", "'soon' is not a date: write 2019"),
        ("20190101", "is not a date"),
    ],
)
def test_what_is_not_a_day_is_told(text, why):
    with pytest.raises(BadValue, match=why):
        period(text, TODAY)


def test_easter_is_that_of_the_almanacs():
    """U.S. Census Bureau, "Easter Dates from 1600 to 2099"."""
    known = ("1961-04-02", "1999-04-04", "2008-03-23", "2011-04-24", "2038-04-25", "2099-04-12")
    assert [easter(int(day[:4])).isoformat() for day in known] == list(known)
    assert {easter(year).weekday() for year in range(1900, 2100)} == {6}
    assert all(
        date(year, 3, 22) <= easter(year) <= date(year, 4, 25) + timedelta(0)
        for year in range(1900, 2100)
    )
