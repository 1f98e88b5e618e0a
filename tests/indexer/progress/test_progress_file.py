"""What a run tells other processes about how far it is."""

import json

import pytest

from indexer.progress import LOOKING, Silence
from indexer.progress.progress_file import Running, published, running
from indexer.progress.run_lock import lock_file, only_run, renewing

PLACE = "sqlite:////somewhere/photos.db"


@pytest.fixture
def told(own_cache):
    """A run that holds the lock, as others see it."""
    with only_run(PLACE, Silence()), published(PLACE, Silence()) as progress:
        yield progress


def test_without_a_run_nothing_is_told():
    assert running("sqlite:////nowhere.db") is None


def test_a_run_goes_through_its_phases(told):
    first = running(PLACE)
    assert (first.phase, first.done, first.total) == ("looking", 0, 0)
    with told.over(None, LOOKING):
        told._written = 0.0
        told.advance(300)
        assert running(PLACE) == Running("looking", 300, 0, first.started)
        told.advance(12)
    assert running(PLACE) == Running("looking", 312, 0, first.started)
    with told.over(20):
        assert running(PLACE) == Running("reading", 0, 20, first.started)
        told.advance(1)
        told._pace.began -= 10.0  # as if it had begun ten seconds earlier
        told._written = 0.0
        told.advance(4)
        assert running(PLACE) == Running("reading", 5, 20, first.started, 30)
    assert running(PLACE) == Running("linking", 5, 20, first.started)


def test_a_run_that_ended_is_no_longer_told(told):
    other = "sqlite:////other.db"
    with only_run(other, Silence()), published(other, Silence()):
        assert running(other) is not None
    assert running(other) is None
    assert not lock_file(other).with_suffix(".json").exists()


def test_a_run_that_was_killed_is_no_longer_told(own_cache):
    other = "sqlite:////killed.db"
    left = {"phase": "reading", "done": 3, "total": 9, "started": "2024-05-01T12:00:00.000Z"}
    lock_file(other).parent.mkdir(parents=True, exist_ok=True)
    lock_file(other).with_suffix(".json").write_text(json.dumps(left))
    assert running(other) is None
    with only_run(other, Silence()):
        assert running(other) == Running(**left)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"phase": 1, "more": 2}'])
def test_a_damaged_file_tells_nothing(told, content):
    lock_file(PLACE).with_suffix(".json").write_text(content)
    assert running(PLACE) is None


def test_a_run_that_reindexes_is_told_if_no_other_run_is_under_way(own_cache):
    place = "sqlite:////again.db"
    again = renewing(place)
    with only_run(again, Silence()), published(again, Silence()) as progress, progress.over(9):
        assert running(place).total == 9
        with only_run(place, Silence()), published(place, Silence()) as other, other.over(2):
            assert running(place).total == 2
        assert running(place).total == 9
    assert running(place) is None
