"""Vectors of half the bytes: the same cosines, the same numbers however often they are stored."""

import numpy as np
import pytest

from indexer.halves import rounded, to_halves, to_unit


def unit(count: int, dimensions: int) -> np.ndarray:
    rows = np.random.default_rng(dimensions).standard_normal((count, dimensions)) ** 2
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("dimensions", [1280, 2048])
def test_cosines_change_by_far_less_than_a_thousandth(dimensions):
    rows = unit(200, dimensions)
    before, after = (part.astype(np.float64) @ part.T for part in (rows, rounded(rows)))
    assert np.abs(before - after).max() < 1e-4
    assert np.abs(np.diag(after) - 1).max() < 1e-6


def test_what_was_rounded_once_stays_as_it_is():
    once = rounded(unit(200, 1280))
    assert np.array_equal(rounded(once), once)


def test_one_vector_is_the_same_alone_and_among_others():
    rows = unit(50, 1280)
    whole = rounded(rows)
    for row, expected in zip(rows, whole, strict=True):
        assert np.array_equal(rounded(row), expected)
    backwards = to_unit(to_halves(rows)[:, ::-1])
    assert np.array_equal(backwards[:, ::-1], whole)


def test_zeros_stay_zeros():
    assert not rounded(np.zeros((2, 4), np.float32)).any()


def test_every_number_is_read_as_numpy_reads_it():
    numbers = np.arange(1 << 16).astype(np.uint16).view(np.float16)
    numbers = np.random.default_rng(1).permutation(np.tile(numbers[np.isfinite(numbers)], 3))
    for halves in (numbers.reshape(-1, 16), numbers.reshape(-1, 16)[::2, ::3]):
        rows = halves.astype(np.float32)
        lengths = np.sqrt(np.sum(rows * rows, axis=1, dtype=np.float64, keepdims=True))
        assert np.array_equal(to_unit(halves), rows / lengths.astype(np.float32))
