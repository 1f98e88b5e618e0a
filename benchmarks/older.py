"""Runs an older checkout beside this one, in turn on one machine, so that ratios mean something.

`make bench OLDER=/path/to/checkout` measures both, and so does the variable OLDER of the
environment with `python -m benchmarks PART`. Without it, only this checkout is measured. Both run
with the packages of this environment.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.tables import median

VARIABLE = "OLDER"
ROOT = Path(__file__).parents[1]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Build:
    """A checkout whose programs are measured.

    Attributes:
        name: in tables.
        root: its folder.
    """

    name: str
    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to run the code of this checkout, from a folder without modules."""
        return {**os.environ, "PYTHONPATH": str(self.root), "PYTHONSAFEPATH": "1"}

    def magpie(self, *words: str) -> str:
        """Run a command of it; return what it prints.

        Raises:
            subprocess.CalledProcessError: it fails.
        """
        return self._run([str(Path(sys.executable).with_name("magpie")), *words])

    def python(self, program: str, *words: str) -> str:
        """Run a program that imports its modules; return what it prints.

        Raises:
            subprocess.CalledProcessError: it fails.
        """
        return self._run([sys.executable, "-c", program, *words])

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(
            command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout


def builds() -> tuple[Build, ...]:
    """Return this checkout, and the older one if OLDER names it."""
    this = Build("now", ROOT)
    older = os.environ.get(VARIABLE)
    if not older:
        return (this,)
    root = Path(older).resolve()
    if not (root / "indexer").is_dir():
        sys.exit(f"{VARIABLE}={older} is not a checkout of Magpie: name its folder")
    return this, Build("before", root)


def in_turn(measure: Callable[[Build], T], repeats: int) -> Mapping[Build, list[T]]:
    """Measure all builds `repeats` times, one after the other; every second round backwards.

    A round comes first that does not count, as modules are compiled and networks prepared then.
    """
    order = builds()
    measured: dict[Build, list[T]] = {build: [] for build in order}
    for number in range(-1, repeats):
        for build in order[:: -1 if number % 2 else 1]:
            result = measure(build)
            if number >= 0:
                measured[build].append(result)
    return measured


def ratio(measured: Mapping[Build, list[float]]) -> str:
    """Say how the median of this build compares with that of the older one; "" without one."""
    now, *before = (median(values) for values in measured.values())
    return f"{now / before[0]:.2f}" if before else ""
