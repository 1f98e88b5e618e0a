"""One connection to an SQLite file for each thread, even when another file takes its place.

A store has a write-ahead log, for which SQLite makes two files beside it. Where it cannot make
them, it reads a store all the same if somebody else has made them, or if it is told that the file
does not change ("immutable", https://sqlite.org/uri.html). That is true as long as there is no log,
because every writer begins one; so a reader looks before and after each transaction. On a full disk
they cannot be made either, which shows only when it is tried.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from indexer.derived.locations import may_write
from indexer.stores.sqlite.on_disk import in_use

BUSY_SECONDS = 60
"""How long a write waits for another process's transaction; ours take far below a second."""
CLOSING_SECONDS = 5
"""How long closing waits for the transactions of other threads."""

WRITABLE, READABLE, UNCHANGING = "mode=rw", "mode=ro", "mode=ro&immutable=1"
"""Parameters of the URI by which SQLite opens a file; none of them makes one."""

NO_PLACE = (
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL
)  # fmt: skip
"""What SQLite says where it may not make, or has no room for, the files beside a store."""

State = tuple[str, int, int]
"""How to open a file, and its size and time where it must not change meanwhile."""


class FileIdentity(NamedTuple):
    """A file: its device and inode, and how it may be opened."""

    device: int
    inode: int
    state: State


@dataclass(slots=True, eq=False)
class OpenConnection:
    """A connection.

    Attributes:
        file: what it was opened to; None = a file that was not there yet.
        connection: of one thread.
        thread: whose it is.
        uses: how often that thread is using it now.
        was_read: whether there was room for what reading takes.
    """

    file: FileIdentity | None
    connection: sqlite3.Connection
    thread: threading.Thread
    uses: int = 0
    was_read: bool = False

    def is_unused(self) -> bool:
        """Whether it may be closed."""
        return self.uses == 0


class Connections:
    """Gives each thread a connection of its own, and closes those of threads that ended."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is opened on first use."""
        self._path = path
        self._of_thread = threading.local()
        self._all: list[OpenConnection] = []
        self._unused = threading.Condition()
        self._is_full = False  # the disk, as far as readers know

    @contextmanager
    def transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        """Give a connection to the file that has the name now, in a transaction.

        Args:
            begin: the statement that begins it.
        """
        writes = begin != "BEGIN"
        while True:
            with self._using(writes) as opened:
                connection = opened.connection
                connection.execute(begin)
                try:
                    # Another file may have taken its place while this waited for the lock, and
                    # writes to the old one would be lost. None can come later: that needs the lock.
                    if self.identity(writes) == opened.file:
                        yield connection
                        connection.execute("COMMIT")
                        return
                    connection.execute("ROLLBACK")
                except BaseException:
                    if connection.in_transaction:  # a full disk makes SQLite roll back by itself
                        connection.execute("ROLLBACK")
                    raise

    def execute(self, statement: str) -> list[Any]:
        """Execute a statement that no transaction may hold; return its rows."""
        with self._using(writes=True) as opened:
            return opened.connection.execute(statement).fetchall()

    def identity(self, writes: bool = False) -> FileIdentity | None:
        """Return what tells the file from another one that takes its place, and how to open it.

        Args:
            writes: whether it is opened to write, which a full disk may take again.
        """
        try:
            status = self._path.stat()
        except OSError:
            return None
        is_full = self._is_full and not writes and not _log_bytes(self._path)
        state = _unchanging(status) if is_full else _state(self._path, status)
        return FileIdentity(status.st_dev, status.st_ino, state)

    def unchanged(self) -> bool:
        """Tell whether this thread's last transaction saw one state of a file without a lock."""
        opened = self._known()
        if opened is None or opened.file is None or opened.file.state[0] != UNCHANGING:
            return True
        try:
            status = self._path.stat()
        except OSError:
            return False
        return (status.st_size, status.st_mtime_ns) == opened.file.state[1:]

    def close(self) -> None:
        """Close the connections of all threads, those in use as soon as they are not.

        SQLite crashes where a connection is closed while another thread is using it.
        """
        own = threading.current_thread()
        with self._unused:
            closing, self._all = self._all, []
            self._of_thread = threading.local()
            for opened in closing:
                if opened.thread is own or self._unused.wait_for(opened.is_unused, CLOSING_SECONDS):
                    opened.connection.close()

    @contextmanager
    def _using(self, writes: bool) -> Iterator[OpenConnection]:
        with self._unused:
            opened = self._current(writes)
            opened.uses += 1
        try:
            yield opened
        finally:
            with self._unused:
                opened.uses -= 1
                self._unused.notify_all()

    def _known(self) -> OpenConnection | None:
        return getattr(self._of_thread, "opened", None)

    def _current(self, writes: bool) -> OpenConnection:
        """Return this thread's connection to the file that has the name now."""
        if writes:
            self._is_full = False
        while True:
            identity, known = self.identity(writes), self._known()
            if known is not None and known.file == identity:
                if writes or self._is_full or self._can_read(known):
                    return known
                self._is_full = True  # so that it is opened otherwise, if that can be
                continue
            connection = self._connect(identity.state[0] if identity else WRITABLE)
            # Otherwise it may have opened the new file under the old name, and would look for its
            # log there.
            if self.identity(writes) == identity:
                opened = OpenConnection(identity, connection, threading.current_thread())
                self._of_thread.opened = opened
                self._keep(opened)
            else:
                connection.close()

    def _can_read(self, opened: OpenConnection) -> bool:
        """Tell whether a connection has the room that reading takes, which is tried once."""
        opened.was_read = opened.was_read or _finds_room(opened.connection)
        return opened.was_read

    def _connect(self, how: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{quote(str(self._path))}?{how}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,  # only this file begins and ends transactions
            check_same_thread=False,  # other threads close it
        )

    def _keep(self, opened: OpenConnection) -> None:
        """Remember a connection; close those that no thread can use any more."""
        for old in self._all:
            if old.thread is opened.thread or not old.thread.is_alive():
                old.connection.close()
        others = [old for old in self._all if old.thread.is_alive()]
        self._all = [old for old in others if old.thread is not opened.thread]
        self._all.append(opened)


