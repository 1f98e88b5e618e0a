"""The log of events in a damaged file: whatever byte was changed, the other events are read."""

import json
import os
import random
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from store_samples import INFO

from indexer.errors import MagpieError, StoreAway
from indexer.events import Event
from indexer.kinds import EventKind
from indexer.stores import logged_events, open_store
from indexer.stores.events import from_document, to_document
from indexer.stores.sqlite import event_backups, event_rows
from indexer.stores.sqlite.event_rows import EventRow

TIME = "2024-05-01T12:00:00.000000Z"
FLIPS = 150


def event(number):
    return Event(
        id=f"{number:016x}",
        time=TIME,
        kind=EventKind.CLICK,
        user="ann",
        word=f"word{number}",
        good=(f"{number:032x}",),
    )


def fill(path, number):
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.identity.create(INFO)
        store.events.append([event(one) for one in range(1, number + 1)])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


class WrittenLog:
    """Events in memory."""

    def __init__(self, events):
        self._events = events

    def texts(self):
        return map(self.row, range(1, len(self._events) + 1))

    def row(self, number):
        one = self._events[number - 1]
        document = json.dumps(to_document(one)).encode()
        return EventRow(number, one.id.encode(), document, None, None, None)


def read(path):
    bad = []
    with closing(open_store(f"sqlite:///{path}")) as store:
        return list(store.events.read(skipped=bad.append)), bad


def backups(path):
    return sorted(path.with_name(f"{path.name}.events").glob("*.jsonl"))


def places(path):
    """Return where the rows of the log lie in the file: offsets and lengths of pages."""
    content = path.read_bytes()
    size = int.from_bytes(content[16:18], "big")
    pages = [(at, content[at : at + size]) for at in range(0, len(content), size)]
    return [(at, size) for at, page in pages if page[:1] == b"\x0d" and b'"word": "word' in page]


def test_a_flipped_byte_of_the_log_costs_no_more_than_its_page_and_makes_nothing_up(tmp_path):
    """Fails without the checksums (events that nobody wrote) and without reading row by row."""
    path = fill(tmp_path / "whole.db", 200)
    whole = {one.id: one for one in read(path)[0]}
    content, chance = path.read_bytes(), random.Random(1)
    leaves = places(path)
    assert len(leaves) > 3
    damaged = tmp_path / "damaged.db"
    lost = 0
    for _ in range(FLIPS):
        start, size = chance.choice(leaves)
        at = start + chance.randrange(size)
        flipped = bytes([content[at] ^ (1 << chance.randrange(8))])
        damaged.write_bytes(content[:at] + flipped + content[at + 1 :])
        events, bad = read(damaged)
        assert all(whole[one.id] == one for one in events), at
        assert len(events) + len(bad) >= len(whole), at
        assert len(events) >= len(whole) - 60, at
        lost += len(whole) - len(events)
    assert lost > 0  # flips do harm


