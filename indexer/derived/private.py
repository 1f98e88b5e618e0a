"""Files for their owner alone: photos, words and searches are nobody else's business.

Where several users share a library, MAGPIE_SHARED=yes leaves permissions to the umask and to them.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indexer.derived.locations import cache_folder

OTHERS = 0o077
"""What group and others may do: nothing."""

OF_CACHE = ("locks", "elasticsearch", "read-only", "networks", "openvino")
"""Folders that Magpie makes in the cache folder, which itself others may use too."""


def is_shared() -> bool:
    """Tell whether others are to have the permissions that the umask leaves them."""
    return os.environ.get("MAGPIE_SHARED", "").lower() in ("1", "yes", "true")


def file_mode() -> int:
    """Return the permissions that a new file gets, of which the umask takes its part."""
    return 0o666 if is_shared() else 0o600


def folder_mode() -> int:
    """Return the permissions that a new folder gets, of which the umask takes its part."""
    return 0o777 if is_shared() else 0o700


@contextmanager
def made_for_owner() -> Iterator[None]:
    """Let what this process makes be for its owner alone."""
    before = os.umask(OTHERS)
    if is_shared():
        os.umask(before)
    try:
        yield
    finally:
        os.umask(before)


def mend_cache() -> None:
    """Take from others what they may do with what Magpie keeps in the cache folder."""
    mend(cache_folder() / name for name in OF_CACHE)


def mend(things: Iterable[Path]) -> None:
    """Take from others what they may do with files, and folders with all in them, of this user.

    Links are left alone, and what cannot be changed, as on a read-only disk, stays as it is.
    """
    if is_shared():
        return
    for thing in things:
        with suppress(OSError):
            known = thing.lstat()
            if known.st_uid != os.geteuid() or stat.S_ISLNK(known.st_mode):
                continue
            is_open = bool(known.st_mode & OTHERS)
            if is_open:
                thing.chmod(stat.S_IMODE(known.st_mode) & ~OTHERS)
            if is_open and stat.S_ISDIR(known.st_mode):  # nobody gets at what is in a closed one
                mend(thing.iterdir())
