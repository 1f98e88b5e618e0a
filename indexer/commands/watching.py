"""Follow folders: say when something below them changed."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Event

from indexer.errors import BadValue, NotFound, StoreAway
from indexer.photos.paths import absolute
from indexer.pipeline import Report
from indexer.progress import Progress
from indexer.stores.urls import kind_of, to_file

QUIET_MS = 500
"""Milliseconds without a change before a burst of changes (a copied folder) counts as over."""

LOOK_MS = 1000
"""Milliseconds between two looks at whether the folders themselves came, went or were replaced."""

RETRY_SECONDS = 10.0
"""Pause before a run is tried again whose store was away, full or busy."""

Identity = tuple[int, int] | None
"""Device and inode of a folder; None where there is none."""


def follow(
    run: Callable[[], Report],
    report: Report,
    folders: Iterable[Path | str],
    location: str,
    progress: Progress,
) -> Iterator[Report]:
    """Run again whenever the folders change, and yield the reports that tell something new.

    A store that is away or full is tried again until it is back; folders that are all away are
    waited for.

    Args:
        run: indexes the folders.
        report: of the run before.
        folders: as the user gave them.
        location: the store's URL.
        progress: told what is wrong meanwhile.
    """
    for _ in changes([absolute(Path(folder)) for folder in folders], location):
        later = _run_until_done(run, progress)
        if later is not None and _has_news(later, report):
            yield later
        report = later or report


def _run_until_done(run: Callable[[], Report], progress: Progress) -> Report | None:
    told = ""
    while True:
        try:
            return run()
        except (BadValue, NotFound) as error:  # no folder is there: a change, when one is back
            progress.say(f"{error}; waiting for it")
            return None
        except StoreAway as error:
            if str(error) != told:
                told = str(error)
                progress.say(f"{told}; trying again every {RETRY_SECONDS:g} s")
            time.sleep(RETRY_SECONDS)


def _has_news(report: Report, before: Report) -> bool:
    changed = report.indexed + report.moved + report.copies + report.removed
    return changed > 0 or (report.failed, report.kept) != (before.failed, before.kept)


def changes(folders: Sequence[Path], location: str, stop: Event | None = None) -> Iterator[None]:
    """Yield once when following has begun, and after every burst of changes below `folders`.

    Changes that happen while the caller is busy are not lost: they are yielded next. Folders may
    come, go and come back.

    Args:
        folders: absolute; what to follow, with all folders below.
        location: the store's URL; changes of its file, and of what lies beside it under longer
            names, are not told, or a store among the photos would wake itself for ever.
        stop: ends the iteration when set.

    Raises:
        StoreAway: the system follows no more folders.
    """
    stop = stop or threading.Event()
    own = str(to_file(location)) if kind_of(location) == "sqlite" else location
    while not stop.is_set():
        seen = _identities(folders)
        there = [folder for folder, identity in zip(folders, seen, strict=True) if identity]
        begun = False
        for burst in _bursts(there, stop):
            if not begun or any(_matters(Path(path)) for path in burst if not path.startswith(own)):
                begun = True
                yield
            if _identities(folders) != seen:
                break


def _bursts(folders: Sequence[Path], stop: Event) -> Iterator[set[str]]:
    """Yield the paths of each burst, and nothing but an empty set every `LOOK_MS`."""
    from watchfiles import watch

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
            ignore_permission_denied=True,
        ):
            yield {path for _, path in burst}
    except FileNotFoundError:  # went away just now: the caller looks again
        return
    except (
        RuntimeError
    ):  # a name that is not UTF-8 ends the watcher: something changed all the same
        return
    except OSError as error:
        raise StoreAway(
            f"cannot follow so many folders ({error.strerror or error}): raise "
            "fs.inotify.max_user_watches, or run magpie index from time to time"
        ) from error


def _identities(folders: Sequence[Path]) -> list[Identity]:
    return [_identity(folder) for folder in folders]


def _identity(folder: Path) -> Identity:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _matters(path: Path) -> bool:
    """Tell whether a change concerns photos; what is gone may have been a folder of them."""
    from indexer.photos.finding import is_photo_name

    return is_photo_name(path.name) or not path.is_file()
