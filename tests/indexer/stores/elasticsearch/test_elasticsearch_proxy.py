"""What lies between Magpie and Elasticsearch refuses, loses and delays: all is there once."""

import subprocess
import sys
import threading
from itertools import repeat
from pathlib import Path

import elasticsearch
import pytest
from meddling_proxy import Trouble, meddling
from store_samples import INFO, photos

from indexer.errors import ReadOnly, StoreAway
from indexer.events import Event
from indexer.kinds import EventKind
from indexer.queries import Query, Searched
from indexer.records import File, Neighbour
from indexer.stores import open_store
from indexer.stores.elasticsearch import bulk as elasticsearch_bulk
from indexer.stores.elasticsearch import server as elasticsearch_server
from indexer.verifying import verify
from search.teaching.log import Log

NOW = "2024-05-01T12:00:00.000Z"
PASSING = [
    *(Trouble(status) for status in (429, 502, 503)),
    Trouble(503, passed_on=True),
    Trouble(passed_on=True),
    Trouble(),
]
LASTING = [*PASSING[:4], Trouble(504), Trouble(504, passed_on=True)]
CLICK = Event(kind=EventKind.CLICK, user="ann", word="zorbla", good=("f" * 32,))


@pytest.fixture
def proxy(elasticsearch_url):
    with meddling(elasticsearch_url) as listening:
        yield listening


@pytest.fixture
def behind(elasticsearch_store_url):
    """A store with a few photos, whose server is asked itself."""
    with_store = open_store(elasticsearch_store_url)
    with_store.identity.create(INFO)
    with_store.photos.put(photos(3))
    with_store.refresh()
    yield with_store
    with_store.close()


@pytest.fixture
def store(proxy, behind):
    """The same store, through the proxy."""
    opened = open_store(f"{proxy.url}/{behind.location.rpartition('/')[2]}")
    yield opened
    opened.close()


