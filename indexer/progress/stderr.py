"""What a run tells on stderr: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from indexer.progress import FILES, READING, Progress
from indexer.progress.pace import Pace


class Lines:
    """Plain lines with share, rate and remaining time, for logs and pipes.

    Args:
        stream: where the lines go.
        every_seconds: shortest time between two lines about a piece of work.
    """

    def __init__(self, stream: TextIO, every_seconds: float = 10.0) -> None:
        self._stream = stream
        self._every = every_seconds
        self._told = 0.0
        self._pace = Pace(0)

    def say(self, line: str) -> None:
        """Print the line."""
        print(line, file=self._stream, flush=True)

    @contextmanager
    def over(self, total: int | None, work: str = READING, of: str = FILES) -> Iterator[None]:
        """Print a line at the beginning and one at the end, if the total is known."""
        self._pace = Pace(total, of)
        self._told = time.monotonic()
        if total is not None:
            self.say(f"{work} {total:,} {of}")
        yield
        if total is not None:
            self.say(self._pace.in_words())

    def advance(self, count: int) -> None:
        """Print a line if enough time has passed."""
        self._pace.done += count
        if time.monotonic() - self._told >= self._every:
            self._told = time.monotonic()
            self.say(self._pace.in_words())


class Bar:
    """A progress bar with share, rate and remaining time, drawn by rich."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Columns

        self._bar = Columns(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[words]}", markup=False),
            console=Console(stderr=True),
        )

    def say(self, line: str) -> None:
        """Print the line above the bar."""
        self._bar.console.print(line, markup=False, highlight=False, emoji=False)

    @contextmanager
    def over(self, total: int | None, work: str = READING, of: str = FILES) -> Iterator[None]:
        """Draw a new bar; one without a total goes to and fro, and disappears at the end."""
        self._pace = Pace(total, of)
        for earlier in self._bar.task_ids:  # of an earlier run, of which --watch makes many
            self._bar.remove_task(earlier)
        self._task = self._bar.add_task(work, total=total, words=self._pace.in_words())
        self._bar.live.transient = total is None
        with self._bar:
            yield

    def advance(self, count: int) -> None:
        """Move the bar."""
        self._pace.done += count
        self._bar.update(self._task, completed=self._pace.done, words=self._pace.in_words())


def on_stderr() -> Progress:
    """Return the progress that suits stderr: a bar on a terminal, else lines."""
    return Bar() if sys.stderr.isatty() else Lines(sys.stderr)
