"""Where photos live: a folder for each kind of store, loaded by the scheme of its URL.

A new kind of store is a new folder `indexer/stores/<name>/` with a function `open_store(url)`, and
a line in `urls.SCHEMES`.
"""

import importlib

from indexer.stores.checks import require_complete, require_writable
from indexer.stores.log_protocols import EventLog, LearnedTable, SearchLog
from indexer.stores.protocols import PICTURES, Store
from indexer.stores.urls import kind_of

__all__ = [
    "PICTURES",
    "EventLog",
    "LearnedTable",
    "SearchLog",
    "Store",
    "open_store",
    "require_complete",
    "require_writable",
]


def open_store(url: str) -> Store:
    """Open the store that `url` names; nothing is created, and a missing store is not an error.

    Args:
        url: "sqlite:///relative.db", "sqlite:////absolute.db" or "http(s)://host:port/name".

    Raises:
        BadValue: the scheme is unknown, or the URL is malformed.
    """
    module = importlib.import_module(f"indexer.stores.{kind_of(url)}")
    store: Store = module.open_store(url)
    return store
