"""Two minutes of use leave a server as large as they found it; `make soak` takes thirty."""

import pytest

from benchmarks.soak import soak
from benchmarks.tables import median

MOST_GROWTH = 0.15
"""More than in half an hour: on a busy machine, two minutes are hardly past the warm-up."""

FEW_FILES = 3


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_server_in_use_does_not_grow_while_its_library_changes() -> None:
    soaked = soak(2)
    assert soaked.failed == []
    assert soaked.runs > 1
    assert all(soaked.quarter(series, 3) for series in soaked.actions.values())
    assert soaked.growth(soaked.memory) <= MOST_GROWTH
    before = median(soaked.quarter(soaked.descriptors, 1))
    assert median(soaked.quarter(soaked.descriptors, 3)) <= before * (1 + MOST_GROWTH) + FEW_FILES
