"""The rows of the log of events, whatever a disk made of them, and the checksums beside them.

Each row of `feedback` has one of the same number in `feedback_checksums`, written in the same
transaction. An event of a store that has none yet gets it with the next event that is written,
which proves what happens to it from then on.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from indexer.events import Event
from indexer.stores.event_checksums import CHANGED, MISSING, BadEvent, chained, checksum_of
from indexer.stores.events import to_document
from indexer.stores.logged_events import from_log
from indexer.stores.sqlite.database import has_table

# checksum: of the document. chain: of the chain before and the checksum.
TABLE = """
CREATE TABLE IF NOT EXISTS feedback_checksums (
    number INTEGER PRIMARY KEY, checksum TEXT NOT NULL, chain TEXT NOT NULL
)
"""

# Not ON CONFLICT, which uses up a number for what it does not insert: the log would have gaps.
ADD = """
INSERT INTO feedback (id, document) SELECT :id, :document
WHERE NOT EXISTS (SELECT 1 FROM feedback WHERE id = :id)
"""

# Ignored where the id is in the log at another number, having been imported before.
PUT_BACK = """
INSERT OR IGNORE INTO feedback (number, id, document)
SELECT number, ?, ? FROM feedback_checksums lost
WHERE checksum = ? AND NOT EXISTS (SELECT 1 FROM feedback WHERE number = lost.number) LIMIT 1
"""

LAST = """
SELECT max(coalesce((SELECT max(number) FROM feedback), 0),
           coalesce((SELECT max(number) FROM feedback_checksums), 0))
"""

PAGE = 200

# As bytes: SQLite would fail at a text that is not UTF-8 any more.
PLAIN = "CAST(feedback.id AS BLOB), CAST(document AS BLOB)"
CHECKS = "CAST(own.checksum AS BLOB), CAST(own.chain AS BLOB), CAST(before.chain AS BLOB)"
FROM_LOG = f"SELECT feedback.number, {PLAIN}, '', '', '' FROM feedback"
FROM_BOTH = f"""
SELECT feedback.number, {PLAIN}, {CHECKS} FROM feedback
LEFT JOIN feedback_checksums own ON own.number = feedback.number
LEFT JOIN feedback_checksums before ON before.number = feedback.number - 1
"""


@dataclass(frozen=True, slots=True)
class EventRow:
    """What is stored of an event: bytes that may be damaged."""

    number: int
    id: bytes | None
    document: bytes | None
    checksum: str | None
    chain: str | None
    chain_before: str | None

    def event(self) -> Event | BadEvent:
        """Return the event, or why it cannot be read."""
        try:
            return self._read()
        except (ValueError, RecursionError) as error:
            id = self.id.decode(errors="replace") if isinstance(self.id, bytes) else ""
            return BadEvent(self.number, id if id.isprintable() else "", str(error))

    def line(self) -> bytes | None:
        """Return the event as files have it, as it is stored where that is the same; else None."""
        event = self.event()
        if isinstance(event, BadEvent) or self.document is None:
            return None
        document = to_document(event)
        is_same = b"\n" not in self.document and json.loads(self.document) == document
        return self.document if is_same else json.dumps(document).encode()

    def _read(self) -> Event:
        if not isinstance(self.document, bytes):
            raise ValueError(MISSING)
        if not self._is_as_written(checksum_of(self.document)):
            raise ValueError(CHANGED)
        document = json.loads(self.document)
        if not isinstance(document, dict):
            raise ValueError("it is not a JSON object")
        return from_log(document, self.number)

    def vouches_against(self, checksum: str) -> bool:
        """Tell whether the checksums are sound, and of another document than this one's."""
        is_sound = self.chain == chained(self.chain_before or "", self.checksum or "")
        # A document that was damaged before it got its checksum has one that fits the damage.
        known = (None, "", checksum, checksum_of(self.document or b""))
        return is_sound and self.checksum not in known

    def _is_as_written(self, checksum: str) -> bool:
        # The chain vouches for a document whose checksum is what was damaged.
        return self.checksum in ("", None, checksum) or self.chain == chained(
            self.chain_before or "", checksum
        )


def page(connection: sqlite3.Connection, after: int) -> list[EventRow]:
    """Return up to `PAGE` rows of higher numbers than `after`, those that cannot be read too.

    Numbers have no gaps, so that rows which a damaged tree of pages hides are missed, and asked for
    one by one.
    """
    query = FROM_BOTH if has_table(connection, "feedback_checksums") else FROM_LOG
    return _page(connection, query, after, last_number(connection))


def page_of_texts(connection: sqlite3.Connection, after: int) -> list[EventRow]:
    """Do as `page`, without checksums."""
    return _page(connection, FROM_LOG, after, last_number(connection))


def row(connection: sqlite3.Connection, number: int) -> EventRow:
    """Return the row of a number, with its checksums."""
    return _row(connection, FROM_BOTH, number)


def _page(connection: sqlite3.Connection, query: str, after: int, last: int) -> list[EventRow]:
    where = "WHERE feedback.number > ? ORDER BY feedback.number LIMIT ?"
    last = min(after + PAGE, last)
    with _surviving_damage():
        rows = _rows(connection, f"{query} {where}", (after, PAGE))
        if [row.number for row in rows] == list(range(after + 1, max(last, after) + 1)):
            return rows
    return [_row(connection, query, number) for number in range(after + 1, last + 1)]


