"""What the benchmarks measure with, and how they write it down."""

import subprocess
import sys

import pytest
from surroundings import ROOT, need_elasticsearch, wanted_version

from benchmarks.processes import measure
from benchmarks.report import Report


def test_the_measure_of_a_process_is_not_that_of_the_one_that_measures_it() -> None:
    held = b"x" * 500_000_000  # as TensorFlow does in the parts that ran before
    _, nothing = measure([sys.executable, "-c", "pass"])
    assert nothing < 100_000_000 < len(held)


def test_the_measure_of_a_process_counts_what_it_had() -> None:
    _, peak = measure([sys.executable, "-c", "bytes(b'x' * 200_000_000)"])
    assert peak > 200_000_000


def test_a_part_of_a_report_replaces_its_own_results_and_no_others(tmp_path):
    report = Report(tmp_path / "R.md", "# Title", {"first": "one", "second": "two"})
    report.save("second", "2\n")
    report.save("first", "1")
    report.save("second", "2 again")
    text = report.file.read_text("utf-8")
    expected = "# Title\n\n<!-- part: first -->\n1\n\n<!-- part: second -->\n2 again\n"
    assert text == expected
    with pytest.raises(SystemExit, match="unknown part 'third': use some of first, second"):
        report.main(["third"])


@pytest.mark.elasticsearch
def test_a_part_can_start_a_server_of_its_own(tmp_path):
    """In a process of its own, which knows nothing of the tests' folders."""
    need_elasticsearch(wanted_version())
    program = (
        "import sys; from pathlib import Path; from benchmarks.servers import running\n"
        "with running(Path(sys.argv[1])) as url: print(url)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.startswith("http://127.0.0.1:"), done.stderr
