"""Photos stream through the SQLite store: thousands of labels that wait cost as much as reading."""

import gc
from contextlib import closing
from dataclasses import replace

import pytest
from store_samples import INFO, photos

from indexer.records import Label
from indexer.stores import open_store
from indexer.stores.sqlite.database import BATCH

COUNT = 2 * BATCH + 88
LABELS = 20


@pytest.fixture
def store(tmp_path):
    with closing(open_store(f"sqlite:///{tmp_path}/photos.db")) as store:
        store.identity.create(INFO)
        assert store.photos.put(photos(COUNT, labels_each=LABELS)) == []
        yield store


def watched(photos, alive):
    """Yield photos, and write down how many labels there are in memory meanwhile."""
    for number, photo in enumerate(photos):
        if number % 50 == 0:
            alive.append(sum(isinstance(thing, Label) for thing in gc.get_objects()))
        yield photo


def test_a_scan_makes_one_photo_at_a_time(store):
    alive = []
    assert sum(1 for _ in watched(store.photos.scan(), alive)) == COUNT
    assert max(alive) - min(alive) <= LABELS


def test_photos_that_are_written_do_not_wait_for_their_batch(store, tmp_path):
    alive = []
    with closing(open_store(f"sqlite:///{tmp_path}/other.db")) as other:
        other.identity.create(INFO)
        fresh = (replace(photo, version=None) for photo in store.photos.scan())
        assert other.photos.put(watched(fresh, alive)) == []
        assert other.photos.count() == COUNT
    assert max(alive) - min(alive) <= 2 * LABELS
