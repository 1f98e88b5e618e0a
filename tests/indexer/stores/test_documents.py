"""Documents: what mappings/photos.json defines, no more and no less."""

import json
from dataclasses import replace

import numpy as np
from store_samples import photos

import mappings
from indexer.imagenet import name
from indexer.stores.documents import from_document, to_document

PHOTO = replace(
    photos(1)[0],
    captured="2024-05-01T12:00:00",
    camera="Canon EOS 5D",
    damaged=True,
    duration=42.5,
    preview=True,
    location=(38.713911, -9.139422),
    place="Lisbon, Lisbon, Portugal",
)
BARE = replace(
    PHOTO,
    captured=None,
    camera=None,
    damaged=False,
    duration=None,
    preview=False,
    location=None,
    place=None,
    labels=(),
    neighbours=(),
)


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
    document = to_document(BARE)
    absent = {"captured", "camera", "damaged", "duration", "preview"}
    absent |= {"top_label", "top_probability", "location", "place"}
    assert not document.keys() & absent
    assert from_document(document, None) == BARE


def test_a_photo_of_no_bytes_or_seconds_keeps_its_zeros():
    document = to_document(replace(BARE, bytes=0, duration=0.0))
    assert (document["bytes"], document["duration"]) == (0, 0.0)


def test_label_names_come_most_probable_first():
    document = to_document(PHOTO)
    assert document["label_names"] == [name(label.wnid) for label in PHOTO.labels]
    assert document["top_label"] == document["label_names"][0]
    assert document["top_probability"] == max(document["labels"].values())


def test_labels_come_back_in_order_whatever_the_order_of_the_document():
    document = to_document(PHOTO)
    document["labels"] = dict(sorted(document["labels"].items()))
    assert from_document(document, None).labels == PHOTO.labels
