"""What a run tells on stderr: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from indexer.progress import FILES, READING, Progress


class Lines:
    """Plain lines with rate and remaining time, for logs and pipes.

    Args:
        stream: where the lines go.
        every_seconds: shortest time between two lines about a piece of work.
    """

    def __init__(self, stream: TextIO, every_seconds: float = 10.0) -> None:
        self._stream = stream
        self._every = every_seconds
        self._total = self._done = 0
        self._of = FILES
        self._began = self._told = 0.0

    def say(self, line: str) -> None:
        """Print the line."""
        print(line, file=self._stream, flush=True)

    @contextmanager
    def over(self, total: int, work: str = READING, of: str = FILES) -> Iterator[None]:
        """Print a line at the beginning and one at the end."""
        self._total, self._done, self._of = total, 0, of
        self._began = self._told = time.monotonic()
        self.say(f"{work} {total:,} {of}")
        yield
        self._tell()

    def advance(self, count: int) -> None:
        """Print a line if enough time has passed."""
        self._done += count
        if time.monotonic() - self._told >= self._every:
            self._told = time.monotonic()
            self._tell()

    def _tell(self) -> None:
        rate = self._done / max(time.monotonic() - self._began, 1e-9)
        left = (self._total - self._done) / max(rate, 1e-9)
        self.say(
            f"{self._done:,} of {self._total:,} {self._of}, {rate:.1f} {self._of}/s"
            + (f", {left:.0f} s left" if self._done < self._total else "")
        )


class Bar:
    """A progress bar with rate and remaining time, drawn by rich."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import (
            Progress as Columns,
        )

        self._bar = Columns(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=Console(stderr=True),
        )

    def say(self, line: str) -> None:
        """Print the line above the bar."""
        self._bar.console.print(line, markup=False, highlight=False, emoji=False)

    @contextmanager
    def over(self, total: int, work: str = READING, of: str = FILES) -> Iterator[None]:
        """Draw a new bar."""
        self._began, self._done, self._of = time.monotonic(), 0, of
        for earlier in self._bar.task_ids:  # of an earlier run, of which --watch makes many
            self._bar.remove_task(earlier)
        self._task = self._bar.add_task(work, total=total, rate="")
        with self._bar:
            yield

    def advance(self, count: int) -> None:
        """Move the bar."""
        self._done += count
        rate = self._done / max(time.monotonic() - self._began, 1e-9)
        self._bar.update(self._task, completed=self._done, rate=f"{rate:.1f} {self._of}/s")


def on_stderr() -> Progress:
    """Return the progress that suits stderr: a bar on a terminal, else lines."""
    return Bar() if sys.stderr.isatty() else Lines(sys.stderr)
