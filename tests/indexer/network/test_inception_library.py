"""A full run with Inception v3: described, stored, linked, searched, on both stores.

With its real weights if they are on this machine, else with seeded random ones: then the labels are
nonsense, but every number takes the way that real ones take.
"""

import numpy as np
import pytest

from indexer.imagenet import classes, name
from indexer.network.describer import open_describer
from indexer.network.options import NetworkOptions
from indexer.pipeline import Options, index
from indexer.progress import Silence
from indexer.verifying import verify
from search.library import Choices, Library


@pytest.fixture(scope="module")
def inception(inception_weights):
    return open_describer(NetworkOptions("inception_v3", weights=inception_weights), None)


def test_photos_are_stored_with_its_labels_and_vectors_and_found_by_word(store, folder, inception):
    report = index(store, [folder], lambda: inception, Options(), Silence())
    assert (report.indexed, report.failed, report.model) == (5, (), "inception_v3")
    assert list(verify(store)) == []
    photos = list(store.photos.scan())
    assert store.identity.info().dimensions == 2048
    assert all(photo.vector.shape == (2048,) for photo in photos)
    assert all({label.wnid for label in photo.labels} <= set(classes()) for photo in photos)
    library = Library(store, Choices())
    for photo in photos:
        label = photo.labels[0]
        hits = library.search(name(label.wnid)).hits
        assert photo.id in {hit.id for hit in hits}


def test_similar_by_a_file_outside_uses_the_stores_network(
    store, folder, inception, inception_weights, free_photos
):
    index(store, [folder], lambda: inception, Options(), Silence())
    outside = next(path for path in free_photos if path.name == "rocket.jpg")
    library = Library(store, Choices(NetworkOptions(weights=inception_weights)))
    hits = library.similar(str(outside), limit=5)
    assert len(hits) == 5
    vector = inception.vector_of(outside.read_bytes())
    expected = {
        photo.id: round(float(np.dot(photo.vector.astype(float), vector.astype(float))), 6)
        for photo in store.photos.scan()
    }
    assert {hit.id: hit.score for hit in hits} == pytest.approx(expected, abs=1e-5)
