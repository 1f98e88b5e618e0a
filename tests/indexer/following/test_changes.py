"""Changes below folders are told."""

import os
import shutil
import threading
from contextlib import suppress
from queue import Empty, Queue

import pytest

from indexer.following import changes as following
from indexer.following import manner
from indexer.following.changes import changes
from indexer.following.manner import Manner

PATIENCE = 60
"""Seconds after which what should have been told counts as never told."""


@pytest.fixture
def looks(monkeypatch):
    """A queue that is told of every look at the folders, whether something had changed."""
    told, look = Queue(), following._bursts

    def telling(*folders):
        for burst in look(*folders):
            told.put(bool(burst))
            yield burst

    monkeypatch.setattr(following, "_bursts", telling)
    monkeypatch.setattr(following, "QUIET_MS", 100)
    monkeypatch.setattr(following, "LOOK_MS", 200)
    return told


def store_in(folder):
    return f"sqlite:///{folder}/photos.db"


@pytest.fixture
def told(tmp_path, looks):
    """Follow a folder in a thread; a queue gets an item after every burst of changes."""
    watched, stop, bursts = tmp_path / "watched", threading.Event(), Queue()
    watched.mkdir()
    (watched / "old").mkdir()

    def follow():
        for _ in changes([watched, tmp_path / "later"], store_in(watched), stop=stop):
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


def test_rules_of_what_is_left_out_are_told(told, looks):
    watched, bursts = told
    for name in (".nomedia", ".magpieignore"):
        (watched / "old" / name).write_text("*.png\n")
        assert bursts.get(timeout=PATIENCE)
        drain(bursts, looks)


def test_other_files_and_the_store_itself_are_not_told(told, free_photos):
    watched, bursts = told
    (watched / "notes.txt").write_text("x")
    (watched / "photos.db-wal").write_text("x")
    (watched / "photos.db-wal").unlink()
    shutil.copy(free_photos[0], watched / "new.png")
    assert bursts.get(timeout=PATIENCE)
    assert bursts.empty()


@pytest.fixture
def follow(tmp_path, looks):
    """Follow a folder in a manner of one's own; give its bursts, lines, and what is published."""
    watched, stop, threads = tmp_path / "watched", threading.Event(), []
    watched.mkdir()

    def begin(**manner):
        bursts, lines, published = Queue(), Queue(), Queue()

        def run():
            how = Manner(say=lines.put, tell=published.put, **manner)
            for _ in changes([watched], store_in(watched), how, stop):
                bursts.put("changed")

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        assert bursts.get(timeout=PATIENCE)
        return bursts, lines, published

    yield watched, begin
    stop.set()
    for thread in threads:
        thread.join()


def test_a_folder_linked_meanwhile_is_followed(follow, looks, free_photos):
    watched, begin = follow
    bursts, lines, _ = begin()
    elsewhere = watched.parent / "elsewhere"
    (elsewhere / "below").mkdir(parents=True)
    (watched / "link").symlink_to(elsewhere)
    assert bursts.get(timeout=PATIENCE)
    drain(bursts, looks)
    shutil.copy(free_photos[0], elsewhere / "below")
    assert bursts.get(timeout=PATIENCE)
    assert lines.empty()  # every folder is followed by events


def test_too_few_watches_are_said_and_all_folders_polled(follow, monkeypatch, free_photos):
    watched, begin = follow
    monkeypatch.setattr(manner, "POLL_SECONDS", 0.2)
    for number in range(40):
        (watched / str(number)).mkdir()
    bursts, lines, published = begin(watches=lambda: 20)
    line = lines.get(timeout=PATIENCE)
    assert "the system tells of 20 of 41 folders" in line
    assert "fs.inotify.max_user_watches" in line
    told = published.get(timeout=PATIENCE)
    assert (told.by, told.watched, told.every_seconds) == ("polling", 41, 0.2)
    for number in (0, 39):
        shutil.copy(free_photos[0], watched / str(number))
        assert bursts.get(timeout=PATIENCE)
    assert lines.empty()  # said once


def test_watches_that_run_out_later_are_noticed(follow, monkeypatch, free_photos):
    watched, begin = follow
    monkeypatch.setattr(manner, "POLL_SECONDS", 0.2)
    bursts, lines, _ = begin(watches=lambda: 1)
    (watched / "new").mkdir()
    assert "1 of 2 folders" in lines.get(timeout=PATIENCE)
    shutil.copy(free_photos[0], watched / "new")
    assert bursts.get(timeout=PATIENCE)


def test_polling_on_demand_is_quiet_while_only_the_store_changes(follow, looks, free_photos):
    watched, begin = follow
    bursts, lines, published = begin(poll_seconds=0.2)
    told = published.get(timeout=PATIENCE)
    assert (told.by, told.every_seconds, told.folders) == ("polling", 0.2, (str(watched),))
    drain(bursts, looks)
    (watched / "photos.db-wal").write_text("x")
    for _ in range(4):
        looks.get(timeout=PATIENCE)
    assert bursts.empty()
    shutil.copy(free_photos[0], watched)
    assert bursts.get(timeout=PATIENCE)
    assert lines.empty()


def test_where_events_do_not_tell_everything_all_files_are_looked_at(follow, monkeypatch):
    _, begin = follow
    monkeypatch.setattr(following, "untold", lambda devices: {"nfs4"})
    monkeypatch.setattr(following, "FULL_LOOK_SECONDS", 0.5)
    bursts, _, published = begin()
    told = published.get(timeout=PATIENCE)
    assert (told.by, told.every_seconds) == ("events", 0.5)
    for _ in range(2):  # though nothing changes
        assert bursts.get(timeout=PATIENCE)
