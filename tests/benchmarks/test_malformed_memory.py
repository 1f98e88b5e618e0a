"""What malformed files take of the machine; `make soak` tries a thousand of them."""

import sys

import pytest

from benchmarks.malformed import MOST_BYTES, undergo

COUNT = 198
"""Three of each kind."""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.parametrize("cores", MOST_BYTES)
def test_malformed_files_lose_no_photo_and_take_no_more_than_said(cores: int) -> None:
    done = undergo(COUNT, cores)
    assert done.lost == ()
    assert done.silent == ()
    assert len(done.named) > 0.8 * COUNT
    assert done.peak < MOST_BYTES[cores]
