"""The embedded store: one SQLite file, no server; the default.

The tables hold the truth. Searching works on derived files beside them (labels/, vectors.py).
Threads share one store object, and processes one file: each sees the others' writes at once.
"""

from indexer.derived.private import mend
from indexer.stores.sqlite import on_disk
from indexer.stores.sqlite.on_disk import named
from indexer.stores.sqlite.store import SqliteStore
from indexer.stores.urls import to_file


def open_store(url: str) -> SqliteStore:
    """Open "sqlite:///relative.db" or "sqlite:////absolute.db"; the rest of the URL is the path.

    Raises:
        BadValue: the URL names no file.
    """
    # Without symbolic links, so that every path to a store finds its derived files and its lock.
    path = named(to_file(url))
    mend(on_disk.files(path))
    return SqliteStore(path)
