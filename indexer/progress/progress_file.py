"""What a run tells other processes: a small file beside its lock that is removed at the end."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from indexer.progress import FILES, LOOKING, READING, Progress
from indexer.progress.pace import Pace
from indexer.progress.run_lock import is_locked, lock_file, renewing
from indexer.times import iso_utc

EVERY_SECONDS = 0.5
LINKING = "linking"


@dataclass(frozen=True, slots=True)
class Running:
    """How far a run is.

    Attributes:
        phase: "looking" for files, "reading" them, "linking" neighbours.
        done: files that were read so far, or found while the phase is "looking".
        total: files to read; 0 while they are looked for.
        started: ISO 8601 with milliseconds in UTC.
        remaining_seconds: of reading, at the rate so far; None while that is unknown.
    """

    phase: str
    done: int
    total: int
    started: str
    remaining_seconds: int | None = None


class Published:
    """A `Progress` that passes everything on to another one and writes it to a file."""

    def __init__(self, path: Path, progress: Progress) -> None:
        """Write that a run has begun."""
        started = iso_utc(time.time_ns())
        self._path = path
        self._progress = progress
        self._state = Running(LOOKING, 0, 0, started)
        self._pace = Pace(None)
        self._write()

    def say(self, line: str) -> None:
        """Pass the line on."""
        self._progress.say(line)

    @contextmanager
    def over(self, total: int | None, work: str = READING, of: str = FILES) -> Iterator[None]:
        """Write how much work there is."""
        self._pace = Pace(total, of)
        self._state = replace(self._state, phase=work, done=0, total=total or 0)
        self._write()
        with self._progress.over(total, work, of):
            yield
        self._tell()
        if work != LOOKING:
            self._state = replace(self._state, phase=LINKING, remaining_seconds=None)
            self._write()

    def advance(self, count: int) -> None:
        """Write how much is done, twice a second at most."""
        self._progress.advance(count)
        self._pace.done += count
        if time.monotonic() - self._written >= EVERY_SECONDS:
            self._tell()

    def _tell(self) -> None:
        seconds = self._pace.remaining_seconds
        left = None if seconds is None else round(seconds)
        self._state = replace(self._state, done=self._pace.done, remaining_seconds=left)
        self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        with suppress(OSError):  # on a full disk the run goes on, and nobody sees how far it is
            with tempfile.NamedTemporaryFile(
                "w", dir=self._path.parent, prefix=self._path.name, delete=False
            ) as file:
                json.dump(asdict(self._state), file)
            Path(file.name).replace(self._path)


@contextmanager
def published(location: str, progress: Progress) -> Iterator[Progress]:
    """Enclose a run that holds the lock of the store at `location`; give its progress."""
    path = _file(location)
    try:
        yield Published(path, progress)
    finally:
        path.unlink(missing_ok=True)


def running(location: str) -> Running | None:
    """Return how far a run on the store at `location` is; None if there is no run.

    If `magpie index` and `magpie reindex` both run, it is that of `magpie index`.
    """
    return _running(location) or _running(renewing(location))


def _running(location: str) -> Running | None:
    path = _file(location)
    try:
        told = Running(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    # A run that was killed leaves its file behind, but not its lock.
    return told if is_locked(location) else None


def _file(location: str) -> Path:
    return lock_file(location).with_suffix(".json")
