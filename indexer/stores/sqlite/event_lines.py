"""The lines of a new copy of the log: every event that the log or the copy before has, once."""

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.batches import batched
from indexer.stores.sqlite.event_rows import EventRow

PAGE = 200

Hashes = NDArray[np.int64]
"""Of texts, in ascending order: 8 bytes each, and two texts of a million share one in 10^7 logs."""


class StoredLog(Protocol):
    """The rows of a log."""

    def texts(self) -> Iterator[EventRow]:
        """Yield all rows without their checksums, which take most of the time."""

    def row(self, number: int) -> EventRow:
        """Return a row with its checksums."""


def all_lines(log: StoredLog, known: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    """Yield all events of the log, then those that it lacks of the ones that are known.

    A row that is known to the letter is an event and is not parsed again: a click waits for this.

    Args:
        log: what is copied.
        known: returns the lines of the copy before, and of what was just written, which are events
            as long as nothing damaged them.
    """
    vouched = _sorted(map(hash, known()))
    copied, ids = array("q"), array("q")
    for page in batched(log.texts(), PAGE):
        are_known = _are_in(vouched, [row.document or b"" for row in page])
        for row, is_known in zip(page, are_known, strict=True):
            line = row.document if is_known else log.row(row.number).line()
            if line:
                copied.append(hash(line))
                ids.append(hash(row.id))
                yield line
    yield from _others(known(), _sorted(copied), _sorted(ids))


def _others(known: Iterable[bytes], copied: Hashes, ids: Hashes) -> Iterator[bytes]:
    for page in batched(known, PAGE):
        are_there = _are_in(copied, page)
        lines = [line for line, is_there in zip(page, are_there, strict=True) if not is_there]
        found = list(by_id(lines))
        are_there = _are_in(ids, [id.encode() for id, _ in found])
        yield from (line for (_, line), there in zip(found, are_there, strict=True) if not there)


def by_id(lines: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the lines that are events, with their ids."""
    for line in lines:
        try:
            yield str(json.loads(line)["id"]), line
        except (ValueError, TypeError, KeyError, RecursionError):  # cut short, or damaged
            continue


def _sorted(hashes: Iterable[int]) -> Hashes:
    return np.sort(np.fromiter(hashes, np.int64))


def _are_in(known: Hashes, texts: Sequence[bytes]) -> list[bool]:
    if not len(known):
        return [False] * len(texts)
    hashes = np.fromiter(map(hash, texts), np.int64, len(texts))
    places = np.searchsorted(known, hashes).clip(max=len(known) - 1)
    found: list[bool] = (known[places] == hashes).tolist()
    return found
