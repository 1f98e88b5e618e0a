"""What is followed is told while a process does so, and not afterwards."""

import subprocess
import sys
from dataclasses import replace

from indexer.progress.run_lock import lock_file
from indexer.progress.watch_file import Watching, publishing, watching

PLACE = "sqlite:////somewhere/followed.db"
ONE = Watching(("/photos",), "events", 12, None, "2024-05-01T12:00:00.000Z")

DIES = """
import os
from indexer.progress.watch_file import Watching, publishing
with publishing({place!r}) as publish:
    publish(Watching(("/photos",), "events", 12, None, "2024-05-01T12:00:00.000Z"))
    os._exit(1)
"""


def left():
    return list(lock_file(PLACE).parent.glob(f"{lock_file(PLACE).name}.watch-*"))


def test_what_each_process_follows_is_told_until_it_ends(own_cache):
    other = replace(ONE, by="polling", every_seconds=30.0)
    assert watching(PLACE) == ()
    with publishing(PLACE) as publish:
        assert watching(PLACE) == ()  # it has not begun yet
        publish(ONE)
        with publishing(PLACE) as publish_other:
            publish_other(other)
            assert {one.by for one in watching(PLACE)} == {"events", "polling"}
        publish(replace(ONE, watched=13))
        assert watching(PLACE) == (replace(ONE, watched=13),)
    assert watching(PLACE) == ()
    assert left() == []


def test_a_process_that_died_follows_nothing(own_cache):
    done = subprocess.run([sys.executable, "-c", DIES.format(place=PLACE)], check=False)
    assert done.returncode == 1
    assert len(left()) >= 1
    assert watching(PLACE) == ()
    assert left() == []


def test_without_a_place_for_the_file_nobody_is_told(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path / "file"))
    with publishing(PLACE) as publish:
        publish(ONE)
        assert watching(PLACE) == ()
