"""How far a piece of work is: count, share, rate and remaining time."""

import time
from dataclasses import dataclass, field

from indexer.progress import FILES


@dataclass(slots=True)
class Pace:
    """A piece of work under way.

    Attributes:
        total: how many things there are; None while that is being found out.
        of: what they are.
        done: how many of them are done or, without a total, were found.
        began: on the monotonic clock.
    """

    total: int | None
    of: str = FILES
    done: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        """Things per second so far."""
        return self.done / max(time.monotonic() - self.began, 1e-9)

    @property
    def remaining_seconds(self) -> float | None:
        """How long the rest takes at the rate so far; None while that is unknown."""
        if self.total is None or not self.done:
            return None
        return max(self.total - self.done, 0) / self.rate

    def in_words(self) -> str:
        """Return "500 of 2,000 files (25 %), 12.5 files/s, 2 min left", as far as it is known."""
        if self.total is None:
            return f"{self.done:,} {self.of} found so far"
        text = f"{self.done:,} {self.of}"
        if self.done <= self.total and self.total:  # a folder may gain files meanwhile
            share = 100 * self.done // self.total
            text = f"{self.done:,} of {self.total:,} {self.of} ({share} %)"
        text += f", {self.rate:.1f} {self.of}/s"
        seconds = self.remaining_seconds
        return f"{text}, {in_time(seconds)} left" if seconds else text


def in_time(seconds: float) -> str:
    """Return a duration as people say it: "45 s", "12 min" or "3 h 5 min"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