@pytest.fixture
def client(elasticsearch_url):
    with elasticsearch.Elasticsearch(elasticsearch_url) as client:
        yield client


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Let what is refused be sent again soon."""
    monkeypatch.setattr(elasticsearch_bulk, "PAUSES_SECONDS", (0.01, 0.01, 0.01))


NEW = photos(8, seed=5)
NEAR = (Neighbour(NEW[0].id, 0.5),)
SEARCH = Searched(NOW, "ann", "griffin", False, ("griffin",), 0, 1.5)
ACTS = {
    "photos": lambda store: [f for f in store.photos.put(NEW) if not f.conflict],
    "a click": lambda store: Log(store.events).append(CLICK) and [],
    "files": lambda store: store.files.put([File("/a.jpg", 1, 1)]),
    "neighbours": lambda store: store.lists.replace({photos(1)[0].id: NEAR}),
    "a search": lambda store: store.searches.append([SEARCH]),
}


def held(store):
    """How much of what the acts write there is."""
    store.refresh()
    return {
        "photos": len(store.photos.existing(photo.id for photo in NEW)) / len(NEW),
        "a click": store.events.count(),
        "files": len(list(store.files.read())),
        "neighbours": sum(near == NEAR for _, near in store.lists.read()),
        "a search": store.searches.count(),
    }


@pytest.mark.parametrize("trouble", PASSING, ids=str)
def test_what_is_refused_or_lost_on_its_way_is_sent_again_and_there_once(
    proxy, store, behind, trouble
):
    for act in ACTS.values():
        proxy.meddle([trouble])
        assert not act(store)
        assert proxy.met == 1, "nothing went wrong: the test is void"
    assert held(behind) == dict.fromkeys(ACTS, 1)
    assert list(behind.events.verify()) == []


def in_one_line(kind, store, do):
    """The message of the error of `kind` that something ends with."""
    with pytest.raises(kind) as raised:
        do(store)
    message = str(raised.value)
    assert store.location in message and "\n" not in message
    assert "is not Elasticsearch" not in message
    return message


@pytest.mark.parametrize("trouble", LASTING, ids=str)
def test_what_goes_on_being_refused_ends_in_one_line_and_can_be_done_again(
    proxy, store, behind, trouble
):
    for act in ACTS.values():
        proxy.meddle(repeat(trouble))
        message = in_one_line(StoreAway, store, act)
        assert ("in time" if trouble.status == 504 else "overloaded") in message
    assert held(behind) == dict.fromkeys(ACTS, trouble.passed_on)
    proxy.meddle(())
    for act in ACTS.values():
        assert not act(store)
    # People who click or search again did it twice; all else is known by what it is.
    twice = dict.fromkeys(("a click", "a search"), 2) if trouble.passed_on else {}
    assert held(behind) == dict.fromkeys(ACTS, 1) | twice
    assert list(behind.events.verify()) == []


def test_an_undo_is_one_however_often_it_is_tried(proxy, store, behind):
    log = Log(store.events)
    clicked = log.append(CLICK)
    for trouble in LASTING:
        proxy.meddle(repeat(trouble))
        in_one_line(StoreAway, store, lambda _: log.undo(clicked, "ann"))
    proxy.meddle([Trouble(503, passed_on=True)])
    known = Log(behind.events).known()
    assert known.undone == {clicked.id} and len(known.events) == 2


READING = (
    lambda store: store.ranking.search(Query(boosts={"a": 1.0})),
    lambda store: list(store.photos.scan()),
    lambda store: list(store.events.read()),
    lambda store: store.identity.info(),
)


def test_reading_ends_in_one_line(proxy, store):
    for status in (429, 502, 503, 504):
        proxy.meddle(repeat(Trouble(status)), part="/")
        for ask in READING:
            assert "try again" in in_one_line(StoreAway, store, ask)


def test_an_answer_that_comes_too_late_is_one_line_and_what_was_written_is_there_once(
    proxy, store, behind, monkeypatch
):
    store.close()
    monkeypatch.setattr(elasticsearch_server, "TIMEOUT_SECONDS", 4.0)
    hasty = open_store(store.location)
    for act in ("photos", "a click"):
        proxy.meddle([Trouble(held=True, passed_on=True)])
        assert "did not answer in time" in in_one_line(StoreAway, hasty, ACTS[act])
        proxy.go.set()
    hasty.close()
    assert held(behind) == dict.fromkeys(ACTS, 0) | {"photos": 1, "a click": 1}
    assert list(behind.events.verify()) == []


def test_a_slow_answer_is_waited_for(proxy, store, behind):
    """Another thread of the same process waits no longer for that."""
    proxy.meddle([Trouble(held=True)])
    clicking = threading.Thread(target=ACTS["a click"], args=(store,))
    clicking.start()
    assert proxy.holding.wait(60)
    assert ACTS["photos"](store) == [] and held(behind)["a click"] == 0
    proxy.go.set()
    clicking.join()
    assert held(behind)["a click"] == 1


BLOCKS = {
    "write": (ReadOnly, "index.blocks"),
    "read_only": (ReadOnly, "index.blocks"),
    "read_only_allow_delete": (StoreAway, "disk is full"),
}


@pytest.mark.parametrize("block", BLOCKS)
def test_read_only_indices_lose_nothing_that_was_there_and_take_all_afterwards(
    store, behind, client, block
):
    indices = f"{behind.location.rpartition('/')[2]}*"
    ACTS["a click"](store)
    client.indices.put_settings(index=indices, settings={f"index.blocks.{block}": True})
    kind, words = BLOCKS[block]
    for act in ACTS.values():
        assert words in in_one_line(kind, store, act)
    client.indices.put_settings(index=indices, settings={f"index.blocks.{block}": None})
    assert held(behind) == dict.fromkeys(ACTS, 0) | {"a click": 1}
    for act in ACTS.values():
        assert not act(store)
    assert held(behind) == dict.fromkeys(ACTS, 1) | {"a click": 2}


def test_two_magpies_on_one_index_through_a_bad_line_index_every_photo_once(
    proxy, elasticsearch_store_url, free_photos, networks, new_cache, tmp_path, monkeypatch
):
    """As on two machines: neither sees the other's lock."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for photo in free_photos[:12]:
        (folder / photo.name).write_bytes(photo.read_bytes())
    name = elasticsearch_store_url.rpartition("/")[2]
    troubles = (Trouble(503), Trouble(503, passed_on=True), Trouble(passed_on=True)) * 3
    proxy.meddle(each for one in troubles for each in (one, None))
    magpie = [str(Path(sys.executable).with_name("magpie")), "index", str(folder), "--batch", "2"]
    runs = []
    for number in range(2):
        monkeypatch.setenv("MAGPIE_CACHE", str(new_cache(tmp_path / f"cache-{number}")))
        command = [*magpie, "--store", f"{proxy.url}/{name}"]
        runs.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
    for run in runs:
        _, errors = run.communicate()
        assert run.returncode == 0, errors
    assert proxy.met == 9, "nothing went wrong: the test is void"
    store = open_store(elasticsearch_store_url)
    assert store.photos.count() == 12
    assert sorted(paths for _, paths in store.photos.paths()) == sorted(
        (str(path),) for path in folder.iterdir()
    )
    assert list(verify(store)) == []
    store.close()
