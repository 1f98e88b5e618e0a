"""Documents: what mappings/photos.json defines, no more and no less."""

import json
from dataclasses import replace

import numpy as np
from store_samples import photos

import mappings
from indexer.imagenet import name
from indexer.stores.documents import from_document, to_document

PHOTO = replace(photos(1)[0], captured="2024-05-01T12:00:00", camera="Canon EOS 5D")


def test_a_document_has_exactly_the_fields_of_the_mapping():
    assert to_document(PHOTO).keys() == mappings.load("photos")["properties"].keys()


def test_a_document_is_json_and_gives_the_photo_back():
    document = json.loads(json.dumps(to_document(PHOTO)))
    photo = from_document(document, "7")
    assert photo == PHOTO
    assert np.array_equal(photo.vector, PHOTO.vector)
    assert photo.vector.dtype == np.float32
    assert photo.version == "7"


def test_what_a_photo_does_not_have_is_absent():
    bare = replace(PHOTO, captured=None, camera=None, labels=(), neighbours=())
    document = to_document(bare)
    assert not document.keys() & {"captured", "camera", "top_label", "top_probability"}
    assert from_document(document, None) == bare


def test_label_names_come_most_probable_first():
    document = to_document(PHOTO)
    assert document["label_names"] == [name(label.wnid) for label in PHOTO.labels]
    assert document["top_label"] == document["label_names"][0]
    assert document["top_probability"] == max(document["labels"].values())


def test_labels_come_back_in_order_whatever_the_order_of_the_document():
    document = to_document(PHOTO)
    document["labels"] = dict(sorted(document["labels"].items()))
    assert from_document(document, None).labels == PHOTO.labels
