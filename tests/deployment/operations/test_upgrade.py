"""A library that Elasticsearch 8.19 wrote, opened by 9.5."""

import json
from contextlib import closing

import elasticsearch_server
import numpy as np
import pytest
from click.testing import CliRunner
from surroundings import need_elasticsearch

from indexer.stores import open_store
from search.commands import main

pytestmark = pytest.mark.elasticsearch
SMALL = ("--heap", "512m")
WORDS = ("zorbla", "drink -coffee")


def run(*words):
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.stdout


def magpie(url, *words):
    return run(*words, "--store", url)


def seen(url):
    """What the photos are, the answers to words, and the photos near one of them."""
    with closing(open_store(url)) as store:
        found = sorted(store.photos.scan(), key=lambda photo: photo.id)
        near = sorted(store.knn.nearest(found[0].vector, 3))
    hits = [json.loads(magpie(url, "search", words, "--json"))["hits"] for words in WORDS]
    return found, [[(hit["id"], hit["score"]) for hit in each] for each in hits], near


def test_a_library_of_8_19_is_opened_searched_taught_and_grown_by_9_5(
    photos, free_photos, tmp_path
):
    need_elasticsearch("9.5")
    with elasticsearch_server.running(tmp_path, *SMALL, version="8.19") as server:
        url = f"{server}/photos"
        magpie(url, "index", str(photos))
        magpie(url, "teach", "zorbla", str(photos / free_photos[0].name))
        before, rankings, near = seen(url)
        assert len(before) == 4 and rankings[0]
    with elasticsearch_server.running(tmp_path, *SMALL, version="9.5") as server:
        url = f"{server}/photos"
        after, same, still_near = seen(url)
        assert (same, still_near) == (rankings, near)
        for old, new in zip(before, after, strict=True):
            assert np.array_equal(old.vector, new.vector)
            assert (old.id, old.labels, old.neighbours) == (new.id, new.labels, new.neighbours)
        (photos / "another.png").write_bytes(free_photos[5].read_bytes())
        assert json.loads(magpie(url, "index", str(photos), "--json"))["indexed"] == 1
        magpie(url, "teach", "wugg", str(photos / "another.png"))
        magpie(url, "verify")
