"""The SQLite file of a store: its tables, its transactions, and its errors in words."""

import errno
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from indexer.derived.locations import place_of
from indexer.derived.private import file_mode
from indexer.errors import BadValue, Damaged, NotFound, ReadOnly, StoreAway
from indexer.stores.checks import READ_ONLY
from indexer.stores.sqlite.connections import Connections, is_read_only, lacks_index
from indexer.stores.sqlite.on_disk import in_use
from indexer.stores.sqlite.schema import APPLICATION, SCHEMA, page_size

BATCH = 256
"""Photos that are written in one transaction or read at a time: 2 MB of vectors."""

AMONG = "id IN (SELECT value FROM json_each(?))"
"""Condition for photos whose ids come `as_json`."""

AFTER = "id > ? ORDER BY id"
"""Condition and order of `Database.pages` of photos."""

SPACE = "no space left on the disk of {place}: free some and run the command again, nothing is lost"
DENIED = "cannot use the store {place}: {error}; check its permissions and those of its folder"
BUSY = "the store {place} is busy: another process has been writing to it; try again later"
FAILED = "the disk of {place} failed ({error}): check whether it is full, then try again"
DAMAGED = "the store {place} is damaged ({error}): see `magpie salvage`, or put a copy back"
UNREADABLE = (
    "the store {place} is damaged ({error}): run `magpie verify --repair`, or see `magpie salvage`"
)
CHANGED = "the store {place} changed while it was read: try again"
NO_INDEX = (
    "the store {place} is read-only and has a log that was not folded into it ({place}-wal): open "
    "it where it may be written, as with magpie status, or copy both files"
)
FOREIGN = "{place} is not a Magpie store ({error}): name another file with --store"

MESSAGES = {
    sqlite3.SQLITE_FULL: SPACE,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_IOERR: FAILED,
    sqlite3.SQLITE_CANTOPEN: DENIED,
    sqlite3.SQLITE_READONLY: DENIED,
    sqlite3.SQLITE_PERM: DENIED,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
}

OF_DAMAGE = ("malformed JSON", "Could not decode to UTF-8")
"""In what SQLite says of a text that was damaged in a row, which has no code of its own."""


Values = Mapping[str, str | int]
"""One row, by column."""


class Database:
    """One SQLite file, shared by the threads of a process.

    Where another file takes its place, that one is opened, and no write goes to the old one.
    """

    def __init__(self, path: Path) -> None:
        """Name the file; it is opened on first use."""
        self.path = path
        self.location = f"sqlite:///{path}"
        self._connections = Connections(path)
        self._ours: object = None  # the file that was last seen to be a store

    @property
    def file(self) -> Path:
        """The file that the name stands for now: see on_disk.py."""
        return in_use(self.path)

    @property
    def is_read_only(self) -> bool:
        """Whether there is a file and nothing may be written to it, or to its folder."""
        return is_read_only(self.path)

    def derived(self, name: str) -> Path:
        """Return where a file belongs that is made from this one."""
        return place_of(Path(f"{self.file}.{name}"))

    def exists(self) -> bool:
        """Whether there is a store; an empty file is not one yet.

        Raises:
            BadValue: the file is something else.
            StoreAway: it cannot be read.
        """
        identity = self._connections.identity()
        if identity and identity == self._ours:
            return True
        with self.explained():
            if self.path.is_dir():
                raise BadValue(FOREIGN.format(place=self.path, error="it is a folder"))
            if not self.path.exists() or self.path.stat().st_size == 0:
                return False
            # One transaction, or a store that is just being made has tables and no owner yet.
            with self._transaction("BEGIN") as connection:
                ours = _application(connection) == APPLICATION
                (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if ours:
            self._ours = identity
            return True
        if tables:
            raise BadValue(FOREIGN.format(place=self.path, error="another program's database"))
        return False

    def create(self, info: Values, origin: Values | None) -> None:
        """Make folder, file and tables, and write these rows, unless another process just did.

        Raises:
            StoreAway: the place is full or cannot be written.
        """
        with self.explained():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(file_mode())
            size = page_size(int(info["dimensions"]))
            self._connections.execute(f"PRAGMA page_size = {size}")
            # A write-ahead log, so that readers and the one writer do not wait for each other.
            self._connections.execute("PRAGMA journal_mode = WAL")
        with self._transaction("BEGIN IMMEDIATE") as connection:
            if _application(connection) == APPLICATION:
                return
            for statement in SCHEMA.split("\n\n"):
                connection.execute(statement)
            for table, row in (("info", info), ("origin", origin)):
                if row is not None:
                    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
                    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", row)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one unchanging state of the store.

        Raises:
            NotFound: there is no store.
        """
        self._require()
        try:
            with self._transaction("BEGIN") as connection:
                yield connection
        finally:
            if not self._connections.unchanged():  # whatever was read, and whatever went wrong
                raise StoreAway(CHANGED.format(place=self.path))

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection whose writes are all on disk afterwards, or none after an error.

        Raises:
            NotFound: there is no store.
            StoreAway: the disk is full or cannot be written.
        """
        self._require()
        if self.is_read_only:
            raise ReadOnly(READ_ONLY.format(place=self.location))
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def changing(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """Do as `writing`, for photos: give the number of the change too."""
        with self.writing() as connection:
            (change,) = connection.execute(
                "UPDATE info SET change = change + 1 RETURNING change"
            ).fetchone()
            yield connection, change

    def pages(self, query: str, length: int) -> Iterator[list[Any]]:
        """Yield all rows in lists of `length`, each read in a transaction of its own.

        A slow reader would otherwise keep SQLite from folding its log into the file.

        Args:
            query: selects rows in order of their first column, from those "> ?" on.
        """
        last = ""
        while True:
            with self.reading() as connection:
                rows = connection.execute(f"{query} LIMIT {length}", (last,)).fetchall()
            yield rows
            if len(rows) < length:
                return
            last = rows[-1][0]

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn errors of SQLite and of the disk into one line for users."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without SQLite's extension bits
            if code == sqlite3.SQLITE_NOTADB:
                raise BadValue(FOREIGN.format(place=self.path, error=error)) from error
            if code == sqlite3.SQLITE_CANTOPEN and lacks_index(self.path):
                raise StoreAway(NO_INDEX.format(place=self.path)) from error
            if any(text in str(error) for text in OF_DAMAGE):
                raise Damaged(UNREADABLE.format(place=self.path, error=error)) from error
            message = MESSAGES.get(code, "the store {place} failed: {error}; try again")
            kind = Damaged if code == sqlite3.SQLITE_CORRUPT else StoreAway
            raise kind(message.format(place=self.path, error=error)) from error
        except OSError as error:
            message = SPACE if error.errno in (errno.ENOSPC, errno.EDQUOT) else DENIED
            raise StoreAway(message.format(place=self.path, error=error.strerror)) from error

    def execute(self, statement: str) -> list[Any]:
        """Execute a statement that no transaction may hold; return its rows."""
        return self._connections.execute(statement)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._connections.close()
        self._ours = None

    def _require(self) -> None:
        if not self.exists():
            raise NotFound(
                f"no store at {self.location}: make one with `magpie index FOLDER`, "
                "or name another with --store"
            )

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self.explained(), self._connections.transaction(begin) as connection:
            yield connection


def as_json(texts: Iterable[str | int]) -> str:
    """Return a list as one parameter of a query, of any length."""
    return json.dumps(list(texts))


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Whether a table exists that is made only when it is first written to."""
    query = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
    return connection.execute(query, (name,)).fetchone() is not None


def _application(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("PRAGMA application_id").fetchone()
    return int(number)
