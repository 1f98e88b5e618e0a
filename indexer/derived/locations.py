"""Where Magpie keeps its files: the folder of those it can rebuild, and the default store."""

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """The folder for derived files: MAGPIE_CACHE, else the user's cache folder; may not exist."""
    given = os.environ.get("MAGPIE_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("magpie", appauthor=False)


def default_store() -> str:
    """The URL of the store that commands use if none is named; the current folder plays no part."""
    return f"sqlite:///{platformdirs.user_data_path('magpie', appauthor=False) / 'photos.db'}"
