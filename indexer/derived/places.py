"""Where Magpie keeps files that it can make again."""

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """The folder for derived files: MAGPIE_CACHE, else the user's cache folder; may not exist."""
    given = os.environ.get("MAGPIE_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("magpie", appauthor=False)


def default_store() -> str:
    """The URL of the store that commands use when none is named; independent of where one is."""
    return f"sqlite:///{platformdirs.user_data_path('magpie', appauthor=False) / 'photos.db'}"
