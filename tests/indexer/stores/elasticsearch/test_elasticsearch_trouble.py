"""Elasticsearch away, unwell or not Elasticsearch: one line that helps, never a password."""

import socket
import threading

import elasticsearch
import pytest
from fake_server import PRODUCT, answering
from store_samples import INFO, photos

from indexer.errors import BadValue, NotFound, ReadOnly, StoreAway
from indexer.queries import Query
from indexer.stores import open_store
from indexer.stores.elasticsearch import bulk as elasticsearch_bulk
from indexer.stores.elasticsearch import events as elasticsearch_events
from indexer.stores.elasticsearch import server as elasticsearch_server
from indexer.stores.urls import to_address

HTML = {"Content-Type": "text/html"}
PAGE = "<html>hello</html>"


@pytest.fixture
def store(elasticsearch_store_url):
    """A store with one photo."""
    store = open_store(elasticsearch_store_url)
    store.identity.create(INFO)
    store.photos.put(photos(1))
    yield store
    store.close()


@pytest.fixture
def client(elasticsearch_url):
    with elasticsearch.Elasticsearch(elasticsearch_url) as client:
        yield client


def index_of(store):
    return store.location.rpartition("/")[2] + "-1"


def complaint(kind, url_or_store, ask=lambda store: store.identity.info()):
    """The message of the error of `kind` that asking raises."""
    store = open_store(url_or_store) if isinstance(url_or_store, str) else url_or_store
    with pytest.raises(kind) as raised:
        ask(store)
    store.close()
    message = str(raised.value)
    assert store.location in message
    assert "\n" not in message
    assert "geheim" not in message + repr(store) + store.location
    return message


def test_nobody_at_the_port(unused_port):
    message = complaint(StoreAway, f"http://user:geheim@127.0.0.1:{unused_port}/photos")
    assert "cannot be reached" in message


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]  # bound, but nobody listens


def test_an_unknown_host():
    assert "cannot be reached" in complaint(StoreAway, "http://user:geheim@magpie.invalid/photos")


@pytest.mark.parametrize("status", [200, 404, 500])
def test_another_web_server(status):
    with answering(status, PAGE, HTML) as url:
        assert "is not Elasticsearch" in complaint(BadValue, url)


def test_another_service_with_json_such_as_opensearch():
    with answering(200, "{}", {"Content-Type": "application/json"}) as url:
        message = complaint(BadValue, url)
    assert "is not Elasticsearch" in message and "OpenSearch is not supported" in message


def test_an_answer_that_is_cut_off():
    with answering(200, '{"a', PRODUCT) as url:
        assert "cannot be understood" in complaint(BadValue, url)


def test_a_service_that_speaks_no_http():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet():
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        url = f"http://user:geheim@127.0.0.1:{server.getsockname()[1]}/photos"
        assert "is not Elasticsearch" in complaint(BadValue, url)
        thread.join()


def test_no_answer_in_time(monkeypatch):
    monkeypatch.setattr(elasticsearch_server, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://user:geheim@127.0.0.1:{silent.getsockname()[1]}/photos"
        assert "did not answer in time" in complaint(StoreAway, url)


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_password(status):
    body = '{"error": {"type": "security_exception", "reason": "no entry"}, "status": 401}'
    with answering(status, body, PRODUCT) as url:
        message = complaint(BadValue, url)
    assert "user, password or key (no entry)" in message


def test_plain_http_where_tls_is_asked_for(elasticsearch_url):
    url = elasticsearch_url.replace("http://", "https://user:geheim@") + "/photos"
    assert "SSL_CERT_FILE" in complaint(StoreAway, url)


@pytest.mark.parametrize(
    "url",
    [
        "http://user:geheim@host:9200",
        "http://user:geheim@host:9200/Photos",
        "http://user:geheim@host:9200/photos*",
        "http://user:geheim@host:9200/photos,others",
        "http://user:geheim@host:ninety/photos",
        "http://user:geheim@host:99999/photos",
        "http://user:12/geheim@host/photos",
        "http://user:geh/eim@host/photos",
        "http:///photos",
    ],
)
def test_a_bad_url_is_refused_without_its_password(url):
    with pytest.raises(BadValue) as refused:
        open_store(url)
    assert "http://HOST:9200/NAME" in str(refused.value)
    assert "geh" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("http://host/photos", "http://host:9200/photos"),
        ("https://user:geheim@host/photos/", "https://host:443/photos"),
        ("https://user:geheim@host/proxied/photos", "https://host:443/proxied/photos"),
        ("http://[::1]:9201/photos", "http://[::1]:9201/photos"),
    ],
)
def test_the_location_is_the_url_without_its_password(url, location):
    store = open_store(url)
    assert store.location == location
    store.close()


