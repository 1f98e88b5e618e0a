"""The files of an SQLite store when another one takes its place: whatever happens, it is sound."""

import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from deaths import Dead
from renewal_samples import OTHER, TIME, click, fill_next
from store_samples import INFO, photos

from indexer.errors import BadValue, Conflict, StoreAway
from indexer.events import Learned
from indexer.kinds import EventKind
from indexer.queries import Query, Searched
from indexer.stores import open_store
from indexer.stores.sqlite import on_disk


@pytest.fixture
def path(tmp_path):
    return tmp_path / "photos.db"


@pytest.fixture
def store(path):
    store = open_store(f"sqlite:///{path}")
    store.identity.create(INFO)
    store.photos.put(photos(20))
    yield store
    store.close()


def sound(path):
    """Open the file as a stranger would, and check all of it."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute("SELECT model FROM info").fetchone()[0]


def test_the_name_becomes_a_link_and_the_old_file_keeps_all_it_had(store, path):
    store.events.append([click(1)])
    fill_next(store, photos(5))
    store.renewal.swap()
    assert path.is_symlink() and str(path.readlink()) == "photos.db.network-2"
    assert sound(path) == "other_model"
    # With its log of writes, where that is not folded in.
    assert sound(f"{path}.network-1") == "test_model"
    with closing(open_store(f"sqlite:///{path}.network-1")) as old:
        assert old.photos.count() == 20 and [e.id for e in old.events.read()] == ["e1"]
    assert not Path(f"{path}-wal").exists() and not Path(f"{path}-shm").exists()


def test_going_back_by_hand_and_on_again_loses_no_click(store, path):
    store.events.append([click(1)])
    fill_next(store, photos(5))
    store.renewal.swap()
    store.events.append([click(2), click(3)])
    for ending in ("-wal", ""):
        Path(f"{path}.network-1{ending}").replace(f"{path}{ending}")
    with closing(open_store(f"sqlite:///{path}")) as back:
        back.events.append([click(4)])
        before = [event.id for event in back.events.read()]
        back.renewal.swap()  # the file that was in use before is there as the next one
        back.events.append([click(5)])
        assert "e4" in before and [e.id for e in back.events.read()] == [*before, "e5"]
        assert back.events.state() == back.events.count()


def test_what_is_removed_for_good_during_a_swap_is_not_in_the_new_file(store, path, monkeypatch):
    store.events.append([click(1, "zorbla"), click(2)])
    store.searches.append([Searched(TIME, "ann", "zorbla", True, (), 1, 1.0)])
    fill_next(store, photos(5))
    writing = store.renewal._database.writing

    def forget_first():
        monkeypatch.undo()
        with closing(open_store(f"sqlite:///{path}")) as other:
            other.events.overwrite([replace(click(1), kind=EventKind.ERASE, word="", good=())])
            other.searches.remove([1])
        return writing()

    monkeypatch.setattr(store.renewal._database, "writing", forget_first)
    store.renewal.swap()
    assert [event.word for event in store.events.read()] == ["", "griffin"]
    assert list(store.events.verify()) == [] and not store.searches.count()


def test_removing_for_good_empties_the_logs_of_a_next_file_too(store, path):
    store.events.append([click(1)])
    fill_next(store, photos(5))
    store.renewal._copy_logs(Path(f"{path}.network-2"), afresh=True)
    store.scrub()
    with closing(open_store(f"sqlite:///{path}.network-2")) as following:
        assert not following.events.count() and following.photos.count() == 5
    store.renewal.swap()
    assert [event.id for event in store.events.read()] == ["e1"]


def test_a_process_that_lags_behind_brings_no_removed_word_back(store):
    store.events.append([click(number) for number in range(1, 7)])
    store.learned.replace([], 6)
    store.learned.replace([Learned("zorbla", 1, 0, 0, 1, TIME, ())], 5)
    assert store.learned.read() == []


def test_a_reader_of_the_old_file_reads_on_and_harms_nothing(store, path):
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM photos").fetchone() == (20,)
        fill_next(store, photos(5))
        store.renewal.swap()
        store.events.append([click(2)])
        assert reader.execute("SELECT count(*), max(model) FROM photos, info").fetchone() == (
            20, "test_model",
        )  # fmt: skip
    # Its end must not take the new file's log with it.
    assert [event.id for event in store.events.read()] == ["e2"]
    with closing(open_store(f"sqlite:///{path}")) as fresh:
        assert [event.id for event in fresh.events.read()] == ["e2"]
    assert sound(path) == "other_model"


def test_dropping_removes_all_files_of_the_old_one_and_no_others(store, path):
    store.photos.vectors()
    store.ranking.search(Query(weights={"n02123045": 1.0}))
    for name in ("lists", "cells", "teaching", "thumbnails/160/a.jpg"):
        file = store.derived(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    other = path.with_name("photos.db.backup")
    other.write_bytes(b"mine")
    fill_next(store, photos(5)).photos.vectors()
    store.renewal.swap()
    store.renewal.drop_old()
    left = sorted(entry.name for entry in path.parent.iterdir())
    mine = [name for name in left if not name.startswith("photos.db.network-2")]
    assert mine == ["photos.db", "photos.db.backup"]
    assert store.photos.vectors().rows.shape == (5, OTHER.dimensions)


def test_a_store_behind_a_link_of_the_users_own_keeps_it(store, path, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "mine.db"
    link.symlink_to(path)
    by_link = open_store(f"sqlite:///{link}")
    assert by_link.location == store.location
    fill_next(by_link, photos(5))
    by_link.renewal.swap()
    assert link.readlink() == path and store.identity.info() == OTHER
    with closing(open_store(f"sqlite:///{link}")) as again:
        assert again.location == store.location and again.identity.info() == OTHER
    by_link.close()


def test_somebody_elses_file_in_the_next_place_is_left_alone(store, path):
    path.with_name("photos.db.network-2").write_text("my notes" * 100)
    with pytest.raises(BadValue, match=r"network-2 is not a Magpie store"):
        store.renewal.next().identity.create(OTHER)


def test_somebody_elses_file_in_the_place_of_the_old_one_is_left_alone(store, path):
    mine = path.with_name("photos.db.network-1")
    mine.write_text("my notes")
    fill_next(store, photos(5))
    with pytest.raises(Conflict, match=r"network-1 is in the way: move it"):
        store.renewal.swap()
    assert mine.read_text() == "my notes" and store.identity.info() == INFO
    mine.unlink()
    store.renewal.swap()
    assert store.identity.info() == OTHER


STEPS = [(Path, "hardlink_to"), (Path, "symlink_to"), (Path, "replace"), (Path, "unlink"),
         (on_disk, "_make_durable")]  # fmt: skip


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "step"), STEPS, ids=[step for _, step in STEPS])
def test_a_death_at_any_step_leaves_the_one_or_the_other(
    store, path, monkeypatch, owner, step, after
):
    store.events.append([click(1)])
    fill_next(store, photos(5))
    real = getattr(owner, step)

    def die(*given, **more):
        if after:
            real(*given, **more)
        raise Dead

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, die)
        with suppress(Dead):
            store.renewal.swap()
    store.close()
    with closing(open_store(f"sqlite:///{path}")) as again:
        again.events.append([click(2)])
        if again.identity.info() == INFO:
            assert again.photos.count() == 20
            again.renewal.swap()
        assert (again.identity.info(), again.photos.count()) == (OTHER, 5)
        assert [event.id for event in again.events.read()] == ["e1", "e2"]
        again.renewal.drop_old()
        assert again.renewal.old() == []
    assert sound(path) == "other_model"


def test_a_folder_that_takes_no_links_is_one_line_and_all_is_as_it_was(store, path, monkeypatch):
    fill_next(store, photos(5))

    def refuse(*_):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    with pytest.raises(StoreAway, match="Operation not permitted"):
        store.renewal.swap()
    assert store.identity.info() == INFO and not path.is_symlink()


CLICKER = """
import sys
from indexer.kinds import EventKind
from indexer.events import Event
from indexer.stores import open_store
store, number = open_store(sys.argv[1]), 0
while True:
    event = Event(id=f"{sys.argv[2]}-{number}", time="2024-05-01T12:00:00.000000Z",
                  kind=EventKind.CLICK, user="ann", word="w", good=("f" * 32,))
    store.events.append([event])
    print(event.id, flush=True)
    number += 1
"""


def test_clicks_of_other_processes_are_all_there_after_swaps(store, path):
    url = f"sqlite:///{path}"
    clickers = [
        subprocess.Popen([sys.executable, "-c", CLICKER, url, name], stdout=subprocess.PIPE,
                         text=True)
        for name in "abc"
    ]  # fmt: skip
    try:
        done = [clicker.stdout.readline().strip() for clicker in clickers]
        for info in (OTHER, INFO) * 5:
            store.renewal.next().identity.create(info)
            store.renewal.swap()
            store.renewal.drop_old()
            done += [clicker.stdout.readline().strip() for clicker in clickers for _ in range(9)]
    finally:
        for clicker in clickers:
            clicker.kill()
    done += [line.strip() for clicker in clickers for line in clicker.stdout]
    for clicker in clickers:
        clicker.wait()
        clicker.stdout.close()
    kept = {event.id for event in store.events.read()}
    assert {id for id in done if id} <= kept and len(kept) >= 270
    assert sound(path) == "test_model"
