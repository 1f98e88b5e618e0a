"""Follow folders: index them again whenever something below them changed."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from indexer.errors import BadValue, NotFound, StoreAway
from indexer.following.changes import changes
from indexer.following.manner import Manner
from indexer.photos.paths import absolute
from indexer.pipeline import Report
from indexer.progress import Progress
from indexer.progress.watch_file import publishing

RETRY_SECONDS = 10.0
"""Pause before a run is tried again whose store was away, full or busy."""


def follow(
    run: Callable[[], Report],
    report: Report,
    folders: Iterable[Path | str],
    location: str,
    progress: Progress,
    poll_seconds: float = 0.0,
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
        poll_seconds: pause between two looks at all files; 0 = the system tells of changes.
    """
    with publishing(location) as publish:
        manner = Manner(poll_seconds, progress.say, publish)
        for _ in changes([absolute(Path(folder)) for folder in folders], location, manner):
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
    return changed > 0 or _besides(report) != _besides(before)


def _besides(report: Report) -> tuple[object, ...]:
    return report.failed, report.kept_photos, report.left_out
