"""Dates as people write them."""

from datetime import date, timedelta

import pytest

from indexer.errors import BadValue
from indexer.filters import Taken
from search.filters.dates import period
from search.filters.seasons import easter

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
        ("the day before yesterday", "2024-03-04", "2024-03-04"),
        ("last night", "2024-03-05", "2024-03-06"),
        ("last weekend", "2024-03-02", "2024-03-03"),
        ("this weekend", "2024-03-09", "2024-03-10"),
        ("last Wednesday", "2024-02-28", "2024-02-28"),
        ("last Tuesday", "2024-03-05", "2024-03-05"),
        ("this Friday", "2024-03-08", "2024-03-08"),
        ("last 3 days", "2024-03-04", "2024-03-06"),
        ("past two weeks", "2024-02-22", "2024-03-06"),
        ("past month", "2024-02-07", "2024-03-06"),
        ("last 10 years", "2014-03-07", "2024-03-06"),
        ("3 days ago", "2024-03-03", "2024-03-03"),
        ("a week ago", "2024-02-26", "2024-03-03"),
        ("two months ago", "2024-01-01", "2024-01-31"),
        ("5 years ago", "2019-01-01", "2019-12-31"),
        ("summer last year", "2023-06-01", "2023-08-31"),
        ("winter of last year", "2023-12-01", "2024-02-29"),
        ("last year's Christmas", "2023-12-24", "2023-12-26"),
        ("May this year", "2024-05-01", "2024-05-31"),
        ("Christmas Eve 2023", "2023-12-24", "2023-12-24"),
        ("christmas day 2023", "2023-12-25", "2023-12-25"),
        ("New Year’s Eve 2019", "2019-12-31", "2019-12-31"),
        ("new year's day 2020", "2020-01-01", "2020-01-01"),
        ("new year 2020", "2019-12-31", "2020-01-01"),
        ("Valentine's Day 2020", "2020-02-14", "2020-02-14"),
        ("thanksgiving 2023", "2023-11-23", "2023-11-23"),
        ("thanksgiving 2019", "2019-11-28", "2019-11-28"),
        ("good friday 2024", "2024-03-29", "2024-03-29"),
        ("summer '19", "2019-06-01", "2019-08-31"),
        ("may ’99", "1999-05-01", "1999-05-31"),
        ("2019 summer", "2019-06-01", "2019-08-31"),
        ("winter 2018/19", "2018-12-01", "2019-02-28"),
        ("winter 2018-2019", "2018-12-01", "2019-02-28"),
        ("winter 1999/00", "1999-12-01", "2000-02-29"),
        ("24.12.2019", "2019-12-24", "2019-12-24"),
        ("3.4.2019", "2019-04-03", "2019-04-03"),
        ("24/12/2019", "2019-12-24", "2019-12-24"),
        ("12/24/2019", "2019-12-24", "2019-12-24"),
        ("5/5/2019", "2019-05-05", "2019-05-05"),
        ("05/2019", "2019-05-01", "2019-05-31"),
        ("from May 2018 to June 2019", "2018-05-01", "2019-06-30"),
        ("may 2018 - june 2019", "2018-05-01", "2019-06-30"),
        ("may to june 2019", "2019-05-01", "2019-06-30"),
        ("may-june 2019", "2019-05-01", "2019-06-30"),
        ("november to february 2020", "2019-11-01", "2020-02-29"),
        ("2019-01-01..2019-03-01", "2019-01-01", "2019-03-01"),
        ("2019-01 to 2019-03", "2019-01-01", "2019-03-31"),
        ("3-5 May 2019", "2019-05-03", "2019-05-05"),
        ("May 3-5, 2019", "2019-05-03", "2019-05-05"),
        ("24 dec to 6 jan 2020", "2019-12-24", "2020-01-06"),
        ("from 24 december 2019 to 6 january 2020", "2019-12-24", "2020-01-06"),
        ("between may and july 2019", "2019-05-01", "2019-07-31"),
        ("last summer to today", "2023-06-01", "2024-03-06"),
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
        ("2020-2018", "'2020-2018' ends before it begins: exchange the two dates"),
        ("june 2019 to may 2019", "ends before it begins"),
        ("2018 and 2019", "is not a date"),
        ("between 2018 to 2019", "is not a date"),
        ("3 to 2019", "is not a date"),
        ("3/4/2019", "may be 3 April or 4 March: write 2019-04-03 or 2019-03-04"),
        ("31/13/2019", "no month"),
        ("0/4/2019", "no month"),
        ("31.2.2019", "February has 28 days"),
        ("winter 2018/20", "there is no 'winter 2018/20': write winter 2018/19"),
        ("new year 0001", "no year"),
        ("5000 years ago", "no year"),
        ("last 9999 years", "no day"),
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


@pytest.mark.parametrize(
    ("text", "day", "first", "last"),
    [
        ("this winter", date(2027, 1, 15), "2026-12-01", "2027-02-28"),
        ("this winter", date(2027, 3, 1), "2027-12-01", "2028-02-29"),
        ("this winter", date(2026, 12, 1), "2026-12-01", "2027-02-28"),
        ("this summer", date(2027, 1, 15), "2027-06-01", "2027-08-31"),
    ],
)
def test_a_season_that_began_last_year_is_this_one_until_it_ends(text, day, first, last):
    days = period(text, day)
    assert (days.first.isoformat(), days.last.isoformat()) == (first, last)
