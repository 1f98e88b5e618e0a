"""Copies of the events beside an SQLite store, in the form that `magpie export` writes.

The newest copy has every event: those that come are added to it. After `EVENTS` events, as many as
there were, or a day, a new one begins with all that the log and the last copy have; `KEPT` are
kept. So an event is lost only if the store, and each copy that has it, are.
"""

import fcntl
import json
import logging
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from indexer.batches import batched
from indexer.derived.private import file_mode, folder_mode
from indexer.errors import MagpieError
from indexer.events import Event
from indexer.stores.logged_events import from_log
from indexer.stores.sqlite.event_lines import PAGE, StoredLog, all_lines, by_id

EVENTS = 1000
AGE = timedelta(days=1)
KEPT = 3
LOCK_SECONDS, LOCK_PAUSE_SECONDS = 10, 0.001
"""How long a process waits for another one that adds to a copy, and how often it looks."""

NAME = "%Y%m%dT%H%M%S%fZ"
"""Of the time at which a copy began; the number of its last event follows."""


class EventBackups:
    """The copies in one folder, which only its owner may read, unless the library is shared."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made with the first event."""
        self._folder = folder

    def add(
        self,
        documents: Sequence[str],
        number: int,
        log: StoredLog,
        is_first: bool = False,
    ) -> None:
        """Keep events that were just written. What goes wrong is said, and stops nobody.

        Args:
            documents: of the events, each as JSON in one line.
            number: of the last event of the log.
            log: where they were written.
            is_first: whether the log had none before. Copies that have none of them belong to
                another library, which was there before, and make room.
        """
        try:
            self._folder.mkdir(mode=folder_mode(), exist_ok=True)
            with _locked(self._folder / "lock"):
                if is_first and not self.ids() & {
                    id for id, _ in by_id(map(str.encode, documents))
                }:
                    self._set_aside()
                newest = self.newest()
                if newest and _is_fresh(newest, number) and _is_whole(newest):
                    _append(newest, [document.encode() for document in documents])
                else:
                    self._begin(documents, number, log)
        except (OSError, MagpieError) as error:  # the events are in the log, whatever fails here
            text = "events are not copied to %s (%s): make that folder writable"
            logging.getLogger(__name__).warning(text, self._folder, error)

    def all(self) -> list[Path]:
        """Return the copies, newest first."""
        return sorted(self._folder.glob("[0-9]*.jsonl"), reverse=True)

    def newest(self) -> Path | None:
        """Return the newest copy; None where there is none."""
        return next(iter(self.all()), None)

    def held(self) -> AbstractContextManager[None]:
        """Enclose what no other process may do to the copies meanwhile."""
        return _locked(self._folder / "lock")

    def files(self) -> list[Path]:
        """Return all files of events in the folder: copies, unfinished ones, earlier ones."""
        return [file for file in self._folder.rglob("*.jsonl*") if file.is_file()]

    def ids(self) -> set[str]:
        """Return the ids of the events of the newest copy."""
        return {id for id, _ in by_id(self._newest_lines())}

    def _set_aside(self) -> None:
        """Move what another library of the same name left out of the way of this one's copies."""
        moved = self.all()
        folder = self._folder / "earlier"
        for old in moved:
            folder.mkdir(mode=folder_mode(), exist_ok=True)
            old.replace(folder / old.name)
        if moved:  # or this library lost all of its events, which nobody else can tell
            newest = str(folder / moved[0].name)
            text = "events of a library that was here before are in %r: `magpie import` them if "
            text += "they belong to this one"
            logging.getLogger(__name__).warning(text, newest)

    def events(self) -> Iterator[Event]:
        """Yield the events of the newest copy that can be read."""
        for _, line in by_id(self._newest_lines()):
            with suppress(ValueError, RecursionError):
                yield from_log(json.loads(line))

    def _begin(self, documents: Sequence[str], number: int, log: StoredLog) -> None:
        for left in self._folder.glob("*.new"):  # of a process that died; one at a time is here
            left.unlink(missing_ok=True)
        began, newest = datetime.now(UTC), self.newest()
        with suppress(ValueError, OverflowError):  # its name is not one of ours
            # Where a clock was set back, the new one must be the newest all the same.
            began = max(began, _began(newest) + timedelta(microseconds=1)) if newest else began
        path = self._folder / f"{began.strftime(NAME)}-{number}.jsonl"
        new = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
        try:
            texts = [document.encode() for document in documents]
            lines = all_lines(log, lambda: chain(self._newest_lines(), texts))
            for some in batched(lines, PAGE):
                _append(new, some)
            _append(new, (), sync=True)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        for old in self.all()[KEPT:]:
            old.unlink(missing_ok=True)

    def _newest_lines(self) -> Iterator[bytes]:
        newest = self.newest()
        if newest is None:
            return
        with suppress(OSError), newest.open("rb") as lines:
            yield from (line.rstrip(b"\n") for line in lines)


def _is_whole(path: Path) -> bool:
    """Tell whether the last line is: a cut one would keep the file from being imported."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        return not size or os.pread(file.fileno(), 1, size - 1) == b"\n"


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    # Not filelock, which takes 50 times as long: every click waits for this. As with os.pread
    # below, this module is for POSIX systems; Windows has no fcntl.
    handle = os.open(file, os.O_RDWR | os.O_CREAT, file_mode())
    try:
        until = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError("another process is busy there") from None
                time.sleep(LOCK_PAUSE_SECONDS)
        yield
    finally:
        os.close(handle)


def _began(path: Path) -> datetime:
    return datetime.strptime(path.stem.partition("-")[0], NAME).replace(tzinfo=UTC)


def _is_fresh(path: Path, number: int) -> bool:
    first = path.stem.partition("-")[2]
    try:
        age = datetime.now(UTC) - _began(path)
        # As many as there were, or filling a large log would copy it again and again.
        return age < AGE and number - int(first) < max(EVENTS, int(first))
    except ValueError:
        return False


def _append(path: Path, lines: Sequence[bytes], sync: bool = False) -> None:
    # One write, so that a process that dies leaves one cut line at most; see `_is_whole`.
    content = b"".join(line + b"\n" for line in lines)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, file_mode())
    with os.fdopen(handle, "ab", buffering=0) as file:
        while content:  # a disk that fills up takes a part, and fails at the next one
            content = content[file.write(content) :]
        if sync:
            os.fsync(file.fileno())
