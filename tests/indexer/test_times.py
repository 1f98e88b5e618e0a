"""Points in time as text."""

from datetime import UTC, datetime

from indexer.times import iso_utc


def test_times_are_written_as_utc_with_milliseconds() -> None:
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC).timestamp()
    assert iso_utc(int(noon) * 10**9) == "2024-05-01T12:00:00.000Z"
    assert iso_utc(1_999_999) == "1970-01-01T00:00:00.001Z"
    assert iso_utc(-1) == "1969-12-31T23:59:59.999Z"


def test_impossible_times_are_clamped() -> None:
    assert iso_utc(2**80) == "9999-12-31T23:59:59.999Z"
    assert iso_utc(-(2**80)) == "0001-01-01T00:00:00.000Z"
