"""What an administrator does and meets, on real servers of their own."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import elasticsearch_server
import pytest
from click.testing import CliRunner
from elasticsearch import Elasticsearch
from store_samples import INFO, photos

from indexer.errors import StoreAway
from indexer.events import Event
from indexer.kinds import EventKind
from indexer.queries import Query
from indexer.stores import open_store
from search.commands import main
from search.library import open_library

pytestmark = pytest.mark.elasticsearch
SMALL = ("--heap", "512m")
PATIENCE_SECONDS = 90
EXCLUDED = "cluster.routing.allocation.exclude._name"
TIME = "2024-05-01T12:00:00.{:06}Z"


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.2)


def magpie(url, *words):
    return CliRunner().invoke(main, [*words, "--store", url])


# --- snapshot and restore


def ranking(url):
    with open_library(url) as library:
        return [
            [(hit.id, hit.score) for hit in library.search(words).hits]
            for words in ("zorbla", "animal", "drink")
        ]


def test_a_snapshot_brings_back_photos_words_and_rankings(free_photos, tmp_path):
    """As docs/operations.md says, step by step."""
    (tmp_path / "photos").mkdir()
    for photo in free_photos[:6]:
        (tmp_path / "photos" / photo.name).write_bytes(photo.read_bytes())
    backups = ("--setting", f"path.repo={tmp_path}/backups")
    with (
        elasticsearch_server.running(tmp_path, *SMALL, *backups) as server,
        Elasticsearch(server, request_timeout=60) as client,
    ):
        url, cat = f"{server}/photos", str(tmp_path / "photos" / "chelsea.png")
        assert magpie(url, "index", str(tmp_path / "photos")).exit_code == 0
        assert magpie(url, "teach", "zorbla", cat).exit_code == 0
        before = ranking(url)
        steps = dict(zip(("repository", "take", "close", "restore"), printed(), strict=True))
        run(client, steps["repository"], {"/backups": f"{tmp_path}/backups"})
        assert run(client, steps["take"])["snapshot"]["state"] == "SUCCESS"
        # then things go wrong: somebody forgets the word, and photos are lost
        assert magpie(url, "forget", "zorbla").exit_code == 0
        lost = list((tmp_path / "photos").iterdir())[:3]
        for photo in lost:
            photo.rename(tmp_path / photo.name)
        assert magpie(url, "index", str(tmp_path / "photos"), "--prune").exit_code == 0
        assert ranking(url) != before
        run(client, steps["close"])
        restored = run(client, steps["restore"])["snapshot"]["shards"]
        assert restored["failed"] == 0
        for photo in lost:
            (tmp_path / photo.name).rename(photo)
        assert ranking(url) == before
        assert magpie(url, "verify").exit_code == 0
        assert magpie(url, "teach", "wugg", cat).exit_code == 0  # and it goes on


def printed():
    """The requests of the section, in order."""
    text = (Path(__file__).parents[3] / "docs" / "operations.md").read_text("utf-8")
    section = text.split("## Snapshots\n")[1].split("\n## ")[0]
    return [block.split("```")[0] for block in section.split("```console\n")[1:]]


def run(client, block, changes=None):
    for old, new in (changes or {}).items():
        block = block.replace(old, new)
    head, _, body = block.partition("\n")
    method, path = head.split(" ")
    headers = {"accept": "application/json", "content-type": "application/json"}
    return client.perform_request(method, path, headers=headers, body=body or None).body


# --- a disk that is nearly full

MARKS = ("low", "high", "flood_stage")
WATERMARKS = [f"cluster.routing.allocation.disk.watermark.{mark}" for mark in MARKS]


def test_a_real_flood_stage_stops_writing_loses_nothing_and_ends_by_itself(free_photos, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "first.png").write_bytes(free_photos[0].read_bytes())
    watching = ("--setting", "cluster.routing.allocation.disk.threshold_enabled=true")
    often = ("--setting", "cluster.info.update.interval=10s")
    with (
        elasticsearch_server.running(tmp_path, *SMALL, *watching, *often) as server,
        Elasticsearch(server) as client,
    ):
        url = f"{server}/photos"

        def blocked():
            settings = client.indices.get_settings(index="photos-1")["photos-1"]["settings"]
            return "blocks" in settings["index"]

        assert magpie(url, "index", str(tmp_path / "photos")).exit_code == 0
        # so that the free space there is counts as too little
        least = dict(zip(WATERMARKS, ("9000tb", "8000tb", "7000tb"), strict=True))
        client.cluster.put_settings(persistent=least)
        until(blocked)
        (tmp_path / "photos" / "second.png").write_bytes(free_photos[1].read_bytes())
        first = str(tmp_path / "photos" / "first.png")
        for words in (["index", str(tmp_path / "photos")], ["feedback", "cat", "--good", first]):
            refused = magpie(url, *words)
            assert refused.exit_code == 1
            assert "disk is full" in refused.stderr.splitlines()[-1]
        assert magpie(url, "search", "animal").exit_code == 0  # reading goes on
        client.cluster.put_settings(persistent=dict.fromkeys(WATERMARKS))
        until(lambda: not blocked())
        assert magpie(url, "index", str(tmp_path / "photos")).exit_code == 0
        assert magpie(url, "feedback", "cat", "--good", first).exit_code == 0
        with open_library(url) as library:
            assert library.status().photos == 2 and len(library.history()) == 1


# --- one of two nodes dies


@pytest.fixture
def first_node(tmp_path):
    """The URL of a node, and what runs a second one, which holds data alone."""
    port = elasticsearch_server.free_port()
    many = ("--setting", "discovery.type=multi-node", *SMALL)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first = ("node.name=one", "cluster.initial_master_nodes=one", f"transport.port={port}")
    second = ("node.name=two", "node.roles=data", f"discovery.seed_hosts=127.0.0.1:{port}")
    run_second = partial(elasticsearch_server.node, tmp_path / "two", *many, *settings(second))
    with elasticsearch_server.node(tmp_path / "one", *many, *settings(first)) as (url, _):
        yield url, run_second


@pytest.fixture
def two_nodes(first_node):
    """The URL of one node, and the process of another, which holds half of the shards."""
    url, run_second = first_node
    with run_second() as (_, other):
        yield url, other


def copies(client):
    """How many copies of each kind are started on each node."""
    shards = client.cat.shards(index="photos*", format="json")
    return Counter((s["prirep"], s["node"]) for s in shards if s["state"] == "STARTED")


def settings(pairs):
    return [word for pair in pairs for word in ("--setting", pair)]


class Going:
    """Does something again and again until it is told to stop; keeps what it was told is done."""

    def __init__(self, act):
        self.done, self.failed, self._stop = [], [], threading.Event()
        self._thread = threading.Thread(target=self._go, args=(act,))
        self._thread.start()

    def _go(self, act):
        number = 0
        while not self._stop.is_set():
            try:
                self.done.append(act(number))
            except Exception as error:
                self.failed.append(error)
            number += 1

    def end(self):
        self._stop.set()
        self._thread.join()


def test_one_of_two_nodes_is_killed_and_nothing_acknowledged_is_lost(two_nodes):
    server, other = two_nodes
    store, library = open_store(f"{server}/photos"), photos(4_000)
    wnid = library[0].labels[0].wnid
    with Elasticsearch(server) as client:
        # The node that dies must hold the first copy, to which writes go.
        client.cluster.put_settings(persistent={EXCLUDED: "one"})
        store.identity.create(INFO)
        client.cluster.put_settings(persistent={EXCLUDED: None})
        assert store.photos.put(library[:1_000]) == []
        store.refresh()
        until(lambda: copies(client) == {("p", "two"): 5, ("r", "one"): 5})

        def teach(number):
            event = Event(
                id=f"{number:016x}",
                time=TIME.format(number),
                kind=EventKind.CLICK,
                user="ann",
                word="zorbla",
            )
            store.events.append([event])
            return event.id

        def write(number):
            batch = library[1_000 + 10 * number : 1_010 + 10 * number]
            # "exists already": the server itself sent again what the dead node had passed on
            assert all(failure.conflict for failure in store.photos.put(batch))
            return [photo.id for photo in batch]

        def look(_):
            return len(store.ranking.search(Query(weights={wnid: 1.0}, limit=5)))

        work = [Going(teach), Going(write), Going(look)]
        until(lambda: all(len(one.done) >= 20 for one in work))
        other.kill()
        other.wait()
        before = [len(one.done) for one in work]
        until(lambda: all(len(w.done) >= n + 20 for w, n in zip(work, before, strict=True)))
        for one in work:
            one.end()
        taught, written, looked = work
        store.refresh()
        assert client.cluster.health()["number_of_nodes"] == 1
    assert set(taught.done) <= {event.id for event in store.events.read()}
    ids = [id for batch in written.done for id in batch]
    assert len(store.photos.get(ids)) == len(ids)
    assert all(found > 0 for found in looked.done)
    assert [*taught.failed, *written.failed, *looked.failed] == []
    store.close()


@pytest.mark.timeout(900)  # a server waits ten seconds before it refuses, and three are started
def test_a_red_library_says_so_in_one_line_and_is_whole_when_its_node_is_back(first_node):
    server, run_second = first_node
    store, library = open_store(f"{server}/photos"), photos(20)
    made = {"time": TIME.format(1), "kind": EventKind.CLICK, "user": "ann", "word": "zorbla"}
    click, later = Event(id=f"{1:016x}", **made), Event(id=f"{2:016x}", **made)

    def refused(act):
        with pytest.raises(StoreAway) as raised:
            act()
        assert "is red" in str(raised.value) and "\n" not in str(raised.value)

    def refused_command(*words):
        done = magpie(f"{server}/photos", *words)
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.output
        assert "is red" in done.stderr

    with Elasticsearch(server) as client:
        client.cluster.put_settings(persistent={EXCLUDED: "one"})
        with run_second() as (_, other):
            store.identity.create(INFO)
            assert store.photos.put(library[:10]) == []
            store.events.append([click])
            other.kill()
            other.wait()
        until(lambda: client.cluster.health()["number_of_nodes"] == 1)
        refused(lambda: store.photos.put(library[10:]))
        refused(lambda: store.events.append([later]))
        refused(lambda: list(store.events.read()))
        refused(lambda: list(store.photos.scan()))
        refused_command("search", "zorbla")
        refused_command("feedback", "zorbla", "--good", library[0].id)
        refused_command("status")
        with run_second():
            until(lambda: client.cluster.health(index="photos*")["status"] != "red")
            store.refresh()
            assert store.photos.count() == 10 and list(store.events.read()) == [click]
            assert store.photos.put(library[10:]) == []
            store.events.append([later])
            assert len(store.photos.existing(photo.id for photo in library)) == 20
            assert len(list(store.events.read())) == 2
            assert list(store.events.verify()) == []
            store.close()
