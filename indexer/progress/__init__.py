"""What a run tells while it goes on, and the lock that lets only one run write to a store.

`stderr` is for the person who started it, `progress_file` for other processes.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

LOOKING, READING = "looking", "reading"
FILES = "files"


class Progress(Protocol):
    """Is told about work as it gets done; `advance` is called from several threads."""

    def say(self, line: str) -> None:
        """Tell something in one line."""

    def over(
        self, total: int | None, work: str = READING, of: str = FILES
    ) -> AbstractContextManager[None]:
        """Enclose a piece of work over `total` things `of` a kind, such as "reading" files.

        Without a total, `advance` tells how many were found.
        """

    def advance(self, count: int) -> None:
        """Tell that `count` more things of the current piece of work are done."""


class Silence:
    """Tells nothing: for programs that use the Python API."""

    def say(self, line: str) -> None:
        """Ignore the line."""

    @contextmanager
    def over(self, total: int | None, work: str = READING, of: str = FILES) -> Iterator[None]:
        """Ignore the work."""
        yield

    def advance(self, count: int) -> None:
        """Ignore what was done."""