def _row(connection: sqlite3.Connection, query: str, number: int) -> EventRow:
    for tried in (query, FROM_LOG):
        with suppress(sqlite3.DatabaseError):
            found = _rows(connection, f"{tried} WHERE feedback.number = ?", (number,))
            if found:
                return found[0]
    return EventRow(number, None, None, None, None, None)


def _rows(connection: sqlite3.Connection, query: str, values: tuple[int, ...]) -> list[EventRow]:
    found = connection.execute(query, values)
    return [EventRow(*row[:3], *map(_text, row[3:])) for row in found]


def _text(value: bytes | str | None) -> str | None:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


@contextmanager
def _surviving_damage() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise


def last_number(connection: sqlite3.Connection) -> int:
    """Return the highest number that the log ever had; 0 for an empty one."""
    with suppress(sqlite3.DatabaseError):  # a table is missing, or damaged
        return int(connection.execute(LAST).fetchone()[0])
    numbers = [0]
    for table in ("feedback", "feedback_checksums"):
        if has_table(connection, table):
            with _surviving_damage():
                row = connection.execute(f"SELECT max(number) FROM {table}").fetchone()
                numbers.append(int(row[0] or 0))
    return max(numbers)


def add_checksums(connection: sqlite3.Connection) -> int:
    """Give each event its checksum that has none; return the number of the last one."""
    last = connection.execute(
        "SELECT number, CAST(chain AS BLOB) FROM feedback_checksums ORDER BY number DESC LIMIT 1"
    ).fetchone()
    number, chain = (last[0], _text(last[1]) or "") if last else (0, "")
    until = newest(connection)
    while number < until:
        for row in _page(connection, FROM_LOG, number, until):
            checksum = checksum_of(row.document if isinstance(row.document, bytes) else b"")
            number, chain = row.number, chained(chain, checksum)
            connection.execute(
                "INSERT OR REPLACE INTO feedback_checksums VALUES (?, ?, ?)",
                (number, checksum, chain),
            )
    return int(number)


def newest(connection: sqlite3.Connection) -> int:
    """Return the highest number of an event that is in the log; 0 for none."""
    return int(connection.execute("SELECT max(number) FROM feedback").fetchone()[0] or 0)


def add(connection: sqlite3.Connection, id: str, document: str) -> bool:
    """Write an event at the end, unless its id is in the log."""
    return bool(connection.execute(ADD, {"id": id, "document": document}).rowcount)


def put_back(connection: sqlite3.Connection, id: str, document: str) -> bool:
    """Write an event where the log lost the very one that its checksum is of."""
    values = (id, document, checksum_of(document.encode()))
    return bool(connection.execute(PUT_BACK, values).rowcount)


def restore(connection: sqlite3.Connection, id: str, document: str) -> bool:
    """Put an event back into the row of its id, if what is there cannot be read."""
    (number,) = connection.execute("SELECT number FROM feedback WHERE id = ?", (id,)).fetchone()
    found = row(connection, number)
    checksum = checksum_of(document.encode())
    if isinstance(found.event(), Event) or found.vouches_against(checksum):
        return False
    update = "UPDATE feedback SET document = ? WHERE number = ?"
    if not connection.execute(update, (document, found.number)).rowcount:
        connection.execute("REINDEX feedback")  # it still names a row that was lost
        return put_back(connection, id, document) or add(connection, id, document)
    if found.checksum not in (None, checksum):  # it was damaged before it got one
        update = "UPDATE feedback_checksums SET checksum = ? WHERE number = ?"
        connection.execute(update, (checksum, found.number))
        chain_again(connection, found.number, found.chain_before or "")
    return True


def chain_again(connection: sqlite3.Connection, number: int, chain: str) -> None:
    """Chain the checksums from a number on to the one before, whose chain is given.

    A damaged checksum of an event that its chain vouches for is mended: the new chain could not.
    """
    after = "SELECT number, CAST(checksum AS BLOB), CAST(chain AS BLOB) FROM feedback_checksums "
    after += "WHERE number >= ? ORDER BY number"
    before = chain
    for each, *texts in connection.execute(after, (number,)).fetchall():
        checksum, stored = (_text(text) or "" for text in texts)
        own = checksum_of(row(connection, each).document or b"")
        checksum = own if stored == chained(before, own) else checksum
        before, chain = stored, chained(chain, checksum)
        update = "UPDATE feedback_checksums SET checksum = ?, chain = ? WHERE number = ?"
        connection.execute(update, (checksum, chain, each))


def broken_links(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield a line for each event that is not where it was written, and for a lost end."""
    if not has_table(connection, "feedback_checksums"):
        return
    chain = ""
    try:
        for number, *texts in connection.execute(
            "SELECT number, CAST(checksum AS BLOB), CAST(chain AS BLOB) FROM feedback_checksums "
            "ORDER BY number"
        ):
            checksum, stored = (_text(text) or "" for text in texts)
            if stored != chained(chain, checksum):
                yield f"event number {number} of the log does not follow the one before it"
            chain = stored
    except sqlite3.DatabaseError as error:
        yield f"the checksums of the log are damaged ({error}): `magpie salvage` makes new ones"
    yield from _lost_end(connection)


def _lost_end(connection: sqlite3.Connection) -> Iterator[str]:
    sequence: Any = connection.execute(
        "SELECT seq FROM sqlite_sequence WHERE name = 'feedback'"
    ).fetchone()
    lost = (sequence[0] if sequence else 0) - last_number(connection)
    if lost > 0:
        yield f"the last {lost} events of the log are missing: `magpie import` a backup"
