"""How far the writes to an SQLite store have come.

Files that are derived from its tables are marked with it, and find what is new to them by the
numbers of changes in the tables.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Mark:
    """The token of a store, and the number of a write to its photos."""

    token: str
    change: int

    @classmethod
    def of_photos(cls, connection: sqlite3.Connection) -> Self:
        """Read the last write to photos of any kind, neighbour lists included."""
        return cls(*connection.execute("SELECT token, change FROM info").fetchone())

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> Self:
        """Read the last write to labels or vectors; takes two steps in indices."""
        token, changed, deleted = connection.execute(
            "SELECT token, (SELECT max(content) FROM photos), (SELECT max(change) FROM deletions) "
            "FROM info"
        ).fetchone()
        return cls(token, max(changed or 0, deleted or 0))

    def since(self, mark: str | None) -> int:
        """Return the change that a derived file marked `mark` mirrors, -1 if it is of no use."""
        token, _, change = (mark or "").rpartition(":")
        if token != self.token or int(change) > self.change:  # another file, or an older copy of it
            return -1
        return int(change)

    def __str__(self) -> str:
        return f"{self.token}:{self.change}"


def deleted_since(connection: sqlite3.Connection, change: int) -> Iterator[str]:
    """Yield the ids of photos that were deleted after a change."""
    for (id,) in connection.execute("SELECT id FROM deletions WHERE change > ?", (change,)):
        yield id
