"""A library gets a network that reads words, loses it, and is copied, while people search it."""

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fastapi.testclient import TestClient
from joint_networks import colour_network, plain_photos, write_words
from PIL import Image

from indexer.kinds import Kind
from search import open_library
from search.answers import Answer
from search.api.app import create_app
from search.commands import main

SHADES = (255, 245, 235)
LABELS = "efficientnet_lite0"
GERMAN = ("deu_latnrot", "deu_latngrün", "deu_latnblau", "eng_latnyellow", "x", "y")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of networks, one of plain photos, and a cache of their own."""
    monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MAGPIE_MODELS", str(tmp_path / "my models"))
    colour_network(tmp_path / "my models" / "colours")
    plain_photos(tmp_path / "photos", SHADES)
    return tmp_path


@pytest.fixture
def unreachable(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on another machine: the network is neither named nor remembered."""
    monkeypatch.setenv("MAGPIE_CACHE", str(home / "another"))
    monkeypatch.delenv("MAGPIE_MODELS")
    yield


def magpie(*words: str | Path, fails: bool = False) -> Result:
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert (done.exit_code != 0) == fails, done.output
    return done


def looks_like(answer: Answer) -> set[str]:
    """Colours of the photos that look like the text."""
    return {
        Path(hit.path).stem.rstrip("0123456789")
        for hit in answer.hits
        if any(reason.kind == Kind.TEXT for reason in hit.reasons)
    }


def test_an_open_library_follows_to_a_network_that_reads_words_and_back(
    home: Path, url: str
) -> None:
    magpie("index", home / "photos", "--model", LABELS, "--store", url)
    with (
        open_library(url) as opened,
        TestClient(create_app(opened), base_url="http://localhost") as c,
    ):
        assert not looks_like(opened.search("red"))
        magpie("reindex", "--model", "colours", "--store", url)
        assert looks_like(opened.search("red")) == {"red"}
        told = c.get("/api/search", params={"q": "red"}).json()
        assert told["words"][-1]["kind"] == "text"
        assert c.get("/api/status").json()["model"] == "colours"
        opened.teach("zorbla", [opened.search("green").hits[0].id])
        magpie("reindex", "--model", LABELS, "--store", url)
        assert not looks_like(opened.search("red"))
        assert opened.search("zorbla").familiar
        assert opened.status().model == LABELS
        assert opened.verify() == ()


def test_a_copy_finds_the_network_of_its_original(
    home: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = f"sqlite:///{home / 'original.db'}"
    magpie("index", home / "photos", "--model", home / "my models" / "colours", "--store", original)
    magpie("copy", "--from", original, "--to", url)
    monkeypatch.delenv("MAGPIE_MODELS")
    with open_library(url) as opened:
        assert looks_like(opened.search("red")) == {"red"}
    told = json.loads(magpie("search", "red", "--store", url, "--json").stdout)
    assert told["words"][-1]["kind"] == "text"


def test_where_the_network_is_not_labels_are_searched_and_indexing_says_why(
    home: Path,
    url: str,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
) -> None:
    magpie("index", home / "photos", "--model", "colours", "--store", url)
    request.getfixturevalue("unreachable")
    with open_library(url) as opened, caplog.at_level(logging.WARNING):
        for word in ("red", "blue"):
            assert not looks_like(opened.search(word))
    (said,) = [one.getMessage() for one in caplog.records if "labels only" in one.getMessage()]
    assert "the network colours that describes the library is not on this machine" in said
    Image.new("RGB", (40, 30), (9, 99, 9)).save(home / "photos" / "new.png")
    refused = magpie("index", home / "photos", "--store", url, fails=True).stderr
    assert "the network colours that describes the library is not on this machine: name" in refused
    moved = shutil.move(home / "my models" / "colours", home / "colours")
    magpie("index", home / "photos", "--model", moved, "--store", url)
    with open_library(url) as opened:  # it is remembered where it lies now
        assert looks_like(opened.search("red")) == {"red"}


def test_a_library_without_photos_looks_like_nothing(home: Path, url: str) -> None:
    photos = sorted((home / "photos").iterdir())
    magpie("index", home / "photos", "--model", "colours", "--store", url)
    with open_library(url) as opened:
        for few in (photos[1:], photos[:1]):
            for photo in few:
                photo.unlink()
            magpie("index", home / "photos", "--prune", "--store", url)
            hits = opened.search("black").hits
            assert len(hits) == len(list((home / "photos").iterdir()))


def test_the_network_is_told_the_language_of_who_asks(
    home: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = colour_network(home / "my models" / "nllb-colours")
    write_words(folder, ["[PAD]", "[UNK]", *GERMAN])
    magpie("index", home / "photos", "--model", "nllb-colours", "--store", url)

    def told(*words: str) -> str:
        done = magpie("search", *words, "--store", url, "--json")
        return str(json.loads(done.stdout)["words"][-1]["kind"])

    assert told("rot", "--language", "de") == told("yellow") == "text"
    assert told("rot") != "text"
    with open_library(url) as opened:
        assert looks_like(opened.search("rot", language="de-CH")) == {"red"}
        with TestClient(create_app(opened), base_url="http://localhost") as c:
            for accepted, kind in (("de-AT,de;q=0.9,en;q=0.8", True), ("en", False), ("*", False)):
                headers = {"Accept-Language": accepted}
                answer = c.get("/api/search", params={"q": "rot"}, headers=headers).json()
                assert (answer["words"][-1]["kind"] == "text") == kind
    monkeypatch.setenv("MAGPIE_LANGUAGE", "de")
    assert told("rot") == "text"