def test_a_password_may_hold_any_character():
    address = to_address("http://me:a%2Fb%40c%3A@host/photos")
    assert address.credentials == ("me", "a/b@c:")
    assert "a/b" not in repr(address)


def test_a_full_disk(store, client):
    # What Elasticsearch sets at its flood-stage watermark.
    block = {"index.blocks.read_only_allow_delete": True}
    client.indices.put_settings(index=index_of(store), settings=block)
    message = complaint(StoreAway, store, lambda store: store.photos.put(photos(2)))
    assert "disk is full" in message


def test_an_index_that_refuses_writes(store, client):
    client.indices.put_settings(index=index_of(store), settings={"index.blocks.write": True})
    message = complaint(ReadOnly, store, lambda store: store.lists.replace({photos(1)[0].id: []}))
    assert "index.blocks" in message


def make_red(client, index):
    """Put an index in its place that may lie on no node."""
    made = client.indices.get(index=index)[index]
    client.indices.delete(index=index)
    client.indices.create(
        index=index,
        mappings=made["mappings"],
        aliases=made["aliases"],
        settings={"index.routing.allocation.require._name": "nowhere"},
        wait_for_active_shards=0,
    )


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.ranking.search(Query(boosts={"a": 1.0})),
        lambda store: list(store.photos.scan()),
        lambda store: store.photos.get(["a"]),
        lambda store: store.photos.count(),
        lambda store: store.photos.vectors(),
        lambda store: store.photos.put(photos(2)),
    ],
    ids=["search", "scan", "get", "count", "vectors", "put"],
)
def test_a_red_index(store, client, monkeypatch, ask):
    monkeypatch.setattr(elasticsearch_bulk, "SHARD_TIMEOUT", "200ms")
    make_red(client, index_of(store))
    assert "is red" in complaint(StoreAway, store, ask)


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.events.state(),
        lambda store: store.events.count(),
        lambda store: list(store.events.read()),
    ],
    ids=["state", "count", "read"],
)
def test_a_red_log_of_events(store, client, monkeypatch, ask):
    """Fails where a log that is not ready is waited for again and again, for minutes."""
    monkeypatch.setattr(elasticsearch_events, "START_SECONDS", 1)
    make_red(client, f"{store.location.rpartition('/')[2]}-feedback-1")
    assert "is red" in complaint(StoreAway, store, ask)


def test_a_vanished_index_is_not_made_anew_by_writing(store, client):
    index = index_of(store)
    client.indices.delete(index=index)
    message = complaint(NotFound, store, lambda store: store.photos.put(photos(2)))
    assert "magpie index FOLDER" in message
    assert not client.indices.exists(index=index.removesuffix("-1"))


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: list(store.photos.scan()),
        lambda store: store.photos.get(["a"]),
        lambda store: store.ranking.search(Query(boosts={"a": 1.0})),
        lambda store: store.photos.vectors(),
        lambda store: store.photos.put(photos(1)),
    ],
    ids=["scan", "get", "search", "vectors", "put"],
)
def test_no_store_yet(elasticsearch_store_url, ask):
    message = complaint(NotFound, elasticsearch_store_url, ask)
    assert "magpie index FOLDER" in message
