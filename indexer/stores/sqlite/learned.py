"""The learned words of an SQLite store: one table, made with the first word."""

import json
from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

from typing_extensions import override

from indexer.errors import NotFound
from indexer.events import Learned
from indexer.stores.log_protocols import LearnedTable
from indexer.stores.sqlite import event_rows
from indexer.stores.sqlite.database import Database, has_table

# state: that of the log of events which a word was derived from. examples: a JSON list.
TABLE = """
CREATE TABLE IF NOT EXISTS words (
    word TEXT PRIMARY KEY, good INTEGER NOT NULL, bad INTEGER NOT NULL, uploads INTEGER NOT NULL,
    users INTEGER NOT NULL, changed TEXT NOT NULL, examples TEXT NOT NULL, state INTEGER NOT NULL
) WITHOUT ROWID
"""


class SqliteLearned(LearnedTable):
    """The table `words`."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database

    @override
    def replace(self, learned: Iterable[Learned], state: int) -> None:
        rows = [(*_row(one), state) for one in learned]
        with self._database.writing() as connection:
            if event_rows.last_number(connection) > state:
                return  # the writer of that event writes the table, and may have removed a word
            connection.execute(TABLE)
            connection.execute("DELETE FROM words WHERE state <= ?", (state,))
            connection.executemany("INSERT OR IGNORE INTO words VALUES (?,?,?,?,?,?,?,?)", rows)

    @override
    def read(self) -> list[Learned]:
        try:
            with self._database.reading() as connection:
                if not has_table(connection, "words"):
                    return []
                found = connection.execute("SELECT * FROM words ORDER BY word").fetchall()
        except NotFound:
            return []
        return [Learned(*(*row[:6], tuple(json.loads(row[6])))) for row in found]


def _row(one: Learned) -> tuple[Any, ...]:
    *numbers, examples = astuple(one)
    return (*numbers, json.dumps(examples))