def is_read_only(path: Path) -> bool:
    """Tell whether there is a store that may not be written, or to whose folder nothing may."""
    return not _is_writable(path) and path.exists()


def how_to_read(path: Path) -> str:
    """Return the parameters by which SQLite reads a store now, perhaps a damaged one."""
    if _log_bytes(path):  # which has what the file lacks
        return READABLE
    with closing(sqlite3.connect(f"file:{quote(str(in_use(path)))}?{READABLE}", uri=True)) as tried:
        try:
            tried.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in NO_PLACE:
                return UNCHANGING
    return READABLE


def _state(path: Path, status: os.stat_result) -> State:
    """Return how the file behind the name `path` may be opened now.

    Args:
        path: of the store.
        status: of the file.
    """
    if _is_writable(path):  # asked in every transaction
        return WRITABLE, 0, 0
    if _has_log(path):
        return READABLE, 0, 0
    return _unchanging(status)


def _unchanging(status: os.stat_result) -> State:
    return UNCHANGING, status.st_size, status.st_mtime_ns


def _finds_room(connection: sqlite3.Connection) -> bool:
    """Whether a connection can make what it needs beside the file; other errors show later."""
    try:
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code not in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)
    return True


def _is_writable(path: Path) -> bool:
    return may_write(path) and may_write(path.parent)


def _has_log(path: Path) -> bool:
    """Whether a log has what the file lacks, or a process has begun one."""
    size = _log_bytes(path)
    return size is not None and (size > 0 or Path(f"{in_use(path)}-shm").exists())


def _log_bytes(path: Path) -> int | None:
    """Return how much the log of a store holds; None where there is none."""
    try:
        return Path(f"{in_use(path)}-wal").stat().st_size
    except OSError:
        return None


def lacks_index(path: Path) -> bool:
    """Whether there is a log that cannot be read, as nobody has made the index of it."""
    return is_read_only(path) and _has_log(path) and not Path(f"{in_use(path)}-shm").exists()
