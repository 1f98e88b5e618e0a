"""The indexes that the benchmark compares all answer the same question."""

import numpy as np
import pytest
from cloud_samples import clouds

from benchmarks.finders import Held, finders, installed, rows_of
from benchmarks.plots import curves

COUNT = 10


@pytest.fixture(params=finders(), ids=lambda finder: finder.name)
def finder(request, few_are_enough, tmp_path):
    if not installed(request.param):
        pytest.skip(f"{request.param.package} is not installed: pip install '.[bench]'")
    request.param.build(Held.of(clouds(1500), tmp_path))
    return request.param


def recall(finder):
    rows = clouds(1500)
    found = [rows_of(finder.nearest(query, COUNT)) for query in rows[::50]]
    true = np.argsort(-(rows[::50] @ rows.T), axis=1)[:, :COUNT]
    return np.mean([np.isin(some, near).mean() for some, near in zip(true, found, strict=True)])


def test_every_index_finds_nearly_all_when_it_looks_at_much(finder):
    if finder.efforts:
        finder.look(finder.efforts[-1])
    assert recall(finder) > 0.97
    assert finder.bytes() >= 0


def test_the_more_is_looked_at_the_more_is_found(finder):
    recalls = []
    for effort in finder.efforts:
        finder.look(effort)
        recalls.append(recall(finder))
    assert recalls == pytest.approx(sorted(recalls), abs=0.02)


def test_a_curve_is_drawn_along_a_logarithmic_axis():
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    curves("ms", {"one": ([1, 10], [0.5, 1.0])})(axes)
    assert axes.get_xscale() == "log" and axes.get_xlabel() == "ms"
    assert axes.lines[0].get_xydata().tolist() == [[1, 0.5], [10, 1]]
