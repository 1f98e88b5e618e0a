"""While a library is described again, people search and click; nothing fails, no click is lost."""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest
from api_server import FROM_PAGE, serving
from PIL import Image

from indexer.stores import open_store
from indexer.verifying import verify

MAGPIE = Path(sys.executable).with_name("magpie")
REINDEX = [MAGPIE, "reindex", "--model", "efficientnet_lite0", "--looks", "1"]
pytestmark = pytest.mark.slow
MORE = 200


@pytest.fixture
def folder(folder, free_photos):
    """More photos, so that it takes a while."""
    chance = random.Random(9)
    for number in range(MORE):
        with Image.open(chance.choice(free_photos)) as image:
            left, top = chance.randrange(image.width - 99), chance.randrange(image.height - 99)
            image.crop((left, top, left + 99, top + 99)).convert("RGB").save(
                folder / f"more-{number}.jpg"
            )
    return folder


class Users:
    """Threads that search and click all the time, as pages do."""

    def __init__(self, url, ids):
        self.url, self.ids = url, ids
        self.clicks, self.wrong, self.asked = [], [], Counter()
        self.stop = threading.Event()

    def ask(self, method, path, **more):
        answer = self.client.request(method, f"{self.url}{path}", **more)
        self.asked[path.partition("?")[0]] += 1
        if answer.status_code != 200:
            self.wrong.append((path, answer.status_code, answer.text[:500]))
        return answer.json()

    def go_on(self, number):
        chance = random.Random(number)
        while not self.stop.is_set():
            id = chance.choice(self.ids)
            found = self.ask("GET", "/api/search?q=animal&limit=50")
            self.ask("GET", f"/api/search?like={id}")
            self.ask("GET", "/api/search?q=zorbla")
            if found.get("hits"):
                judged = {"query": f"zorbla {number}", "good": [id], "user": f"user {number}"}
                self.clicks.append(self.ask("POST", "/api/feedback", json=judged).get("event"))
            self.ask("GET", "/api/status")

    @contextmanager
    def at_work(self):
        self.client = httpx2.Client(timeout=60, headers=FROM_PAGE)
        threads = [threading.Thread(target=self.go_on, args=[n]) for n in range(3)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()
            self.client.close()


def test_searches_and_clicks_go_on_and_the_server_uses_the_new_network(
    store, url, tmp_path, free_photos, network
):
    picture = {"file": ("up.png", free_photos[3].read_bytes())}
    with serving(url, tmp_path / "log", "--rate", "10000") as server:
        users = Users(server.url, store.photos.vectors().ids[:50])
        with users.at_work():
            while len(users.clicks) < 20 and not users.wrong:
                time.sleep(0.05)
            command = [*REINDEX, "--drop-old", "--store", url]
            run = subprocess.Popen(
                command, stderr=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL
            )
            told = set()
            while run.poll() is None:
                about = httpx2.get(f"{server.url}/api/status").json()
                told.add((about["indexing"] or {}).get("phase"))
                time.sleep(0.05)
            assert run.returncode == 0, run.communicate()
            run.stderr.close()
            assert "reading" in told
            after = len(users.clicks)
            while len(users.clicks) < after + 20 and not users.wrong:
                time.sleep(0.05)
        assert users.wrong == []
        about = httpx2.get(f"{server.url}/api/status").json()
        assert (about["model"], about["photos"]) == ("efficientnet_lite0", 240)
        shown = httpx2.post(f"{server.url}/api/search/image", files=picture, timeout=60)
        assert shown.status_code == 200 and shown.json()["hits"]
    kept = [event.id for event in store.events.read()]
    assert len(users.clicks) > 40 and sorted(kept) == sorted(users.clicks)
    assert store.identity.info() == network.info and store.renewal.old() == []
    with closing(open_store(url)) as again:
        assert list(verify(again)) == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_index_that_watches_goes_on_with_the_new_network(store, url, folder, free_photos):
    command = [MAGPIE, "index", folder, "--watch", "--store", url]
    watch = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert "0 indexed" in watch.stdout.readline()
        subprocess.run([*REINDEX, "--store", url], check=True, capture_output=True)
        (folder / "new.jpg").write_bytes(free_photos[1].read_bytes())
        assert "1 indexed" in watch.stdout.readline()
    finally:
        watch.terminate()
        watch.wait(60)
        watch.stdout.close()
    assert {photo.model for photo in store.photos.scan()} == {"efficientnet_lite0"}
    assert store.photos.count() == 241 and list(verify(store)) == []
