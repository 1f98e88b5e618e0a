"""Points in time as text: ISO 8601 in UTC."""

from datetime import UTC, datetime, timedelta


def iso_utc(nanoseconds: int) -> str:
    """Return nanoseconds since 1970 as "2024-05-01T12:00:00.000Z"; years stay within 1 to 9999."""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=nanoseconds // 1_000_000)
    except OverflowError:  # broken clocks and file systems write any number
        moment = (datetime.max if nanoseconds > 0 else datetime.min).replace(tzinfo=UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
