"""What the benchmarks measure with."""

import sys

from benchmarks.processes import measure


def test_the_measure_of_a_process_is_not_that_of_the_one_that_measures_it() -> None:
    held = b"x" * 500_000_000  # as TensorFlow does in the parts that ran before
    _, nothing = measure([sys.executable, "-c", "pass"])
    assert nothing < 100_000_000 < len(held)


def test_the_measure_of_a_process_counts_what_it_had() -> None:
    _, peak = measure([sys.executable, "-c", "bytes(b'x' * 200_000_000)"])
    assert peak > 200_000_000
