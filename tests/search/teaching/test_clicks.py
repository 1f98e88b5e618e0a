"""What a click asks of the store: whether the photos exist, once for all, and no vectors."""

import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from api_server import FROM_PAGE
from click.testing import CliRunner
from starlette.testclient import TestClient

from indexer.stores import open_store
from search import library as libraries
from search.api.app import create_app
from search.commands import main
from search.library import Choices, Library

PARTS = ("photos", "files", "ranking", "lists")


class Counted:
    """A real store, or a part of one, that writes down which methods of its parts are called."""

    def __init__(self, counted: Any, calls: list[str], name: str = "") -> None:
        self._counted, self._calls, self._name = counted, calls, name

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._counted, name)
        if not self._name:
            return Counted(value, self._calls, name) if name in PARTS else value
        return self._noted(f"{self._name}.{name}", value)

    def _noted(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            self._calls.append(name)
            return method(*args)

        return call


@pytest.fixture
def calls():
    return []


@pytest.fixture
def counted(url, calls):
    """The library's store; `calls` has what is asked of it."""
    return Counted(open_store(url), calls)


def wait_until_warm(client: TestClient) -> None:
    """A server that starts asks its store for what completions need."""
    while client.get("/readyz").status_code == 503:
        time.sleep(0.05)


def test_a_click_over_http_asks_once_whether_the_photos_exist(counted, calls, photo_id):
    good, bad = photo_id("chelsea.png"), photo_id("rocket.jpg")
    app = create_app(Library(counted, Choices()))
    with TestClient(app, "http://localhost", headers=FROM_PAGE) as client:
        wait_until_warm(client)
        client.get("/api/search?q=cat")
        calls.clear()
        done = client.post("/api/feedback", json={"query": "cat", "good": [good], "bad": [bad]})
        assert done.status_code == 200 and calls == ["photos.existing"]


def test_a_click_on_an_unknown_photo_reads_no_file_records(counted, calls):
    app = create_app(Library(counted, Choices()))
    with TestClient(app, "http://localhost", headers=FROM_PAGE) as client:
        wait_until_warm(client)
        calls.clear()
        done = client.post("/api/feedback", json={"query": "cat", "good": ["0" * 32]})
        assert done.status_code == 404
        assert [call for call in calls if call != "ranking.search"] == ["photos.existing"]


@pytest.mark.parametrize("by_path", [False, True])
def test_feedback_by_command_asks_once_whether_the_photos_exist(
    counted, calls, url, home, photo_id, monkeypatch, by_path
):
    monkeypatch.setattr(libraries, "open_store", lambda _: counted)
    chelsea, rocket = (
        str(home / "photos" / name) if by_path else photo_id(name)
        for name in ("chelsea.png", "rocket.jpg")
    )
    words = ["feedback", "cat", "--good", chelsea, "--bad", rocket, "--store", url]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert calls == ["photos.existing"]


def test_teaching_asks_once_whether_the_photos_exist(counted, calls, outside, photo_id):
    with closing(Library(counted, Choices())) as library:
        event = library.teach("zorbla", [str(outside)], [photo_id("rocket.jpg")])
    assert len(event.uploads) == 1 and calls == ["photos.existing"]


def test_photos_whose_disk_is_away_are_found_by_whichever_path_names_them(
    library, home, outside, monkeypatch
):
    (home / "disk").mkdir()
    outside.rename(home / "disk" / "a.jpg")
    library.index([home / "disk"])
    (home / "disk").rename(home / "away")
    monkeypatch.chdir(home)
    (good,) = library.feedback("cat", [str(home / "disk" / "a.jpg"), "disk/a.jpg"]).good
    assert library.photos([good])[good].paths == (str(home / "disk" / "a.jpg"),)
