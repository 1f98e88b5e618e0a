"""What lies beside the middle of a photo is found, in libraries that look at all of it."""

import json
import sqlite3
from base64 import b64encode
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from indexer.network.options import NetworkOptions
from indexer.records import StoreInfo
from indexer.run.cluster_worker import Job, Worker
from indexer.stores import open_store
from search.commands import main
from search.library import Choices, Library

pytestmark = pytest.mark.usefixtures("all_looks")
LITE = "efficientnet_lite0"


def magpie(*words: str) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def url(tmp_path, networks) -> str:
    return f"sqlite:///{tmp_path}/photos.db"


@pytest.fixture
def folder(tmp_path, free_photos) -> Path:
    """Some photos, and a cat at the left end of a plain picture of 7.5:1."""
    home = tmp_path / "photos"
    home.mkdir()
    for path in free_photos[:6]:
        if "chelsea" not in path.name:
            (home / path.name).write_bytes(path.read_bytes())
    (cat,) = [path for path in free_photos if "chelsea" in path.name]
    with Image.open(cat) as image:
        photo = image.convert("RGB").resize((600, 400))
    wide = Image.new("RGB", (3000, 400), (120, 140, 110))
    wide.paste(photo, (0, 0))
    wide.save(home / "wide.jpg")
    return home


def info_of(url: str) -> StoreInfo:
    with closing(open_store(url)) as store:
        found = store.identity.info()
    assert found is not None
    return found


def score(url: str, name: str, word: str) -> float:
    hits = json.loads(magpie("search", word, "--store", url, "--json"))["hits"]
    return max((hit["score"] for hit in hits if hit["path"].endswith(name)), default=0.0)


def test_a_cat_at_the_end_of_a_wide_photo_is_found_and_one_look_never_saw_it(url, folder):
    one = f"{url}.one"
    magpie("index", str(folder), "--store", one, "--looks", "1")
    assert score(one, "wide.jpg", "cat") < 0.05
    magpie("index", str(folder), "--store", url)
    assert info_of(url).looks == 6
    assert score(url, "wide.jpg", "cat") > 0.5
    hits = json.loads(magpie("search", "cat", "--store", url, "--json"))["hits"]
    assert hits[0]["path"].endswith("wide.jpg")


def test_a_library_keeps_its_looks_until_it_is_reindexed(url, folder, tmp_path):
    magpie("index", str(folder), "--store", url, "--looks", "1", "--model", LITE)
    with closing(sqlite3.connect(tmp_path / "photos.db")) as database:
        database.execute("ALTER TABLE info DROP COLUMN looks")  # an older Magpie made it
    for looks in ((), ("--looks", "auto"), ("--looks", "1")):
        magpie("index", str(folder), "--store", url, *looks)
    refused = CliRunner().invoke(main, ["index", str(folder), "--store", url, "--looks", "5"])
    assert refused.exit_code == 0  # nothing to describe, so no network was asked for
    Image.new("RGB", (300, 200), "red").save(folder / "new.jpg")
    refused = CliRunner().invoke(main, ["index", str(folder), "--store", url, "--looks", "5"])
    assert refused.exit_code == 1 and len(refused.stderr.strip().splitlines()) == 1
    assert "magpie reindex --looks 5" in refused.stderr
    magpie("index", str(folder), "--store", url)
    assert json.loads(magpie("status", "--store", url, "--json"))["looks"] == 1
    assert "1 look\n" in magpie("status", "--store", url)

    nothing = json.loads(magpie("reindex", "--model", LITE, "--store", url, "--json"))
    assert not nothing["done"]["swapped"] and info_of(url).looks == 1
    done = json.loads(magpie("reindex", "--looks", "auto", "--store", url, "--json"))
    assert done["done"]["swapped"] and info_of(url).looks == 6
    assert score(url, "wide.jpg", "cat") > 0.5
    afresh = f"{url}.afresh"
    magpie("index", str(folder), "--store", afresh)
    assert labels(url) == labels(afresh)
    assert "6 looks" in magpie("status", "--store", url)


def labels(url: str) -> dict:
    with closing(open_store(url)) as store:
        return {photo.id: photo.labels for photo in store.photos.scan()}


def test_a_copy_and_the_workers_of_a_cluster_look_as_the_library_does(url, folder, tmp_path):
    magpie("index", str(folder), "--store", url, "--looks", "1")
    magpie("copy", "--from", url, "--to", f"{url}.copy")
    assert info_of(f"{url}.copy") == info_of(url)
    with closing(open_store(url)) as store:
        worker = Worker(Job(store, NetworkOptions(LITE), 1), None)
        assert worker._describer.info == store.identity.info()


def test_examples_are_looked_at_as_the_photos_are(url, folder, free_photos):
    magpie("index", str(folder), "--store", url)
    (coffee,) = [path for path in free_photos if "coffee" in path.name]
    (folder / coffee.name).unlink(missing_ok=True)
    magpie("index", str(folder), "--store", url)
    magpie("teach", "zorbla", str(coffee), "--store", url)
    with closing(open_store(url)) as store:
        (upload,) = [one for event in store.events.read() for one in event.uploads]
    assert upload.looks == 6
    magpie("reindex", "--looks", "1", "--store", url)
    with closing(open_store(url)) as store:
        seen = [one for event in store.events.read() for one in event.uploads]
        info = store.identity.info()
    assert [one.looks for one in seen] == [6, 1]
    with closing(Library(open_store(url), Choices())) as library:
        known = library.vocabulary().upload_as(info, upload)
    assert known is not None and known.labels == seen[1].labels


def test_the_exported_layers_are_those_of_the_network_itself(url, folder, tmp_path):
    """The original system's meaning: one look, whatever the library has."""
    magpie("index", str(folder), "--store", url)
    for name, store in (("a", url), ("b", f"{url}.none")):
        out = str(tmp_path / f"{name}.npz")
        magpie("labels", str(folder), out, "--store", store, "--model", "auto")
    first, second = (np.load(tmp_path / f"{name}.npz")["probabilities"] for name in "ab")
    assert np.array_equal(first, second)
    with closing(open_store(url)) as store:
        wide = next(photo for photo in store.photos.scan() if photo.paths[0].endswith("wide.jpg"))
    assert first.max(axis=1).min() < max(label.probability for label in wide.labels)


def test_an_event_without_looks_is_of_one(url):
    from indexer.stores.events import from_document, to_document

    document = {
        "id": "a",
        "time": "2026-01-01T00:00:00.000000Z",
        "kind": "teach",
        "user": "ann",
        "word": "zorbla",
        "uploads": [
            {
                **{"id": "b", "name": "c", "labels": {}, "thumbnail": "", "weights": "d"},
                "vector": b64encode(np.array([1], "<f4").tobytes()).decode(),
            }
        ],
    }
    event = from_document(document)
    assert event.uploads[0].looks == 1 and to_document(event) == document
    five = replace(event, uploads=(replace(event.uploads[0], looks=5),))
    assert from_document(to_document(five)) == five
