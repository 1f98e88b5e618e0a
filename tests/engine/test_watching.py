"""`--watch` follows folders."""

import shutil
import threading
from queue import Queue

import pytest

from indexer.watching import changes


@pytest.fixture
def told(tmp_path):
    """Follow a folder in a thread; a queue gets an item after every burst of changes."""
    watched, stop, bursts = tmp_path / "watched", threading.Event(), Queue()
    watched.mkdir()
    (watched / "old").mkdir()

    def follow():
        for _ in changes([watched], own=str(watched / "photos.db"), stop=stop):
            bursts.put("changed")

    thread = threading.Thread(target=follow)
    thread.start()
    stop.wait(0.5)  # until the watcher has its handles
    yield watched, bursts
    stop.set()
    thread.join()


def test_new_moved_and_removed_photos_are_told(told, free_photos):
    watched, bursts = told
    shutil.copy(free_photos[0], watched / "old" / "new.png")
    assert bursts.get(timeout=20)
    (watched / "old").rename(watched / "2020.05")
    assert bursts.get(timeout=20)
    shutil.rmtree(watched / "2020.05")
    assert bursts.get(timeout=20)


def test_other_files_and_the_store_itself_are_not_told(told, free_photos):
    watched, bursts = told
    (watched / "notes.txt").write_text("x")
    (watched / "photos.db-wal").write_text("x")
    (watched / "photos.db-wal").unlink()
    shutil.copy(free_photos[0], watched / "new.png")
    assert bursts.get(timeout=20)
    assert bursts.empty()
