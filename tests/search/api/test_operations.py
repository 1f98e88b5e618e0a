"""Running the server: health, readiness, metrics, log, too much work, no store."""

import asyncio
import json
import logging
import threading
import time
from dataclasses import asdict, replace
from unittest.mock import Mock, patch

import pytest
from api_answers import error

from indexer.errors import StoreAway
from indexer.progress import Silence
from indexer.progress.progress_file import published
from indexer.progress.run_lock import only_run
from indexer.progress.watch_file import Watching, publishing
from indexer.records import File, LeftOut, LinksOut
from indexer.stores import open_store
from indexer.stores.elasticsearch.searches import ElasticsearchSearches
from indexer.stores.sqlite.searches import SqliteSearches
from search.api.errors import Busy
from search.api.pool import Pool, Turns


def test_health_says_that_the_server_runs(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_status_counts_what_there_is(client, ids):
    status = client.get("/api/status").json()
    counted = {name: status[name] for name in ("photos", "files", "unreadable", "linked")}
    assert counted == {"photos": 15, "files": 15, "unreadable": 0, "linked": 15}
    assert status["model"] == "efficientnet_lite0"
    assert status["dimensions"] == 1280
    assert status["network"] in ("loading", "ready")
    assert status["bytes"] > 100_000
    assert status["indexing"] is None


def test_status_names_what_was_left_out_most_first(serve, tmp_path, sqlite_url):
    assert serve(url=f"sqlite:///{tmp_path}/none.db").get("/api/status").json()["left_out"] == {}
    store = open_store(f"sqlite:///{tmp_path}/photos.db")
    source = open_store(sqlite_url)
    store.identity.create(source.identity.info())
    source.close()
    store.files.left_out.put([LeftOut("/a", ".aae", 1), LeftOut("/b", ".mp4", 12)])
    store.files.links_out.put([LinksOut("/a", "/mnt/b", 1), LinksOut("/a", "/mnt/c", 2)])
    store.close()
    answer = serve(url=f"sqlite:///{tmp_path}/photos.db").get("/api/status").json()
    assert answer["links_out"] == {"links": 3, "folders": 2, "most": {"/mnt/c": 2, "/mnt/b": 1}}
    assert list(answer["links_out"]["most"]) == ["/mnt/c", "/mnt/b"]
    assert list(answer["left_out"].items()) == [(".mp4", 12), (".aae", 1)]


def test_files_that_could_not_be_read_are_named_with_the_reasons(serve, tmp_path, sqlite_url):
    store = open_store(f"sqlite:///{tmp_path}/photos.db")
    source = open_store(sqlite_url)
    store.identity.create(source.identity.info())
    source.close()
    store.files.put(
        [
            File("/b/torn.jpg", 12, 0, reason="it ends too early"),
            File("/a/fine.jpg", 12, 0, photo="00ff"),
            File("/a/odd.jpg", 12, 0, reason="not a photo"),
        ]
    )
    store.close()
    client = serve(url=f"sqlite:///{tmp_path}/photos.db")
    named = client.get("/api/status/unreadable").json()["files"]
    assert named == [
        {"path": "/a/odd.jpg", "reason": "not a photo"},
        {"path": "/b/torn.jpg", "reason": "it ends too early"},
    ]
    first = client.get("/api/status/unreadable", params={"limit": 1}).json()["files"]
    assert first == named[:1]
    assert serve(url=f"sqlite:///{tmp_path}/no.db").get("/api/status/unreadable").status_code == 404


def test_status_names_what_is_followed(client):
    status = client.get("/api/status").json()
    assert (status["watching"], status["read_only"]) == ([], False)
    followed = Watching(("/photos",), "polling", 12, 30.0, "2024-05-01T12:00:00.000Z")
    with publishing(status["store"]) as publish:
        publish(followed)
        (told,) = client.get("/api/status").json()["watching"]
        assert told == asdict(followed) | {"folders": ["/photos"]}
    assert client.get("/api/status").json()["watching"] == []


def test_status_reads_nothing_of_what_people_searched_for(client):
    """Pages ask for it every few seconds, and Elasticsearch reads its log after a refresh only."""
    asked = Mock(side_effect=AssertionError)
    with (
        patch.multiple(SqliteSearches, count=asked, wanted=asked),
        patch.multiple(ElasticsearchSearches, count=asked, wanted=asked),
    ):
        assert client.get("/api/status").status_code == 200


def test_a_server_without_photos_says_so_and_answers(serve, tmp_path):
    client = serve(url=f"sqlite:///{tmp_path}/none.db")
    status = client.get("/api/status").json()
    assert (status["photos"], status["model"], status["network"]) == (0, None, "none")
    while client.get("/readyz").status_code == 503:  # the words are being loaded
        threading.Event().wait(0.05)
    for path in ("/api/search?q=cat", "/api/photos/random", "/api/photos/x"):
        assert error(client.get(path), 404, "not_found")
    assert "magpie index" in error(client.get("/api/search?q=cat"), 404, "not_found")
    assert client.get("/api/words").json() == {"words": []}
    assert client.get("/api/feedback").json() == {"events": [], "total": 0}
    assert client.get("/api/suggest?q=ca").json()["suggestions"]
    assert not (tmp_path / "none.db").exists()


def test_status_tells_of_a_run_under_way(sqlite_client, sqlite_url):
    with only_run(sqlite_url, Silence()), published(sqlite_url, Silence()) as progress:
        with progress.over(40):
            progress._written = 0.0  # as if half a second had passed
            progress.advance(10)
            indexing = sqlite_client.get("/api/status").json()["indexing"]
        assert indexing.keys() == {"phase", "done", "total", "started", "remaining_seconds"}
        assert (indexing["phase"], indexing["done"], indexing["total"]) == ("reading", 10, 40)
        assert indexing["remaining_seconds"] >= 0
    assert sqlite_client.get("/api/status").json()["indexing"] is None


def test_a_store_that_is_away_is_503(serve):
    client = serve(url="http://127.0.0.1:9/photos")
    answer = client.get("/api/search?q=cat")
    assert "cannot be reached" in error(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    error(client.get("/readyz"), 503, "unavailable")
    assert client.get("/healthz").status_code == 200
    assert "magpie_photos NaN" in client.get("/metrics").text


def test_no_password_of_the_store_is_told(serve):
    client = serve(url="http://ann:secret@127.0.0.1:9/photos")
    for path in ("/api/search?q=cat", "/readyz", "/metrics", "/api/status"):
        assert "secret" not in client.get(path).text


def test_metrics_count_by_route_and_never_by_what_was_asked(serve, ids):
    client = serve()
    client.get(f"/api/photos/{ids['moon.png']}")
    client.get("/api/photos/unknown")
    client.get("/nowhere/private")
    text = client.get("/metrics").text
    count = 'magpie_request_seconds_count{method="GET",route="/api/photos/{id}",status="%s"} 1.0'
    assert count % 200 in text
    assert count % 404 in text
    assert "private" not in text and ids["moon.png"] not in text
    assert "magpie_photos 15.0" in text
    assert 'magpie_pending{pool="work"}' in text
    assert "magpie_store_bytes" in text


def test_metrics_tell_of_feedback_and_of_the_network(serve, ids, outside):
    client = serve()
    client.post("/api/search/image", files={"file": ("a.jpg", outside)})
    done = client.post("/api/feedback", json={"query": "metric", "good": [ids["moon.png"]]})
    client.delete(f"/api/feedback/{done.json()['event']}")
    text = client.get("/metrics").text
    assert "magpie_network_seconds_count 1.0" in text
    assert 'magpie_feedback_events_total{kind="click"} 1.0' in text
    assert 'magpie_feedback_events_total{kind="undo"} 1.0' in text


def test_every_request_is_a_line_of_json_in_the_log(sqlite_client, caplog):
    with caplog.at_level(logging.INFO, "magpie.access"):
        answer = sqlite_client.get("/api/search?q=private")
    (record,) = [r for r in caplog.records if r.name == "magpie.access"]
    line = json.loads(record.getMessage())
    assert line["request"] == answer.headers["x-request-id"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/search", 200)
    assert line["bytes"] == len(answer.content)
    assert line.keys() >= {"time", "client", "milliseconds"}
    assert "private" not in record.getMessage()


@pytest.mark.parametrize("given, kept", [("abc-1", True), ('a"b', False), ("x" * 65, False)])
def test_a_proxys_request_id_is_kept_where_it_is_one(sqlite_client, given, kept):
    answer = sqlite_client.get("/healthz", headers={"x-request-id": given})
    assert (answer.headers["x-request-id"] == given) is kept


def test_a_fault_of_ours_is_500_with_an_id_that_is_in_the_log(serve, caplog, monkeypatch):
    def fail(*_):
        raise RuntimeError("a fault")

    client = serve()
    monkeypatch.setattr("search.library.Library.completions", fail)
    with caplog.at_level(logging.ERROR, "magpie.serve"):
        answer = client.get("/api/suggest?q=a")
    message = error(answer, 500, "internal")
    assert "a fault" not in message
    assert answer.headers["x-request-id"] in caplog.text
    assert "RuntimeError: a fault" in caplog.text


def test_more_work_than_may_wait_is_refused_at_once():
    async def try_it():
        pool, held = Pool("test", workers=1, waiting=2), threading.Event()
        running = [asyncio.ensure_future(pool.run(held.wait)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await pool.run(held.wait)
        assert pool.pending == 3
        held.set()
        await asyncio.gather(*running)
        assert await pool.run(lambda: 5) == 5
        pool.close()

    asyncio.run(try_it())


def test_a_full_server_says_when_to_come_back(serve):
    client, held = serve(workers=1, waiting=0), threading.Event()
    service = client.app._app.state.service
    while service.work.pending:  # until it is warm
        threading.Event().wait(0.01)
    blocked = service.work.start(held.wait)
    answer = client.get("/api/search?q=cat")
    held.set()
    blocked.result()
    error(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1


def test_turns_come_in_the_order_of_asking():
    turns, order, asked = Turns(), [], []
    assert turns.take(0)

    def ask(number):
        asked.append(number)
        assert turns.take(10)
        order.append(number)
        turns.give()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(5)]
    for thread in threads:
        waiting = len(turns._waiting)
        thread.start()
        while len(turns._waiting) == waiting:
            threading.Event().wait(0.001)
    turns.give()
    for thread in threads:
        thread.join()
    assert order == asked == [0, 1, 2, 3, 4]
    assert turns.take(0)


def test_a_turn_that_nobody_waited_for_is_free_again():
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.01)
    turns.give()
    assert turns.take(0)


def test_work_is_done_in_turn_but_what_takes_long_is_not_waited_for():
    patience, held, begun = 0.3, threading.Event(), threading.Event()
    pool = Pool("test", workers=3, waiting=2, patience=patience)
    long = pool.start(lambda: (begun.set(), held.wait()))
    begun.wait()
    asked = time.monotonic()
    waits = [pool.start(time.monotonic) for _ in range(2)]
    assert all(one.result() - asked >= patience for one in waits)
    assert not long.done()
    held.set()
    long.result()
    pool.close()


def test_errors_of_the_pool_are_the_works_own():
    async def try_it():
        pool = Pool("test", workers=1, waiting=2)

        def fail():
            raise StoreAway("gone")

        with pytest.raises(StoreAway, match="gone"):
            await pool.run(fail)
        assert pool.pending == 0
        pool.close()

    asyncio.run(try_it())


def test_a_library_of_other_weights_answers_words_and_refuses_uploads(
    serve, tmp_path, sqlite_url, outside, caplog
):
    url = f"sqlite:///{tmp_path}/other.db"
    source, other = open_store(sqlite_url), open_store(url)
    other.identity.create(replace(source.identity.info(), weights="0" * 64))
    assert other.photos.put(replace(photo, version=None) for photo in source.photos.scan()) == []
    client = serve(url=url)
    assert client.get("/api/search?q=cat").json()["hits"]
    answer = client.post("/api/search/image", files={"file": ("a.jpg", outside)})
    assert "weights" in error(answer, 409, "conflict")
    assert client.get("/api/status").json()["network"] == "failed"
    assert "uploads cannot be described" in caplog.text
    source.close()
    other.close()
