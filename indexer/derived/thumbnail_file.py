"""The thumbnails of a library, in one SQLite file that grows as photos are indexed and shown.

It has no write-ahead log: transactions are short, and a file without one is readable from any disk,
even a read-only one. It is not made durable either: a checksum tells what a power cut damaged.
Whatever goes wrong with it, thumbnails are then made from the photos.
"""

import shutil
import sqlite3
import zlib
from collections.abc import Container, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE
from urllib.parse import quote

READ, WRITE = "ro", "rwc"
"""How SQLite may open the file; the latter makes one."""

BUSY_SECONDS = 5
"""How long one waits for another's transaction, which takes milliseconds."""

AT_ONCE = 500
"""Thumbnails removed in one transaction."""

BEYOND_REPAIR = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS thumbnails (
        number INTEGER PRIMARY KEY, photo TEXT NOT NULL, size INTEGER NOT NULL,
        checksum INTEGER NOT NULL, jpeg BLOB NOT NULL, UNIQUE (photo, size)
    )
    """,
    "CREATE INDEX IF NOT EXISTS by_age ON thumbnails (size, number)",
)

INSERT = "INSERT OR REPLACE INTO thumbnails (photo, size, checksum, jpeg) VALUES (?, ?, ?, ?)"

# A damaged row may hold anything.
SELECT = "SELECT checksum, CAST(jpeg AS BLOB) FROM thumbnails WHERE photo = ? AND size = ?"

TOO_MANY = """
DELETE FROM thumbnails WHERE size = :size AND number <= (
    SELECT number FROM thumbnails WHERE size = :size ORDER BY number DESC LIMIT 1 OFFSET :most
)
"""


@dataclass(frozen=True, slots=True)
class ThumbnailFile:
    """Thumbnails by photo and size. Every call opens the file, so all threads may share one object.

    Attributes:
        path: the file; it may be missing, or be removed at any time.
        owner: the file whose permissions it gets; None = those of any new file.
    """

    path: Path
    owner: Path | None = None

    def get(self, photo: str, size: int) -> bytes | None:
        """Return a JPEG; None where there is none, or it cannot be read, is damaged or empty."""
        found = None
        with self._attempt(), self._open(READ) as connection:
            found = connection.execute(SELECT, (photo, size)).fetchone()
        if not (found and found[1]) or found[0] != _checksum(photo, size, found[1]):
            return None
        jpeg: bytes = found[1]
        return jpeg

    def put(self, size: int, jpegs: Mapping[str, bytes], most: int | None = None) -> None:
        """Keep JPEGs by the photos' ids, if that is possible.

        Args:
            size: of all of them.
            jpegs: at least one.
            most: of that size that are kept, the newest; None = all.
        """
        rows = [(id, size, _checksum(id, size, jpeg), jpeg) for id, jpeg in jpegs.items() if jpeg]
        with self._attempt():
            self._make_room()
            with self._open(WRITE) as connection:
                for statement in SCHEMA:
                    connection.execute(statement)
                connection.executemany(INSERT, rows)
                if most is not None:
                    connection.execute(TOO_MANY, {"size": size, "most": most})

    def keep_only(self, photos: Container[str]) -> None:
        """Remove the thumbnails of all other photos."""
        with self._attempt():
            with self._open(READ) as connection:
                held = connection.execute("SELECT DISTINCT photo FROM thumbnails").fetchall()
            gone = [row for row in held if row[0] not in photos]
            for start in range(0, len(gone), AT_ONCE):
                with self._open(WRITE) as connection:
                    delete = "DELETE FROM thumbnails WHERE photo = ?"
                    connection.executemany(delete, gone[start : start + AT_ONCE])

    def _make_room(self) -> None:
        """Make the folder, and the file if its permissions matter."""
        if self.path.is_dir():  # older versions kept a file for each thumbnail
            shutil.rmtree(self.path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.owner is not None and not self.path.exists():
            self.path.touch(0o600)
            self.path.chmod(S_IMODE(self.owner.stat().st_mode) | 0o600)

    @contextmanager
    def _open(self, how: str) -> Iterator[sqlite3.Connection]:
        """Give a connection in a transaction, which ends with the block."""
        with closing(self._connect(how)) as connection:
            connection.execute("BEGIN IMMEDIATE" if how == WRITE else "BEGIN")
            yield connection
            connection.execute("COMMIT")

    def _connect(self, how: str) -> sqlite3.Connection:
        place = f"file:{quote(str(self.path))}?mode={how}"
        connection = sqlite3.connect(place, BUSY_SECONDS, isolation_level=None, uri=True)
        if how == WRITE:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA auto_vacuum = FULL")  # of a new file: it shrinks again
        return connection

    @contextmanager
    def _attempt(self) -> Iterator[None]:
        """Do without the file where it cannot be used; remove it if it is damaged."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in BEYOND_REPAIR:
                self._remove()

    def _remove(self) -> None:
        for path in (self.path, Path(f"{self.path}-journal")):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _checksum(photo: str, size: int, jpeg: bytes) -> int:
    return zlib.crc32(jpeg, zlib.crc32(f"{photo} {size}".encode()))
