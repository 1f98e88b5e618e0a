"""Parts of a file, as players of films ask for them: RFC 9110, section 14."""

import re

from search.api.errors import Refused

ONE_RANGE = re.compile(r"bytes\s*=\s*(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))\s*", re.IGNORECASE)


def byte_range(asked: str, size: int) -> tuple[int, int] | None:
    """Read a Range header for a file of `size` bytes.

    Returns:
        The first byte and the one after the last; None where the whole file is the answer: the
        header is empty, or of a kind that a server may ignore, such as several ranges.

    Raises:
        Refused: the file has none of these bytes (416).
    """
    match = ONE_RANGE.fullmatch(asked)
    if not match:
        return None
    first, last, tail = match.groups()
    if tail is not None:
        start, end = max(0, size - int(tail)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise Refused(
            416,
            f"the file has {size} bytes, {asked!r} is beyond",
            {"content-range": f"bytes */{size}"},
        )
    return start, end
