"""`--watch` follows folders."""

import os
import shutil
import threading
from contextlib import suppress
from queue import Empty, Queue

import pytest

from indexer.commands import watching
from indexer.commands.watching import changes
from indexer.errors import NotFound, StoreAway
from indexer.pipeline import Report
from indexer.progress import Silence

PATIENCE = 60
"""Seconds after which what should have been told counts as never told."""


@pytest.fixture
def looks(monkeypatch):
    """A queue that is told of every look at the folders, whether something had changed."""
    told, look = Queue(), watching._bursts

    def telling(folders, stop):
        for burst in look(folders, stop):
            told.put(bool(burst))
            yield burst

    monkeypatch.setattr(watching, "_bursts", telling)
    monkeypatch.setattr(watching, "QUIET_MS", 100)
    monkeypatch.setattr(watching, "LOOK_MS", 200)
    return told


@pytest.fixture
def told(tmp_path, looks):
    """Follow a folder in a thread; a queue gets an item after every burst of changes."""
    watched, stop, bursts = tmp_path / "watched", threading.Event(), Queue()
    watched.mkdir()
    (watched / "old").mkdir()

    def follow():
        for _ in changes([watched, tmp_path / "later"], f"sqlite:///{watched}/photos.db", stop):
            bursts.put("changed")

    thread = threading.Thread(target=follow)
    thread.start()
    assert bursts.get(timeout=PATIENCE)  # following has begun
    yield watched, bursts
    stop.set()
    thread.join()


def test_new_moved_and_removed_photos_are_told(told, free_photos):
    watched, bursts = told
    shutil.copy(free_photos[0], watched / "old" / "new.png")
    assert bursts.get(timeout=PATIENCE)
    (watched / "old").rename(watched / "2020.05")
    assert bursts.get(timeout=PATIENCE)
    shutil.rmtree(watched / "2020.05")
    assert bursts.get(timeout=PATIENCE)


def test_a_folder_that_comes_later_or_comes_back_is_followed(told, looks, free_photos):
    watched, bursts = told
    (watched.parent / "later").mkdir()
    assert bursts.get(timeout=PATIENCE)
    shutil.copy(free_photos[0], watched.parent / "later")
    assert bursts.get(timeout=PATIENCE)
    watched.rename(watched.parent / "away")
    assert bursts.get(timeout=PATIENCE)
    drain(bursts, looks)
    (watched.parent / "away").rename(watched)
    assert bursts.get(timeout=PATIENCE)
    drain(bursts, looks)
    shutil.copy(free_photos[0], watched)
    assert bursts.get(timeout=PATIENCE)


def test_a_name_that_is_no_utf8_does_not_end_following(told, looks, free_photos):
    watched, bursts = told
    shutil.copy(free_photos[0], os.fsdecode(os.fsencode(watched) + b"/caf\xe9.png"))
    assert bursts.get(timeout=PATIENCE)
    drain(bursts, looks)
    shutil.copy(free_photos[0], watched / "new.png")
    assert bursts.get(timeout=PATIENCE)


def drain(bursts, looks):
    """Wait until all that changed so far was told."""
    empty(looks)
    quiet = 0
    while quiet < 4:  # one may have begun before, one may follow folders again and tell that
        quiet = 0 if looks.get(timeout=PATIENCE) else quiet + 1
    empty(bursts)


def empty(queue):
    with suppress(Empty):
        while True:
            queue.get_nowait()


@pytest.fixture
def troubled(monkeypatch):
    """Follow with a run that fails at first; give the reports and what was told."""
    monkeypatch.setattr(watching, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(watching, "changes", lambda folders, location: iter([None, None]))

    def follow(*outcomes):
        waiting, told = list(outcomes), []

        def run():
            outcome = waiting.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        progress = Silence()
        progress.say = told.append
        return list(watching.follow(run, Report(), ["."], "http://host/name", progress)), told

    return follow


def test_a_store_that_was_away_is_tried_until_it_is_back_and_told_once(troubled):
    away, found = StoreAway("the store is away"), Report(indexed=1)
    reports, told = troubled(away, away, away, found, Report(unchanged=1))
    assert reports == [found]  # the last one has nothing new to tell
    assert told == ["the store is away; trying again every 0 s"]


def test_folders_that_are_all_away_are_waited_for(troubled):
    reports, told = troubled(NotFound("no folder 'x'"), Report(indexed=2))
    assert reports == [Report(indexed=2)]
    assert told == ["no folder 'x'; waiting for it"]


def test_other_files_and_the_store_itself_are_not_told(told, free_photos):
    watched, bursts = told
    (watched / "notes.txt").write_text("x")
    (watched / "photos.db-wal").write_text("x")
    (watched / "photos.db-wal").unlink()
    shutil.copy(free_photos[0], watched / "new.png")
    assert bursts.get(timeout=PATIENCE)
    assert bursts.empty()
