"""What is left of a damaged library: all that can be read, nothing that was made up."""

import json
import os
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from store_samples import INFO, photos

from indexer.events import Event
from indexer.kinds import EventKind
from indexer.queries import Searched
from indexer.records import File, LinksOut
from indexer.stores import open_store
from search.commands import main

PHOTOS, EVENTS, SEARCHES = 400, 120, 50
TIME = "2024-05-01T12:00:00.000000Z"
BECOME = {b'"user": "ann"': b'"user": "bob"', b'"format": "jpeg"': b'"format": "webp"'}
"""What some bytes are changed into, so that events and photos are sound and others."""


def event(number):
    return Event(
        id=f"{number:016x}",
        time=TIME,
        kind=EventKind.TEACH,
        user="ann",
        word=f"word{number % 7}",
        good=(f"{number:032x}",),
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A library without files beside it, and all that is in it."""
    path = tmp_path_factory.mktemp("whole") / "photos.db"
    some = photos(PHOTOS)
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.identity.create(INFO)
        store.photos.put(some)
        store.files.put(File(one.paths[0], 1, 1, one.id) for one in some)
        store.files.put_roots(["/photos"])
        store.events.append(event(number) for number in range(1, EVENTS + 1))
        store.searches.append(
            Searched(TIME, "ann", "cat", True, (), number, 1.0) for number in range(SEARCHES)
        )
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.rmtree(f"{path}.events")
    return path


def salvage(path, *options):
    new = path.with_name("new.db")
    for one in path.parent.glob("new.db*"):
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    urls = [f"sqlite:///{path}", f"sqlite:///{new}"]
    return CliRunner().invoke(main, ["salvage", *urls, *options])


def contents(path):
    with closing(open_store(f"sqlite:///{path}")) as store:
        return (
            {one.id: one for one in store.events.read()},
            {one.id: one for one in store.photos.scan()},
        )


@pytest.mark.parametrize("login", ["", "ann:s@cret@"])
def test_a_library_that_cannot_be_salvaged_is_named_without_its_password(tmp_path, login):
    urls = [f"http://{login}localhost:9200/photos", f"sqlite:///{tmp_path}/new.db"]
    done = CliRunner().invoke(main, ["salvage", *urls])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "localhost:9200/photos'" in done.stderr and "cret" not in done.stderr


def test_all_of_a_sound_library_is_salvaged(whole, tmp_path):
    path = shutil.copy(whole, tmp_path / "photos.db")
    before = path.read_bytes()
    report = json.loads(salvage(path, "--json").stdout)
    assert report["events"] == EVENTS and report["photos"] == PHOTOS
    assert report["files"] == PHOTOS and report["searches"] == SEARCHES
    assert report["words"] == 7 and report["bad_events"] == [] and report["missing"] == 0
    assert path.read_bytes() == before
    with closing(open_store(f"sqlite:///{tmp_path}/new.db")) as store:
        assert store.files.roots() == ["/photos"] and list(store.events.verify()) == []
    first, second = contents(path)[1], contents(tmp_path / "new.db")[1]
    assert first.keys() == second.keys()


def test_links_out_of_the_library_are_salvaged(whole, tmp_path):
    path, links = shutil.copy(whole, tmp_path / "photos.db"), [LinksOut("/photos", "/mnt/disk", 2)]
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.files.links_out.put(links)
    assert salvage(path).exit_code == 0
    with closing(open_store(f"sqlite:///{tmp_path}/new.db")) as store:
        assert store.files.links_out.read() == links


@pytest.mark.parametrize("share", [0.9, 0.6, 0.3])
def test_a_truncated_library_keeps_what_lies_before_its_end(whole, tmp_path, share):
    """Fails without `writable_schema`: SQLite then reads nothing of a file that is too short."""
    path = shutil.copy(whole, tmp_path / "photos.db")
    os.truncate(path, int(path.stat().st_size * share) // 4096 * 4096)
    done = salvage(path, "--json")
    assert done.exit_code == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["events"] + len(report["bad_events"]) <= EVENTS
    if share > 0.5:  # of the rest, the pages that lead to photos were cut off
        assert report["photos"] >= PHOTOS * (share - 0.25)


def as_stored(one, stored):
    """Whether a photo is to the last bit what was stored; lists of neighbours may be empty."""
    known = stored.get(one.id)
    same = known and replace(one, neighbours=()) == replace(known, neighbours=())
    return bool(same) and np.array_equal(one.vector, known.vector)


def test_damaged_pages_cost_what_lies_on_them_and_nothing_is_made_up(whole, tmp_path):
    """Fails if events or photos are copied whose checksums do not fit.

    Damage may also turn an event or a photo into another one, which its checksum alone tells.
    """
    content, chance = whole.read_bytes(), random.Random(4)
    events, stored = contents(whole)
    size = int.from_bytes(content[16:18], "big")
    path, most = tmp_path / "photos.db", 0
    for _ in range(12):
        damaged = bytearray(content)
        for page in chance.sample(range(8, len(content) // size), 4):
            start = page * size + chance.randrange(size // 2)
            damaged[start : start + 64] = chance.randbytes(64)
        for was, became in BECOME.items():
            damaged = damaged.replace(was, became, 1)
        path.write_bytes(damaged)
        done = salvage(path, "--json")
        assert done.exit_code == 0, done.stderr
        kept_events, kept = contents(tmp_path / "new.db")
        assert all(events[id] == one for id, one in kept_events.items())
        assert all(as_stored(one, stored) for one in kept.values())
        report = json.loads(done.stdout)
        assert len(kept_events) + len(report["bad_events"]) == EVENTS
        assert len(kept_events) >= EVENTS * 0.5  # four pages have no more
        most = max(most, len(kept))
    assert most >= PHOTOS * 0.9


def test_events_are_found_without_the_pages_that_lead_to_them(whole, tmp_path):
    """Fails without carving: the first page of a table leads to all others."""
    path = shutil.copy(whole, tmp_path / "photos.db")
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_schema WHERE name LIKE 'feedback%'"
        roots = [root for (root,) in connection.execute(query)]
    for root in roots:
        if content[(root - 1) * size] != 0x0D:
            content[(root - 1) * size : root * size] = bytes(size)
    assert content != whole.read_bytes()
    path.write_bytes(content)
    assert salvage(path).exit_code == 0
    assert contents(tmp_path / "new.db")[0] == contents(whole)[0]


def test_events_are_found_in_a_log_that_sqlite_drops(whole, tmp_path):
    path = shutil.copy(whole, tmp_path / "photos.db")
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.append([event(EVENTS + 1)])
        log = (tmp_path / "photos.db-wal").read_bytes()
        before = path.read_bytes()
    damaged = bytearray(log)
    damaged[40] ^= 1  # of the checksum of the first frame
    shutil.rmtree(tmp_path / "photos.db.events")
    path.write_bytes(before)
    (tmp_path / "photos.db-wal").write_bytes(damaged)
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT count(*) FROM feedback"
        assert connection.execute(query).fetchone() == (EVENTS,)
    (tmp_path / "photos.db-wal").write_bytes(damaged)
    assert json.loads(salvage(path, "--json").stdout)["events"] == EVENTS + 1


def test_events_of_the_copy_beside_it_come_along(whole, tmp_path):
    path = shutil.copy(whole, tmp_path / "photos.db")
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.append([event(EVENTS + 1)])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE feedback SET document = 'x' WHERE number BETWEEN 2 AND 40")
    report = json.loads(salvage(path, "--json").stdout)
    assert report["events"] == EVENTS + 1 and report["bad_events"] == []


def test_what_cannot_be_salvaged_is_said_in_a_line(whole, tmp_path):
    path = shutil.copy(whole, tmp_path / "photos.db")
    with path.open("r+b") as file:
        file.write(bytes(4096))
    for words in (
        [f"sqlite:///{path}", f"sqlite:///{tmp_path}/new.db"],
        [f"sqlite:///{tmp_path}/none.db", f"sqlite:///{tmp_path}/new.db"],
        ["http://localhost:9/photos", f"sqlite:///{tmp_path}/new.db"],
        [f"sqlite:///{whole}", f"sqlite:///{whole}"],
    ):
        done = CliRunner().invoke(main, ["salvage", *words])
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.output
