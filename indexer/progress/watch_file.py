"""What processes that follow folders tell others: a small file each, beside the run's lock.

A process holds the lock of its file while it follows, so one that died is not taken for alive.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.progress.run_lock import lock_file


@dataclass(frozen=True, slots=True)
class Watching:
    """What a process follows.

    Attributes:
        folders: as `paths.to_text` writes them.
        by: "events" of the system, or "polling".
        watched: number of folders, those below included.
        every_seconds: pause between two looks at all files; None where events tell everything.
        started: ISO 8601 with milliseconds in UTC.
    """

    folders: tuple[str, ...]
    by: str
    watched: int
    every_seconds: float | None
    started: str


@contextmanager
def publishing(location: str) -> Iterator[Callable[[Watching], None]]:
    """Enclose following for the store at `location`; give what publishes how it is done."""
    from filelock import FileLock

    folder = lock_file(location).parent
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    # Not the process's id, which containers that share the cache have in common.
    path = folder / f"{_name(location)}{secrets.token_hex(4)}.json"
    lock = FileLock(path.with_suffix(".lock"))
    with suppress(OSError):  # without a place for it nobody is told, and following goes on
        lock.acquire(timeout=0)

    def publish(watching: Watching) -> None:
        with suppress(OSError):
            new = path.with_suffix(".new")
            new.write_text(json.dumps(asdict(watching)), "utf-8")
            new.replace(path)

    try:
        yield publish
    finally:
        with suppress(OSError):
            path.unlink()
        lock.release()
        _remove(path)


def watching(location: str) -> tuple[Watching, ...]:
    """Return what is followed for the store at `location`, by all processes of this machine."""
    files = sorted(lock_file(location).parent.glob(f"{_name(location)}*.json"))
    return tuple(told for file in files if (told := _read(file)))


def _read(path: Path) -> Watching | None:
    from filelock import FileLock, Timeout

    try:
        with FileLock(path.with_suffix(".lock"), timeout=0):
            pass  # nobody holds it: its process died
    except Timeout:
        with suppress(OSError, ValueError, TypeError):
            told = json.loads(path.read_text("utf-8"))
            return Watching(**told | {"folders": tuple(told["folders"])})
        return None
    except OSError:
        return None
    _remove(path)
    return None


def _remove(path: Path) -> None:
    for left in (path, path.with_suffix(".lock"), path.with_suffix(".new")):
        with suppress(OSError):
            left.unlink(missing_ok=True)


def _name(location: str) -> str:
    return f"{lock_file(location).name}.watch-"
