"""The names of labels, of which a damaged one is known from its checksum."""

import sqlite3
from collections.abc import Iterator, Sequence

from indexer.errors import Damaged
from indexer.stores.sqlite.row_checksums import of_values, selected

# As bytes: SQLite would fail at a text that is not UTF-8 any more.
ROWS = "SELECT number, CAST(wnid AS BLOB), checksum FROM labels ORDER BY number"

LOST = (
    "the names of labels are damaged, so that no photo can be ranked: see `magpie salvage`, or put "
    "a copy of the store back"
)

Row = tuple[int, bytes, int | None]


def read_wnids(connection: sqlite3.Connection) -> list[str]:
    """Return the wnid of each number from 0 on.

    Damaged ones are those that their checksums are of, among the classes of ImageNet.

    Raises:
        Damaged: one cannot be told.
    """
    rows = connection.execute(selected(connection, ROWS)).fetchall()
    if all(is_sound(row) for row in rows) and [row[0] for row in rows] == list(range(len(rows))):
        return [wnid.decode() for _, wnid, _ in rows]
    names = mended(rows)
    return [names[number] for number in range(len(rows))]


def is_sound(row: Row) -> bool:
    """Tell whether a row is what was written, as far as is known."""
    number, wnid, checksum = row
    if not isinstance(wnid, bytes) or not wnid.isascii():
        return False
    return checksum is None or checksum == of_values((number, wnid.decode()))


def mended(rows: Sequence[Row]) -> dict[int, str]:
    """Return the wnid of each number.

    Raises:
        Damaged: one cannot be told.
    """
    names = {row[0]: row[1].decode() for row in rows if is_sound(row)}
    missing = set(range(len(rows))) - names.keys()
    for number, wnid, checksum in rows:
        if not is_sound((number, wnid, checksum)):
            found = next(_candidates(missing, wnid, checksum, set(names.values())), None)
            if found is None:
                raise Damaged(LOST)
            names[found[0]] = found[1]
            missing.discard(found[0])
    if missing or len(names) != len(rows):
        raise Damaged(LOST)
    return names


def _candidates(
    numbers: set[int], wnid: bytes, checksum: int | None, taken: set[str]
) -> Iterator[tuple[int, str]]:
    """Yield numbers and wnids that a damaged row may have had, the best first."""
    from indexer import imagenet

    left = [one for one in imagenet.classes() if one not in taken]
    for number in sorted(numbers):
        yield from ((number, one) for one in left if of_values((number, one)) == checksum)
    if len(numbers) == 1 and wnid.decode(errors="replace") in left:  # the checksum is what changed
        yield next(iter(numbers)), wnid.decode()
