"""How folders are followed, and what is told of it."""

from collections.abc import Callable
from dataclasses import dataclass

from indexer.following.inotify import own_watches
from indexer.progress.watch_file import Watching

POLL_SECONDS, FOLDERS_A_SECOND = 2.0, 1000
"""Where the system grants too few events: the shortest pause between two looks, and how much longer
it is where there are many folders, as a look takes longer there."""

FULL_LOOK_SECONDS = 600.0
"""Pause between two runs where events do not tell of all changes: see mounts.py."""


def polling_pace(folders: int) -> float:
    """Return the seconds between two looks at so many folders, where events do not suffice."""
    return max(POLL_SECONDS, round(folders / FOLDERS_A_SECOND))


def _ignore(_: object) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How to follow folders.

    Attributes:
        poll_seconds: pause between two looks at all files; 0 = the system tells of changes.
        say: told in one line when it has to be done in another way.
        tell: told what is followed, and how, whenever following begins.
        watches: returns the number of folders that the system tells about; None = not known.
    """

    poll_seconds: float = 0.0
    say: Callable[[str], None] = _ignore
    tell: Callable[[Watching], None] = _ignore
    watches: Callable[[], int | None] = own_watches
