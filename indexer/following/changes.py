"""Tell when something below folders changed."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

from indexer.following.folders import Survey, survey
from indexer.following.inotify import INSTANCES, RAISE, WATCHES
from indexer.following.manner import FULL_LOOK_SECONDS, Manner, polling_pace
from indexer.following.mounts import untold
from indexer.photos.paths import to_text
from indexer.progress.watch_file import Watching
from indexer.stores.urls import own_files
from indexer.times import iso_utc

QUIET_MS = 500
"""Milliseconds without a change before a burst of changes (a copied folder) counts as over."""

LOOK_MS = 1000
"""Milliseconds between two looks at whether the folders themselves came, went or were replaced."""

SETTLING_SECONDS = 0.5
"""How long a folder that is just being made may take until the system tells of it."""

NO_WATCHER = "Error creating recommended watcher"
"""How the error of watchfiles begins if the user has as many watchers as inotify allows."""

BY_EVENTS = Manner()

Identity = tuple[int, int] | None
"""Device and inode of a folder; None where there is none."""


def changes(
    folders: Sequence[Path], location: str, manner: Manner = BY_EVENTS, stop: Event | None = None
) -> Iterator[None]:
    """Yield once when following has begun, and after every burst of changes below `folders`.

    Changes that happen while the caller is busy are not lost: they are yielded next. Folders may
    come, go and come back. Where the system does not tell of all changes, or cannot tell of so many
    folders, files are looked at from time to time.

    Args:
        folders: absolute; what to follow, with all folders below and those behind links.
        location: the store's URL; changes of its file, and of what lies beside it under longer
            names, are not told, or a store among the photos would wake itself for ever.
        manner: how to follow them, and who is told.
        stop: ends the iteration when set.
    """
    stop = stop or threading.Event()
    following = _Following(folders, own_files(location) or location, manner, stop)
    while not stop.is_set():
        yield from following.until_replaced()


class _Following:
    """Follows folders; goes over to polling where events do not suffice, and stays there."""

    def __init__(self, folders: Sequence[Path], own: str, manner: Manner, stop: Event) -> None:
        self._folders, self._own, self._manner, self._stop = folders, own, manner, stop
        self._started = iso_utc(time.time_ns())
        self._found = Survey(0, frozenset())
        self._next_look = float("inf")

    def until_replaced(self) -> Iterator[None]:
        """Yield as `changes`, until one of the folders comes or goes or a watcher must begin anew.

        The next one begins with a yield, so that nothing in between is missed.
        """
        seen = [_identity(folder) for folder in self._folders]
        there = [folder for folder, one in zip(self._folders, seen, strict=True) if one]
        begun = False
        for burst in _bursts(there, self._manner, self._stop):
            if not begun and self._is_short(there):
                self._poll()
                return
            if not begun or self._matters(burst) or time.monotonic() >= self._next_look:
                begun = True
                self._next_look = time.monotonic() + (self._pause() or float("inf"))
                yield
            if seen != [_identity(folder) for folder in self._folders]:
                return
            if _has_folder(burst):
                missed = self._is_short(there)
                self._pause()
                if missed or self._links(burst):
                    return

    def _pause(self) -> float | None:
        """Return the seconds between two full looks, None for never; tell what is followed."""
        found, poll = self._found, self._manner.poll_seconds
        full = FULL_LOOK_SECONDS if not poll and untold(found.devices) else None
        names = tuple(to_text(folder) for folder in self._folders)
        by = "polling" if poll else "events"
        self._manner.tell(Watching(names, by, found.folders, poll or full, self._started))
        return full

    def _links(self, burst: set[str]) -> bool:
        """Whether there are links to folders, of which a watcher that has begun tells nothing."""
        links = (Path(path) for path in burst if not self._manner.poll_seconds)
        return any(link.is_symlink() and link.is_dir() for link in links)

    def _is_short(self, there: Sequence[Path]) -> bool:
        """Whether the system tells of fewer folders than there are, and not just for a moment."""
        return self._lacks(there) and not self._stop.wait(SETTLING_SECONDS) and self._lacks(there)

    def _lacks(self, there: Sequence[Path]) -> bool:
        self._found, granted = survey(there), self._manner.watches()
        if self._manner.poll_seconds or granted is None:
            return False
        return granted < self._found.folders

    def _poll(self) -> None:
        """Look at the files from now on; say why."""
        wanted, granted = self._found.folders, self._manner.watches()
        pace = polling_pace(wanted)
        why = f"the system tells of {granted:,} of {wanted:,} folders"
        setting = WATCHES
        if not granted:
            why, setting = "the system tells of no folders", f"{INSTANCES} or {WATCHES}"
        self._manner.say(
            f"{why}: looking at all files every {pace:g} s instead; "
            + RAISE.format(setting=setting)
        )
        self._manner = replace(self._manner, poll_seconds=pace)

    def _matters(self, burst: set[str]) -> bool:
        return any(_is_about_photos(Path(path)) for path in burst if not path.startswith(self._own))


def _bursts(folders: Sequence[Path], manner: Manner, stop: Event) -> Iterator[set[str]]:
    """Yield the paths of each burst, and nothing but an empty set every `LOOK_MS`."""
    from watchfiles import Change, watch

    poll = bool(manner.poll_seconds)
    while not folders:  # all are away; one that comes is noticed by the caller
        if stop.wait(LOOK_MS / 1000):
            return
        yield set()
    try:
        for burst in watch(
            *folders,
            watch_filter=None,
            step=QUIET_MS,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=True,
            force_polling=poll,
            poll_delay_ms=round(manner.poll_seconds * 1000),
            ignore_permission_denied=True,
        ):
            # A folder's own time changes with what is in it, a store's files too, and polling tells
            # that as well as what came and went.
            yield {
                path
                for change, path in burst
                if not (poll and change == Change.modified and Path(path).is_dir())
            }
    except FileNotFoundError:  # went away just now: the caller looks again
        return
    except RuntimeError as error:
        # A name that is not UTF-8 ends the watcher: something changed all the same. Where there
        # could be none at all, the caller notices that it has no watches.
        if str(error).startswith(NO_WATCHER):
            yield set()


def _has_folder(burst: set[str]) -> bool:
    return any(Path(path).is_dir() for path in burst)


def _identity(folder: Path) -> Identity:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _is_about_photos(path: Path) -> bool:
    """Tell whether a change concerns photos; what is gone may have been a folder of them."""
    from indexer.photos.excluding import RULE_FILES
    from indexer.photos.listing import is_photo_name

    return path.name in RULE_FILES or is_photo_name(path.name) or not path.is_file()
