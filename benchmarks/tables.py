"""Tables that the benchmarks print and write into Markdown files."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; `notes` say how it was measured, and the targets."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: str = ""

    def markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [f"## {self.title}", ""]
        lines += ["| " + " | ".join(cells) + " |" for cells in (self.columns, *self.rows)]
        lines.insert(3, "| " + " | ".join("---" for _ in self.columns) + " |")
        return "\n".join([*lines, "", self.notes, ""] if self.notes else [*lines, ""])


def machine() -> str:
    """Return one line that names processor, cores, memory and system."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{name or platform.processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def seconds(work: Callable[[], object]) -> float:
    """Return the wall-clock seconds that `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median(values: Iterable[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def shared_photos() -> Path:
    """Return the folder of labelled photos beside the checkout.

    Raises:
        FileNotFoundError: it is missing.
    """
    folder = Path(__file__).parents[2] / "shared" / "photos"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is missing: the benchmark needs its photos")
    return folder
