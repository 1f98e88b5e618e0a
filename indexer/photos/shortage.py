"""Whether a decoder failed because memory was short, which says nothing about the file."""

import errno
import mmap
from collections.abc import Iterator

from indexer.errors import NotNow

PROBE = 128_000_000
"""Bytes that are asked for, and given back, to see whether there are any: decoders tell of a
shortage in as many ways as there are decoders, and some take it for damage."""

_WORDS = ("out of memory", "insufficient memory", "unsufficient memory", "cannot allocate memory")


def not_now() -> NotNow:
    """Return the error for it."""
    return NotNow("there is not enough memory to decode it now")


def is_shortage(error: BaseException) -> bool:
    """Tell whether an error, or one that led to it, is due to a shortage of memory."""
    return any(map(_says_so, _and_causes(error))) or not _is_there(PROBE)


def _and_causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__


def _says_so(error: BaseException) -> bool:
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    return any(words in str(error).lower() for words in _WORDS)


def _is_there(size: int) -> bool:
    """Tell whether the system would give so much memory; no page of it is touched."""
    try:
        mmap.mmap(-1, size).close()
    except (OSError, MemoryError):
        return False
    return True
