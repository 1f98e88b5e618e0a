"""The lock of a run: only one at a time indexes into a store.

Two would compute neighbours from different states of it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.derived.locations import cache_folder
from indexer.errors import StoreAway
from indexer.progress import Progress


@contextmanager
def only_run(location: str, progress: Progress) -> Iterator[None]:
    """Enclose a run on the store at `location`; a second one on this machine waits for the first.

    The lock ends with the process, however that ends. It does not see runs of other machines on a
    shared server; their photos are safe all the same, because every write names the version that it
    changes.

    Raises:
        StoreAway: the lock file cannot be written to the cache folder.
    """
    from filelock import FileLock, Timeout

    path = lock_file(location)
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        progress.say(f"another run is indexing into {location}: waiting for it")
        lock.acquire()
    except OSError as error:
        raise StoreAway(
            f"cannot use the cache folder {cache_folder()} ({error.strerror or error}): make it "
            "writable, or name another in MAGPIE_CACHE"
        ) from error
    try:
        yield
    finally:
        lock.release()


def renewing(location: str) -> str:
    """Return what `magpie reindex` locks instead of `location`, so that other runs can go on."""
    return f"{location}#reindex"


def lock_file(location: str) -> Path:
    """Return the lock file of the store at `location`; its progress file lies beside it."""
    return cache_folder() / "locks" / hashlib.sha256(location.encode()).hexdigest()[:32]


def is_locked(location: str) -> bool:
    """Tell whether a run on the store at `location` is under way."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(lock_file(location), timeout=0):
            return False
    except (Timeout, OSError):
        return True
