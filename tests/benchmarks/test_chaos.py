"""A server that is killed loses nothing acknowledged; `make chaos` does it longer."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from elasticsearch import Elasticsearch

from benchmarks import chaos, chaos_ways, chaos_writers
from benchmarks.chaos_recount import Recount, Taught
from benchmarks.chaos_ways import FULL, ROOMY, WAYS, flooded, killed
from benchmarks.chaos_writers import DIMENSIONS, Worker, additions, clicks
from indexer.errors import StoreAway
from indexer.records import StoreInfo
from indexer.stores import open_store

KILLS = 1


@pytest.mark.elasticsearch
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_server_that_is_killed_loses_and_doubles_nothing(tmp_path):
    found = killed(tmp_path, KILLS)
    assert found.is_right, found
    assert found.deaths == KILLS and found.events > 0 and found.photos > 0
    assert found.reindexes > 0 and found.copies > 0
    assert found.refused > 0, "nobody noticed the deaths: the test is void"


def test_each_way_is_tried_on_each_version_and_all_numbers_are_told(monkeypatch):
    tried = []

    def trying(way):
        def happen(folder, times, version):
            assert folder.is_dir()
            tried.append((version, way, times))
            return Recount(deaths=times, under={"index": 1, "copy": 2}, lost=["a" * 16])

        return happen

    monkeypatch.setenv("MAGPIE_CACHE", "")  # which it sets itself: to be put back
    ways = {way: (trying(way), share) for way, (_, share) in WAYS.items()}
    monkeypatch.setattr(chaos, "WAYS", ways)
    (table,) = chaos.tables(12)
    times = {"killed": 12, "one of two nodes killed": 4, "flood stage": 1}
    assert tried == [(v, way, n) for v in chaos.VERSIONS for way, n in times.items()]
    assert len(table.rows) == 6 and {len(row) for row in table.rows} == {len(table.columns)}
    told = dict(zip(table.columns, table.rows[1], strict=True))
    assert told["what"] == "one of two nodes killed" and told["times"] == "4"
    assert (told["under reindex"], told["under copy"], told["lost"]) == ("1", "2", "1")


def test_what_is_lost_is_counted(elasticsearch_store_url):
    url = elasticsearch_store_url
    store = open_store(url)
    store.identity.create(StoreInfo("chaos", "0" * 64, DIMENSIONS))
    ann, adder = Worker(clicks(url, "ann")), Worker(additions(url))
    ann.done, adder.done = [*ann.act(0), *ann.act(1)], [*adder.act(0)]
    whole = Recount()
    whole.add(Taught(url, [ann], [adder]))
    assert whole.is_right and (whole.events, whole.photos) == (2, 10)
    store.photos.delete(adder.done[:1])
    ann.done.append("e" * 16)
    less = Recount()
    less.add(Taught(url, [ann], [adder]))
    assert not less.is_right and set(less.lost) == {"e" * 16, adder.done[0]}
    store.close()


def test_what_was_acknowledged_before_a_death_is_remembered(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'library.db'}"
    store = open_store(url)
    store.identity.create(StoreInfo("chaos", "0" * 64, DIMENSIONS))
    ann = Worker(clicks(url, "ann"))

    def die(log, table):
        ann.stop()
        raise StoreAway("killed after it acknowledged the click")

    monkeypatch.setattr(chaos_writers, "write_learned", die)
    monkeypatch.setattr(chaos_writers, "PAUSE_SECONDS", 0)
    ann.go()
    assert (ann.acts, ann.refused, ann.wrong) == (0, 1, [])
    assert ann.done == [event.id for event in store.events.read()] and len(ann.done) == 1
    store.close()


def test_a_disk_has_room_before_a_flood_and_after_it_however_full_it_is(
    elasticsearch_url, tmp_path, monkeypatch
):
    with Elasticsearch(elasticsearch_url) as client:
        for marks in (ROOMY, dict.fromkeys(ROOMY)):
            assert client.cluster.put_settings(persistent=marks)["acknowledged"]
    put, steps = [], ("get_on", "note_death", "finish", "recount")
    crowd = SimpleNamespace(busy=nullcontext, **dict.fromkeys(steps, lambda: None))
    cluster = SimpleNamespace(put_settings=lambda persistent: put.append(persistent))
    client = nullcontext(SimpleNamespace(cluster=cluster))
    node = nullcontext((elasticsearch_url, None))
    monkeypatch.setattr(chaos_ways, "node", lambda *_, **__: node)
    monkeypatch.setattr(chaos_ways, "Elasticsearch", lambda *_, **__: client)
    monkeypatch.setattr(chaos_ways, "Crowd", lambda *_: crowd)
    monkeypatch.setattr(chaos_ways, "until", lambda true: None)
    monkeypatch.setattr(chaos_ways, "MOST_PAUSE_SECONDS", 0)
    flooded(tmp_path, 2)
    assert put == [ROOMY, FULL, ROOMY, FULL, ROOMY]
