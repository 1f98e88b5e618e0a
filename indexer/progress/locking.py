"""One indexing run a store at a time: two would link neighbours of different states."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.derived.locations import cache_folder
from indexer.errors import StoreAway
from indexer.progress.lines import Progress


@contextmanager
def only_run(location: str, progress: Progress) -> Iterator[None]:
    """Enclose a run on the store at `location`; a second one on this machine waits for the first.

    The lock ends with the process, however that ends. Runs of other machines on a shared server
    are not seen: their photos are safe all the same, as every write names the version it changes.

    Raises:
        StoreAway: the lock cannot be kept in the cache folder.
    """
    from filelock import FileLock, Timeout

    path = lock_file(location)
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        progress.say(f"another run indexes into {location}: waiting for it")
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
    """Return what a run locks that describes the photos of a store anew, beside other runs."""
    return f"{location}#reindex"


def lock_file(location: str) -> Path:
    """Return the lock of the store at `location`; other files about a run lie beside it."""
    return cache_folder() / "locks" / hashlib.sha256(location.encode()).hexdigest()[:32]


def is_locked(location: str) -> bool:
    """Tell whether a run is under way on the store at `location`."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(lock_file(location), timeout=0):
            return False
    except (Timeout, OSError):
        return True
