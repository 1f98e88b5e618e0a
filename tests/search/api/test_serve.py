"""`magpie serve` as a process: beside `magpie index`, on a port, with a key, to its end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest
from api_server import FROM_PAGE, serving
from click.testing import CliRunner

from search.commands import main
from search.library import open_library

pytestmark = pytest.mark.slow
MAGPIE = Path(sys.executable).with_name("magpie")


def paths(url, query):
    answer = httpx2.get(f"{url}/api/search", params={"q": query, "limit": 1000})
    assert answer.status_code == 200, answer.text
    return {Path(hit["path"]).name for hit in answer.json()["hits"]}


def test_a_photo_that_is_indexed_now_is_found_without_a_restart(server, free_photos, tmp_path):
    added = tmp_path / "added"
    added.mkdir()
    shutil.copy(free_photos[-1], added)
    assert "flower.jpg" not in paths(server.url, "flower")
    subprocess.run(
        [MAGPIE, "index", str(added), "--store", server.store], check=True, capture_output=True
    )
    assert "flower.jpg" in paths(server.url, "flower")
    shutil.rmtree(added)
    added.mkdir()
    subprocess.run(
        [MAGPIE, "index", str(added), "--prune", "--store", server.store],
        check=True,
        capture_output=True,
    )
    assert "flower.jpg" not in paths(server.url, "flower")


def test_searches_go_on_while_photos_are_indexed_and_progress_is_told(
    server, free_photos, tmp_path
):
    more = tmp_path / "more"
    more.mkdir()
    for number in range(4):  # other bytes, so other photos
        for photo in free_photos:
            (more / f"{number}-{photo.name}").write_bytes(photo.read_bytes() + b"\0" * number)
    run = subprocess.Popen(
        [MAGPIE, "index", str(more), "--store", server.store, "--batch", "4"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    told, known = [], set()
    while run.poll() is None:
        now = paths(server.url, "cat")
        assert known <= now  # nothing that was found is lost meanwhile
        known = now
        indexing = httpx2.get(f"{server.url}/api/status").json()["indexing"]
        told += [indexing] if indexing else []
    assert run.returncode == 0
    assert {one["phase"] for one in told} >= {"reading"}
    done = [one["done"] for one in told if one["phase"] == "reading"]
    assert done == sorted(done) and max(done) > 0
    assert httpx2.get(f"{server.url}/api/status").json()["indexing"] is None
    assert "1-chelsea.png" in paths(server.url, "cat")


def test_many_clients_at_once_all_get_the_same_answer(server):
    answers, words = [], ["cat", "rocket", "coffee", "animal", "zebra -cat"] * 8

    def ask(word):
        with httpx2.Client(base_url=server.url) as client:
            answers.append((word, client.get("/api/search", params={"q": word})))

    threads = [threading.Thread(target=ask, args=[word]) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for _, answer in answers} == {200}
    for word in set(words):
        assert len({answer.text for asked, answer in answers if asked == word}) == 1


def test_clicks_of_many_clients_are_all_kept(server):
    (hit, *_) = httpx2.get(f"{server.url}/api/photos/random?limit=1").json()["hits"]

    def click(number):
        body = {"query": "crowded", "good": [hit["id"]], "user": f"user {number}"}
        assert (
            httpx2.post(f"{server.url}/api/feedback", json=body, headers=FROM_PAGE).status_code
            == 200
        )

    threads = [threading.Thread(target=click, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (found, *_) = httpx2.get(f"{server.url}/api/search?q=crowded").json()["hits"]
    assert found["judged"] == {"good": 20, "bad": 0}


def test_a_port_that_is_taken_is_one_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(
            main, ["serve", "--port", port, "--store", f"sqlite:///{tmp_path}/p.db"]
        )
    assert done.exit_code == 1
    assert port in done.stderr and "--port" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "options, message",
    [
        (["--host", "0.0.0.0"], "MAGPIE_API_KEY"),
        (["--host", "no.such.host.invalid"], "MAGPIE_API_KEY"),
        (["--host", "127.0.0.1", "--store", "ftp://x"], "unknown store"),
    ],
)
def test_what_cannot_be_served_is_one_line(monkeypatch, options, message):
    monkeypatch.delenv("MAGPIE_API_KEY", raising=False)
    done = CliRunner().invoke(main, ["serve", *options])
    assert done.exit_code == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_address_that_is_not_there_is_one_line(monkeypatch):
    monkeypatch.setenv("MAGPIE_API_KEY", "key")
    done = CliRunner().invoke(main, ["serve", "--host", "192.0.2.1", "--port", "0"])
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1


def test_off_loopback_the_key_is_needed(monkeypatch, tmp_path):
    monkeypatch.setenv("MAGPIE_API_KEY", "open sesame")
    store = f"sqlite:///{tmp_path}/none.db"
    with serving(store, tmp_path / "log", "--host", "0.0.0.0") as server:
        url = server.url.replace("0.0.0.0", "127.0.0.1")
        assert httpx2.get(f"{url}/api/status").status_code == 401
        headers = {"authorization": "Bearer open sesame"}
        assert httpx2.get(f"{url}/api/status", headers=headers).status_code == 200
    assert "open sesame" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, -15)])
def test_a_signal_ends_it_quietly(tmp_path, number, code):
    with serving(f"sqlite:///{tmp_path}/none.db", tmp_path / "log") as server:
        os.kill(server.process.pid, number)
        assert server.process.wait(60) == code
    log = (tmp_path / "log").read_text()
    assert "Traceback" not in log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {line["path"] for line in lines} == {"/readyz"}


@pytest.mark.parametrize(("options", "kept"), [((), 2), (("--no-search-log",), 0)])
def test_searches_enter_the_log_unless_told_not_to(indexed_photos, tmp_path, options, kept):
    store = f"sqlite:///{tmp_path}/photos.db"
    shutil.copy(indexed_photos / "photos.db", tmp_path)
    with serving(store, tmp_path / "log", *options) as server:
        for query in ("zorbla", "cat"):
            httpx2.get(f"{server.url}/api/search", params={"q": query, "user": "ann"})
    with open_library(store) as library:
        assert library.demand().searches == kept
        words = [one.word for one in library.demand().wanted]
    assert words == (["zorbla"] if kept else [])
