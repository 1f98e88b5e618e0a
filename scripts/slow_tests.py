"""Add to tests/slow.txt, the test functions that `make quick` leaves out, from a report of pytest.

What was slow in an earlier run stays, as machines are busy in turns; without the file all begins
anew. Functions that the report does not know are dropped.

pytest -m 'not (elasticsearch or browser or ray)' --junitxml=report.xml
scripts/slow_tests.py report.xml
"""

import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

LIST = Path(__file__).resolve().parents[1] / "tests" / "slow.txt"

MOST_SECONDS = 0.3
"""What one case of a function may take, with two processes on two cores."""
MOST_SECONDS_TOGETHER = 2.0
"""What all its cases may take."""


def main() -> None:
    """Read the report that is named, and write the list."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for case in ElementTree.parse(sys.argv[1]).iter("testcase"):
        file = f"{case.attrib['classname'].replace('.', '/')}.py"
        function = case.attrib["name"].partition("[")[0]
        seconds[f"{file}::{function}"].append(float(case.attrib["time"]))
    earlier = LIST.read_text(encoding="utf-8").split() if LIST.exists() else []
    now = {function for function, taken in seconds.items() if is_slow(taken)}
    slow = sorted(now | (seconds.keys() & earlier))
    LIST.write_text("".join(f"{function}\n" for function in slow), encoding="utf-8")


def is_slow(seconds: list[float]) -> bool:
    """Tell whether a function whose cases took so long is too slow for `make quick`."""
    return max(seconds) > MOST_SECONDS or sum(seconds) > MOST_SECONDS_TOGETHER


if __name__ == "__main__":
    main()
