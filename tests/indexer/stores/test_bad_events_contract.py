"""What every store promises about events that were damaged, lost or changed behind its back.

`Meddler` does to each store what disks and people do.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from elasticsearch import Elasticsearch
from store_samples import INFO

import mappings
from indexer.errors import BadValue
from indexer.events import Event, Upload
from indexer.kinds import EventKind
from indexer.moving.copy_logs import copy_logs
from indexer.records import Label
from indexer.stores import open_store

TIME = "2024-05-01T12:00:00.000000Z"


UPLOAD = Upload(
    id="0a" * 16,
    name="b.jpg",
    labels=(Label("n02391049", 0.5),),
    vector=np.array([1, 0, 0], np.float32),
    thumbnail=b"jpeg",
)


def event(number, **fields):
    known = {"time": TIME, "kind": EventKind.CLICK, "user": "ann", "word": "griffin"}
    return Event(id=f"{number:016x}", **{**known, "good": (f"photo{number}",), **fields})


class SqliteMeddler:
    def __init__(self, url):
        self.file = url.removeprefix("sqlite:///")

    def _do(self, statement, *values):
        with closing(sqlite3.connect(self.file)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def document(self, id):
        ((text,),) = self._do("SELECT document FROM feedback WHERE id = ?", id)
        return json.loads(text)

    def rewrite(self, id, document):
        text = json.dumps(document)
        self._do("UPDATE feedback SET document = ? WHERE id = ?", text, id)

    def remove(self, id):
        self._do("DELETE FROM feedback WHERE id = ?", id)

    def forget_checksums(self):
        self._do("DROP TABLE feedback_checksums")


class ElasticsearchMeddler:
    def __init__(self, url):
        server, _, name = url.rpartition("/")
        self.client, self.index = Elasticsearch(server), f"{name}-feedback"

    def document(self, id):
        return dict(self.client.get(index=self.index, id=id)["_source"])

    def rewrite(self, id, document):
        self.client.index(index=self.index, id=id, document=document, refresh=True)

    def remove(self, id):
        self.client.delete(index=self.index, id=id, refresh=True)

    def forget_checksums(self):
        for hit in self.client.search(index=self.index, size=100)["hits"]["hits"]:
            kept = {k: v for k, v in hit["_source"].items() if k not in ("checksum", "previous")}
            self.rewrite(hit["_id"], kept)


@pytest.fixture
def meddler(store_url):
    if store_url.startswith("sqlite"):
        yield SqliteMeddler(store_url)
    else:
        made = ElasticsearchMeddler(store_url)
        yield made
        made.client.close()


def read(store):
    bad = []
    return list(store.events.read(skipped=bad.append)), bad


def test_a_sound_log_is_sound(store):
    store.events.append([event(1), event(2)])
    store.events.append([event(2), event(3)])
    store.events.append([event(4)])
    assert list(store.events.verify()) == [] and read(store)[1] == []


def test_a_changed_event_is_skipped_and_named_and_the_others_come(store, meddler):
    """Fails without the checksum: the event would be read as if the user had said so."""
    store.events.append([event(1), event(2), event(3)])
    meddler.rewrite(event(2).id, meddler.document(event(2).id) | {"word": "gryffin"})
    events, bad = read(store)
    assert sorted(one.id for one in events) == [event(1).id, event(3).id]
    assert [one.id for one in bad] == [event(2).id]
    assert any(event(2).id in line for line in store.events.verify())
    store.events.append([event(4)])
    assert len(read(store)[0]) == 3


@pytest.mark.parametrize(
    "change",
    [{"time": "2024-02-31T12:00:00.000000Z"}, {"kind": "click", "word": ""}],
    ids=["impossible date", "no word"],
)
def test_an_event_of_an_earlier_magpie_that_makes_no_sense_is_skipped(store, meddler, change):
    store.events.append([event(1), event(2)])
    document = meddler.document(event(1).id)
    # Elasticsearch itself refuses such a date, so it is not asked to keep one.
    if "time" in change and isinstance(meddler, ElasticsearchMeddler):
        change = {"word": ""}
    meddler.rewrite(event(1).id, document | change)
    meddler.forget_checksums()
    events, bad = read(store)
    assert [one.id for one in events] == [event(2).id]
    assert [one.id for one in bad] == [event(1).id] and bad[0].reason


@pytest.mark.parametrize("broken", ["\0", "\udcff"])
def test_an_event_of_an_earlier_magpie_is_read_whatever_people_typed(store, meddler, broken):
    """Fails if broken characters cost the event."""
    if broken != "\0" and isinstance(meddler, ElasticsearchMeddler):
        pytest.skip("its client sends no halves of characters")
    store.events.append([event(1, uploads=(UPLOAD,)), event(2)])
    document = meddler.document(event(1).id)
    (upload,) = document["uploads"]
    change = {"query": f"dog{broken}", "user": f"{broken}ann", "word": f"d{broken}g"}
    change["uploads"] = [upload | {"name": f"b{broken}.jpg"}]
    meddler.rewrite(event(1).id, document | change)
    meddler.forget_checksums()
    events, bad = read(store)
    assert bad == []
    (mended,) = [one for one in events if one.id == event(1).id]
    assert (mended.query, mended.user, mended.word) == ("dog\ufffd", "\ufffdann", "d\ufffdg")
    assert mended.uploads == (replace(UPLOAD, name="b\ufffd.jpg"),)


def test_a_missing_event_is_noticed(store, meddler):
    """Fails without the chain: what is left of the log is sound, event by event."""
    for number in range(1, 4):
        store.events.append([event(number)])
    meddler.remove(event(2).id)
    assert [one.id for one in read(store)[0]] == [event(1).id, event(3).id]
    assert any("is missing" in line for line in store.events.verify())


def test_events_without_checksums_are_read_and_followed(store, meddler):
    store.events.append([event(1), event(2)])
    meddler.forget_checksums()
    assert len(read(store)[0]) == 2
    store.events.append([event(3)])
    assert len(read(store)[0]) == 3 and list(store.events.verify()) == []


def test_a_log_of_an_earlier_magpie_takes_events_before_it_knows_of_checksums(
    store_url, open_again, monkeypatch
):
    """In Elasticsearch, users who teach may not change the fields of the index."""

    def load_older(index):
        mapping = load(index)
        if index == "feedback":
            mapping["_meta"]["version"] = 1
            del mapping["properties"]["checksum"], mapping["properties"]["previous"]
        return mapping

    load = mappings.load
    with monkeypatch.context() as earlier:
        earlier.setattr(mappings, "load", load_older)
        store = open_again()
        store.identity.create(INFO)
    store.events.append([event(1), event(2)])
    assert len(read(store)[0]) == 2
    store.identity.create(INFO)  # as the next `magpie index` does
    store.events.append([event(3)])
    assert len(read(store)[0]) == 3 and list(store.events.verify()) == []
    if not store.is_remote:
        return
    server, _, name = store_url.rpartition("/")
    with Elasticsearch(server) as client:
        document = client.get(index=f"{name}-feedback", id=event(3).id)["_source"]
    assert document["previous"] == event(2).id and document["checksum"]


def test_an_event_that_would_do_harm_is_refused_with_all_that_come_with_it(store):
    for harmful in (
        event(2, time="2024-02-31T12:00:00.000000Z"),
        event(2, time="9999-05-01T12:00:00.000000Z"),
        event(2, query="\ud800"),
        event(2, word=""),
        event(2, kind=EventKind.RENAME),
        event(2, query="x" * 40_000),
    ):
        with pytest.raises(BadValue, match=r"^this cannot be noted: .*nothing was noted$"):
            store.events.append([event(1), harmful])
    assert list(store.events.read()) == [] and store.events.count() == 0


def test_a_copy_has_all_that_can_be_read(store, meddler, tmp_path):
    store.events.append([event(number) for number in range(1, 6)])
    meddler.rewrite(event(3).id, meddler.document(event(3).id) | {"user": "bob"})
    with closing(open_store(f"sqlite:///{tmp_path}/copy.db")) as target:
        target.identity.create(INFO)
        assert [one.id for one in copy_logs(store, target)] == [event(3).id]
        assert len(list(target.events.read())) == 4 and list(target.events.verify()) == []


def test_an_event_that_was_written_again_is_whole_again(store, meddler):
    store.events.append([event(1), event(2)])
    if isinstance(meddler, ElasticsearchMeddler):
        pytest.skip("users may only add to the log there: the bad document is to be deleted first")
    meddler.rewrite(event(1).id, {"id": "nothing"})
    assert len(read(store)[0]) == 1
    store.events.append([event(1)])
    assert read(store) == ([replace(event(1), number=1), replace(event(2), number=2)], [])
    assert list(store.events.verify()) == []


def test_the_newest_event_is_missed_once_it_was_recorded(store, open_again, meddler):
    """Fails without the record beside the log: no later event names the newest one."""
    if not store.is_remote:
        pytest.skip("the checksums beside the table tell it: test_sqlite_event_damage.py")
    for number in range(1, 4):
        store.events.append([event(number)])
    store.learned.replace([], store.events.state())
    assert list(store.events.verify()) == []
    meddler.remove(event(3).id)
    (line,) = open_again().events.verify()
    assert event(3).id in line and "is missing" in line


def test_events_of_the_same_moment_are_both_missed(store, open_again, meddler):
    """Fails where an event names one of those before it: the others could vanish."""
    if not store.is_remote:
        pytest.skip("one writer at a time")
    other = open_again()
    store.events.append([event(1)])
    for one in (store, other):
        list(one.events.read())
    store.events.append([event(2)])
    other.events.append([event(3)])
    third = open_again()
    list(third.events.read())
    third.events.append([event(4)])
    assert list(third.events.verify()) == []
    for number in (2, 3):
        meddler.remove(event(number).id)
    found = " ".join(open_again().events.verify())
    assert event(2).id in found and event(3).id in found
