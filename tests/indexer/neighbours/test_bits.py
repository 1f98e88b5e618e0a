"""Points that agree with another one in many signs."""

from pathlib import Path

import numpy as np
import pytest
from cloud_samples import DIMENSIONS, clouds

from indexer.neighbours.approximate.bits import Bits
from indexer.neighbours.cells import WIDE, Cells


def differing(bits, points, query):
    """Count the directions in which a point and the query lie on different sides of the middle."""
    sides = (points - bits.middle) @ bits.turns > 0
    return (sides != ((query - bits.middle) @ bits.turns > 0)).sum(1)


@pytest.mark.parametrize("width", [3, 16, 96])
def test_those_that_agree_in_the_most_signs_come_back(width):
    points = np.random.default_rng(0).standard_normal((500, width), np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    bits = Bits.build(points)
    parts = [slice(20, 120), slice(300, 500)]
    number = differing(bits, np.concatenate([points[part] for part in parts]), points[7])
    bar = np.sort(number)[29]
    assert bits.nearest(parts, points[7], 30).tolist() == np.flatnonzero(number <= bar).tolist()


def test_the_more_two_points_agree_the_nearer_they_are():
    points = clouds(3000)
    bits = Bits.build(points)
    near = np.argsort(-(points[::100] @ points.T), axis=1)[:, :20]
    found = [bits.nearest([slice(0, 3000)], point, 300) for point in points[::100]]
    assert np.mean([np.isin(*pair).mean() for pair in zip(near, found, strict=True)]) > 0.99


@pytest.mark.parametrize("width", [WIDE - 1, WIDE])
def test_a_search_of_many_points_finds_nearly_all_of_the_nearest(width):
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((width, DIMENSIONS)))[0]
    points, queries = (rows @ turn.T.astype(np.float32) for rows in (clouds(6000), clouds(50, 1)))
    cells = Cells.build(points).looking(10_000)
    assert (cells.bits is not None) == (width == WIDE)
    near = np.argsort(-(queries @ points.T), axis=1)[:, :10]
    found = [cells.nearest(query, 10) for query in queries]
    assert {len(some) for some in found} == {10}
    assert np.mean([np.isin(*pair).mean() for pair in zip(near, found, strict=True)]) > 0.97


def test_cells_of_an_earlier_magpie_compare_all_points():
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((WIDE, DIMENSIONS)))[0]
    points = clouds(3000) @ turn.T.astype(np.float32)
    arrays = Cells.build(points).looking(10_000).arrays(Path())
    older = {name: arrays[name] for name in arrays.keys() - {"middle", "turns", "codes"}}
    near = np.argsort(-(points[5] @ points.T))[:10]
    assert sorted(Cells.load(older, Path()).nearest(points[5], 10)) == sorted(near)
