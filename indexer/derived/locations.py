"""Where Magpie keeps its files: the folder of those it can rebuild, and the default store."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import platformdirs

_EFFECTIVE = os.access in os.supports_effective_ids
"""Whether the system can tell what the effective user may do, and not only the real one."""


def cache_folder() -> Path:
    """The folder for derived files: MAGPIE_CACHE, else the user's cache folder; may not exist."""
    given = os.environ.get("MAGPIE_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("magpie", appauthor=False)


def may_write(path: Path) -> bool:
    """Tell whether this process may change a file, or what is in a folder."""
    return os.access(path, os.W_OK, effective_ids=_EFFECTIVE)


def place_of(beside: Path) -> Path:
    """Return where a derived file belongs that should lie at `beside`, next to what it is made of.

    Where nothing may be written there, that is in the cache folder; what lies beside is then used
    as it is, by a link, until there is something newer.
    """
    if may_write(beside.parent) and (not beside.is_dir() or may_write(beside)):
        return beside
    owner = hashlib.sha256(os.fsencode(beside.parent)).hexdigest()[:32]
    kept = cache_folder() / "read-only" / owner / beside.name
    with suppress(OSError):  # a full disk, say, of which the writer will tell
        _link(beside, kept)
    return kept


def _link(beside: Path, kept: Path) -> None:
    """Let `kept` have the file, or the files of the folder, that it does not have yet."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    if beside.is_dir():
        for file in beside.iterdir():
            if file.is_file() and file.name != "lock":
                _link(file, kept / file.name)
    elif beside.is_file() and not os.path.lexists(kept):
        kept.symlink_to(beside)


def default_store() -> str:
    """The URL of the store that commands use if none is named; the current folder plays no part."""
    return f"sqlite:///{platformdirs.user_data_path('magpie', appauthor=False) / 'photos.db'}"