def test_a_damaged_checksum_costs_no_event(tmp_path):
    path = fill(tmp_path / "photos.db", 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE feedback_checksums SET checksum = 'x' WHERE number = 2")
    assert [one.number for one in read(path)[0]] == [1, 2, 3]
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert list(store.events.verify())


def flip(path, column, number):
    """Make a text of the checksums one that is not UTF-8, as a flipped bit does."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            f"UPDATE feedback_checksums SET {column} = CAST(x'e1' || substr({column}, 2) AS TEXT) "
            "WHERE number = ?",
            (number,),
        )


def root_page(path, table):
    """Return where the first page of a table begins in the file."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (number,) = connection.execute(query, (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    return (number - 1) * size


def change_byte(path, at, value):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(bytes([value]))


def without_log(path):
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@pytest.mark.parametrize("column", ["checksum", "chain"])
def test_a_checksum_that_is_no_text_stops_neither_readers_nor_new_events(tmp_path, column):
    path = fill(tmp_path / "photos.db", 3)
    flip(path, column, 3)
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert [one.number for one in store.events.read()] == [1, 2, 3]
        assert any("number 3" in line for line in store.events.verify())
        store.events.append([event(4)])
        assert [one.number for one in store.events.read()] == [1, 2, 3, 4]
        assert list(store.events.verify())


def test_a_destroyed_page_of_checksums_stops_neither_readers_nor_new_events(tmp_path):
    path = fill(tmp_path / "photos.db", 3)
    change_byte(path, root_page(path, "feedback_checksums"), 0)
    without_log(path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.append([event(4)])
        store.events.append([event(5)])
        assert [one.id for one in store.events.read()] == [event(one).id for one in range(1, 6)]
        assert store.events.state() == 5
        assert any("magpie salvage" in line for line in store.events.verify())


def test_a_missing_event_is_put_back_in_its_place(tmp_path):
    path = fill(tmp_path / "photos.db", 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM feedback WHERE number = 2")
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.append([event(1), event(2), event(3)], restoring=True)
        assert [(one.number, one.id) for one in store.events.read()] == [
            (number, event(number).id) for number in (1, 2, 3)
        ]
        assert list(store.events.verify()) == []
        assert store.events.count() == 3


def test_what_was_not_written_does_not_take_the_place_of_a_damaged_event(tmp_path):
    """Fails if the id alone decides what is put back."""
    path = fill(tmp_path / "photos.db", 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE feedback SET document = 'x' WHERE number = 2")
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.append([replace(event(2), word="another")], restoring=True)
        assert [one.id for one in store.events.read()] == [event(1).id, event(3).id]
        store.events.append([event(2)], restoring=True)
        assert [one.word for one in store.events.read()] == ["word1", "word2", "word3"]
        assert list(store.events.verify()) == []


def test_an_event_that_was_damaged_before_it_had_a_checksum_is_put_back(tmp_path):
    path = fill(tmp_path / "photos.db", 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE feedback_checksums")
        connection.execute("UPDATE feedback SET document = 'x' WHERE number = 2")
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.append([event(4)])
        store.events.append([event(2)], restoring=True)
        assert [one.number for one in store.events.read()] == [1, 2, 3, 4]
        assert list(store.events.verify()) == []


def test_a_missing_event_that_came_again_at_the_end_is_not_doubled(tmp_path):
    path = fill(tmp_path / "photos.db", 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM feedback WHERE number = 2")
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.append([event(2)])
        store.events.append([event(2), event(4)], restoring=True)
        assert [one.id for one in store.events.read()] == [event(one).id for one in (1, 3, 2, 4)]


@pytest.mark.parametrize("has_checksums", [True, False])
def test_an_event_that_its_page_hides_is_written_although_the_index_names_it(
    tmp_path, has_checksums
):
    """Fails if what the index names passes for written."""
    path = fill(tmp_path / "photos.db", 3)
    if not has_checksums:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DELETE FROM feedback_checksums WHERE number = 3")
            connection.commit()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    change_byte(path, root_page(path, "feedback") + 4, 2)  # of the count of its rows
    without_log(path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert len(list(store.events.read())) == 2
        store.events.append([event(3)])
        assert [one.id for one in store.events.read()] == [event(one).id for one in (1, 2, 3)]


def test_events_in_another_order_are_noticed(tmp_path):
    path = fill(tmp_path / "photos.db", 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("feedback", "feedback_checksums"):
            for old, new in ((1, 9), (2, 1), (9, 2)):
                connection.execute(f"UPDATE {table} SET number = ? WHERE number = ?", (new, old))
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert any("does not follow" in line for line in store.events.verify())


def test_a_log_that_lost_its_end_is_noticed(tmp_path):
    """As after a damaged write-ahead log, of which SQLite drops the rest without a word."""
    path = fill(tmp_path / "photos.db", 3)
    before = path.read_bytes()
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.append([event(4)])
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.write_bytes(before)
    with closing(open_store(f"sqlite:///{path}")) as store:
        (line,) = store.events.verify()
        assert line.startswith("1 events are in ") and str(backups(path)[-1]) in line


def test_copies_have_all_events_and_are_for_their_owner_alone(tmp_path):
    os.umask(os.umask(0))
    path = fill(tmp_path / "photos.db", 3)
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.append([event(4)])
        store.events.append([event(4)])  # which is there already
    (kept,) = backups(path)
    assert kept.read_text().count("\n") == 4
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_copies_are_begun_after_some_events_or_a_day_and_few_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(event_backups, "EVENTS", 10)
    path = tmp_path / "photos.db"
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.identity.create(INFO)
        for number in range(1, 56):
            store.events.append([event(number)])
    made = backups(path)
    assert len(made) == event_backups.KEPT
    assert made[-1].read_text().count("\n") == 55
    yesterday = datetime.now(UTC) - timedelta(days=1, minutes=1)
    old = made[-1].with_name(f"{yesterday.strftime(event_backups.NAME)}-55.jsonl")
    for one in made[:-1]:
        one.unlink()
    made[-1].rename(old)
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.append([event(56)])
    assert len(backups(path)) == 2 and backups(path)[-1].read_text().count("\n") == 56


@pytest.mark.parametrize("year", [1999, 2990])
def test_the_copy_that_was_begun_last_is_the_newest_however_clocks_were_set(
    tmp_path, monkeypatch, year
):
    """Fails if a name is of this moment: what is written to it is found in none."""
    path = fill(tmp_path / "photos.db", 2)
    (kept,) = backups(path)
    kept.rename(kept.with_name(f"{year}0501T120000000000Z-2.jsonl"))
    monkeypatch.setattr(event_backups, "AGE", timedelta(-400_000))
    with closing(open_store(f"sqlite:///{path}")) as store:
        for number in range(3, 8):
            store.events.append([event(number)])
        newest = store.events.backups.newest()
    assert lines(newest) == [event(number).id for number in range(1, 8)]
    assert len(backups(path)) == event_backups.KEPT


def test_a_new_copy_has_what_the_log_lost(tmp_path, monkeypatch):
    """Fails if copies are made from the log alone: three later, nothing would be left of it."""
    monkeypatch.setattr(event_backups, "EVENTS", 1)
    path = fill(tmp_path / "photos.db", 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE feedback SET document = 'x' WHERE number = 2")
    with closing(open_store(f"sqlite:///{path}")) as store:
        for number in range(4, 9):
            store.events.append([event(number)])
    assert all(event(2).id in one.read_text() for one in backups(path))


def test_a_new_copy_parses_only_what_the_last_one_lacks_and_is_no_less_checked(
    tmp_path, monkeypatch
):
    """Fails if a click waits for each event of a long log to be parsed."""
    monkeypatch.setattr(event_backups, "AGE", timedelta(0))
    path = fill(tmp_path / "photos.db", 5)
    with closing(sqlite3.connect(path)) as connection, connection:
        # An earlier Magpie wrote one of them in other words, and a broken character.
        old = {**to_document(event(2)), "query": "dog\0"}
        connection.execute("DROP TABLE feedback_checksums")
        connection.execute(
            "UPDATE feedback SET document = ? WHERE number = 2", (json.dumps(old, indent=1),)
        )
        connection.execute("UPDATE feedback SET document = 'x' WHERE number = 4")
    parsed = []

    def from_log(document, number):
        parsed.append(number)
        return logged_events.from_log(document, number)

    monkeypatch.setattr(event_rows, "from_log", from_log)
    with closing(open_store(f"sqlite:///{path}")) as store:
        for number in (6, 7):
            parsed.clear()
            store.events.append([event(number)])
            assert set(parsed) == {2}
    copy = backups(path)[-1].read_text().splitlines()
    assert sorted(json.loads(one)["id"] for one in copy) == [event(one).id for one in range(1, 8)]
    assert [from_document(json.loads(one)).query for one in copy] == ["", "dog\ufffd", *[""] * 5]


def lines(file):
    """Return the ids of the events of a copy, each line of which is one."""
    return [json.loads(line)["id"] for line in file.read_text().splitlines()]


def test_a_copy_that_was_cut_is_followed_by_a_whole_one(tmp_path):
    """Fails if the cut one goes on: it lacks an event, and no import takes it."""
    path = fill(tmp_path / "photos.db", 2)
    (cut,) = backups(path)
    os.truncate(cut, cut.stat().st_size - 5)
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.append([event(3)])
        assert list(store.events.verify()) == []
    assert len(backups(path)) == 2
    assert lines(backups(path)[-1]) == [event(one).id for one in (1, 2, 3)]


def test_a_copy_on_a_disk_that_fills_up_is_said_and_made_good_later(tmp_path, caplog):
    """Fails if a part of a write passes for all of it."""
    kept = event_backups.EventBackups(tmp_path / "photos.db.events")
    written = []

    def add(one):
        written.append(one)
        kept.add([json.dumps(to_document(one))], len(written), WrittenLog(written))

    add(event(1))
    (file,) = kept.all()
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 20, old[1]))
    try:
        add(event(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert "events are not copied" in caplog.text
    add(event(3))
    assert lines(kept.all()[0]) == [event(one).id for one in (1, 2, 3)]


def test_a_library_made_anew_in_the_same_place_leaves_the_old_copies_aside(tmp_path, caplog):
    path = fill(tmp_path / "photos.db", 3)
    (old,) = backups(path)
    path.unlink()
    without_log(path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.identity.create(INFO)
        store.events.append([event(50)])
        assert list(store.events.verify()) == []
    (new,) = backups(path)
    assert lines(new) == [event(50).id]
    aside = old.parent / "earlier" / old.name
    assert lines(aside) == [event(one).id for one in (1, 2, 3)]
    assert stat.S_IMODE(aside.parent.stat().st_mode) == 0o700
    assert caplog.text.count(f"are in {str(aside)!r}") == 1


def test_a_library_made_anew_that_gets_its_events_back_keeps_the_copies(tmp_path):
    path = fill(tmp_path / "photos.db", 3)
    old = backups(path)
    path.unlink()
    without_log(path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.identity.create(INFO)
        store.events.append([event(2), event(1)])
    assert backups(path)[0] == old[0]
    assert not (old[0].parent / "earlier").exists()


def test_an_event_that_comes_while_it_verifies_is_not_called_lost(tmp_path, monkeypatch):
    """Fails if the copy is read after the log."""
    path = fill(tmp_path / "photos.db", 3)
    with closing(open_store(f"sqlite:///{path}")) as store:
        found = store.events.verify()
        known = store.events._rows

        def rows(after):
            yield from known(after)
            store.events.append([event(4)])

        monkeypatch.setattr(store.events, "_rows", rows)
        assert list(found) == []


def test_a_copy_that_fails_does_not_make_an_event_that_was_written_look_failed(
    tmp_path, monkeypatch, caplog
):
    """The log may change, or be busy, while a new copy is made of it."""
    monkeypatch.setattr(event_backups, "EVENTS", 0)
    monkeypatch.setattr(event_backups, "AGE", timedelta(0))
    path = fill(tmp_path / "photos.db", 1)

    def away(*_):
        raise StoreAway("the store changed while it was read: try again")
        yield

    with closing(open_store(f"sqlite:///{path}")) as store:
        monkeypatch.setattr(store.events, "_rows", away)
        store.events.append([event(2)])
    assert "events are not copied" in caplog.text
    assert [one.id for one in read(path)[0]] == [event(1).id, event(2).id]


def test_what_a_process_left_that_died_while_it_made_a_copy_is_removed(tmp_path):
    folder = tmp_path / "photos.db.events"
    folder.mkdir()
    left = folder / "20240501T120000000000Z-1.jsonl.0a1b2c3d.new"
    left.write_text("some")
    path = fill(tmp_path / "photos.db", 1)
    assert not left.exists()
    assert len(backups(path)) == 1


def test_a_copy_that_another_process_holds_is_waited_for_and_not_for_long(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(event_backups, "LOCK_SECONDS", 0)
    path = fill(tmp_path / "photos.db", 1)
    lock = "import fcntl, sys; file = open(sys.argv[1]); fcntl.flock(file, fcntl.LOCK_EX); "
    lock += "print(flush=True); input()"
    file = backups(path)[0].parent / "lock"
    with (
        subprocess.Popen(
            [sys.executable, "-c", lock, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as other,
        closing(open_store(f"sqlite:///{path}")) as store,
    ):
        other.stdout.readline()
        store.events.append([event(2)])
        assert "another process is busy there" in caplog.text
        other.communicate(b"\n")
        store.events.append([event(3)])
    assert lines(backups(path)[-1])[-1] == event(3).id


def test_events_are_noted_where_no_copy_can_be_kept(tmp_path, caplog):
    (tmp_path / "photos.db.events").write_text("in the way")
    path = fill(tmp_path / "photos.db", 2)
    assert len(read(path)[0]) == 2
    assert "make that folder writable" in caplog.text


def test_a_renewed_file_has_the_checksums_too(tmp_path):
    path = fill(tmp_path / "photos.db", 3)
    with closing(open_store(f"sqlite:///{path}")) as store:
        with closing(store.renewal.next()) as following:
            following.identity.create(INFO)
        store.renewal.swap()
        store.events.append([event(4)])
        assert list(store.events.verify()) == []
        with closing(sqlite3.connect(path)) as connection:
            query = "SELECT count(*) FROM feedback_checksums"
            assert connection.execute(query).fetchone() == (4,)


def test_an_emptied_file_is_known_by_what_lies_beside_it(tmp_path):
    path = fill(tmp_path / "photos.db", 3)
    path.write_bytes(b"")
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert store.identity.info() is None
        assert store.remains()[0] == backups(path)[-1]
    shutil.rmtree(backups(path)[0].parent)
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert store.remains() == []


def test_a_place_where_there_never_was_a_store_has_no_remains(tmp_path):
    with closing(open_store(f"sqlite:///{tmp_path}/photos.db")) as store:
        assert store.remains() == []
        with pytest.raises(MagpieError):
            store.events.append([event(1)])
    assert list(tmp_path.iterdir()) == []


def test_events_after_one_that_is_replaced_are_read_although_their_checksum_is_damaged(tmp_path):
    path = fill(tmp_path / "photos.db", 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE feedback_checksums SET checksum = 'x' WHERE number = 2")
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.events.overwrite([replace(event(1), word="other")])
        assert [one.word for one in store.events.read()] == ["other", "word2", "word3"]
        assert list(store.events.verify()) == []
