"""One connection to an SQLite file for each thread, even when another file takes its place."""

import sqlite3
import threading
from pathlib import Path
from urllib.parse import quote

BUSY_SECONDS = 60
"""How long a write waits for another process's transaction; ours take far below a second."""


class Connections:
    """Gives each thread a connection of its own, and closes those of threads that ended."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is opened on first use."""
        self._path = path
        self._of_thread = threading.local()
        self._all: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._lock = threading.Lock()

    def begin(self, statement: str) -> sqlite3.Connection:
        """Begin a transaction on the file that has the name now."""
        while True:
            connection = self.current()
            connection.execute(statement)
            # Another file may have taken its place while this waited for the lock, and writes to
            # the old one would be lost. None can come later: that needs this lock.
            if self.identity() == self._of_thread.known[0]:
                return connection
            connection.execute("ROLLBACK")

    def current(self) -> sqlite3.Connection:
        """Return this thread's connection to the file that has the name now."""
        while True:
            identity = self.identity()
            known: tuple[object, sqlite3.Connection] | None = getattr(
                self._of_thread, "known", None
            )
            if known is not None and known[0] == identity:
                return known[1]
            connection = self._connect()
            # Otherwise it may have opened the new file under the old name, and would look for its
            # log there.
            if self.identity() == identity:
                self._of_thread.known = identity, connection
                self._keep(connection)
                return connection
            connection.close()

    def identity(self) -> object:
        """Return what tells the file from another one that takes its place."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for _, connection in self._all:
                connection.close()
            self._all.clear()
            self._of_thread = threading.local()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{quote(str(self._path))}?mode=rw",  # never makes a file
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,  # only database.py begins and ends transactions
            check_same_thread=False,  # other threads close it
        )

    def _keep(self, connection: sqlite3.Connection) -> None:
        """Remember a connection; close those that no thread can use any more."""
        own = threading.current_thread()
        with self._lock:
            for thread, old in self._all:
                if thread is own or not thread.is_alive():
                    old.close()
            others = [(thread, old) for thread, old in self._all if thread.is_alive()]
            self._all = [(thread, old) for thread, old in others if thread is not own]
            self._all.append((own, connection))
