"""The benchmark of large libraries, on a small one: what it builds, and what it asks."""

from contextlib import closing

import numpy as np
import pytest

from benchmarks import libraries, million_queries
from benchmarks.libraries import STEPS, Library
from benchmarks.million import with_documents
from benchmarks.synthetic import Real
from indexer.imagenet import quantise
from indexer.stores import open_store

pytestmark = pytest.mark.slow
PHOTOS = 400


@pytest.fixture(scope="module")
def real():
    """Photos of a network that nobody has."""
    chance = np.random.default_rng(4)
    vectors = np.abs(chance.standard_normal((150, libraries.DIMENSIONS))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    shares = chance.dirichlet(np.full(1000, 0.05), 150).astype(np.float32)
    return Real(vectors, quantise(np.maximum(shares, 1e-9)), "test")


@pytest.fixture(scope="module")
def library(real, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(libraries, "FOLDER", tmp_path_factory.mktemp("libraries"))
        patch.setattr(Real, "read", lambda: real)
        yield Library.open(PHOTOS).build()


@pytest.fixture
def few(monkeypatch):
    for name, number in (("ASKED", 10), ("WARM_UP", 1), ("TAUGHT", 3)):
        monkeypatch.setattr(million_queries, name, number)


def test_a_library_is_built_once_and_tells_what_it_cost(library, monkeypatch):
    assert list(library.costs) == list(STEPS)
    assert library.costs["write"].wall > 0 and library.costs["write"].processor > 0
    with open_store_of(library) as store:
        assert store.photos.count() == PHOTOS
        assert all(len(photo.neighbours) == 50 for photo in store.photos.scan())
        assert store.counts().files == PHOTOS
    monkeypatch.setattr(libraries, "STEPS", dict.fromkeys(STEPS, pytest.fail))
    assert Library.open(PHOTOS).build().costs == library.costs


def test_a_library_of_which_a_part_was_written_is_written_anew(real, tmp_path, monkeypatch):
    monkeypatch.setattr(libraries, "FOLDER", tmp_path)
    monkeypatch.setattr(Real, "read", lambda: real)
    half = Library.open(50)
    with pytest.raises(RuntimeError), open_store_of(half) as store:
        libraries._write(store, Dying(), 50)
    assert Library.open(50).build().costs.keys() == STEPS.keys()


class Dying(libraries.Clock):
    def add(self, work):
        work()
        raise RuntimeError


def test_every_kind_of_query_is_answered_and_nothing_stays_learned(library, few):
    served = million_queries.serve(library.url)
    assert len(served["times"]) == 5
    assert all(0 < median <= slow for median, slow in served["times"].values())
    assert 0 < served["memory"]["RssAnon"] < served["memory"]["VmHWM"]
    with million_queries.open_library(library.url) as opened:
        assert opened.words() == ()


def test_usual_answers_are_those_of_looking_at_every_photo(library, few):
    compared = million_queries.compare(library.url)
    assert compared["same"] == compared["of"] == 40
    assert compared["shared"] == 1


def test_a_library_is_copied_to_another_store_once(library, tmp_path):
    url = f"sqlite:///{tmp_path}/copy.db"
    with_documents(library, url)
    with open_store_of(library) as source, closing(open_store(url)) as target:
        assert [photo.id for photo in target.photos.scan()] == [
            photo.id for photo in source.photos.scan()
        ]
        before = target.photos.state()
        with_documents(library, url)
        assert target.photos.state() == before


def open_store_of(library):
    return closing(open_store(library.url))
