"""A photo as the document that mappings/photos.json defines, and back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

import numpy as np

from indexer.halves import rounded, to_halves
from indexer.records import Label, Neighbour, Photo, Vector

PLAIN_FIELDS = (
    "id",
    "paths",
    "width",
    "height",
    "bytes",
    "format",
    "colour",
    "modified",
    "captured",
    "camera",
    "damaged",
    "duration",
    "preview",
    "place",
    "model",
)
"""Fields that are the same in documents and in `Photo`; one that is None or False is left out."""


DEFAULTS: dict[str, Any] = dict.fromkeys(PLAIN_FIELDS) | {
    field.name: field.default for field in fields(Photo) if field.default is not MISSING
}
"""What a field reads as where a document lacks it, as documents of older stores may."""


def plain_fields(photo: Photo) -> dict[str, Any]:
    """Return the document without labels, vector, neighbours and what is derived from labels."""
    given = {name: getattr(photo, name) for name in PLAIN_FIELDS}
    given["paths"] = list(photo.paths)
    if photo.location:
        given["location"] = dict(zip(("lat", "lon"), photo.location, strict=True))
    return {name: value for name, value in given.items() if not (value is None or value is False)}


def to_document(photo: Photo) -> dict[str, Any]:
    """Return the whole document, in JSON types; it has no `version`, which is the store's."""
    return {
        **plain_fields(photo),
        "labels": {label.wnid: label.probability for label in photo.labels},
        **_label_facts(photo.labels),
        "vector": to_halves(photo.vector).tolist(),
        "neighbours": [{"id": near.id, "cosine": near.cosine} for near in photo.neighbours],
    }


def from_document(document: Mapping[str, Any], version: str | None) -> Photo:
    """Return the photo of a whole document; `version` is the state it was read in."""
    return from_parts(
        document,
        labels=in_order(document["labels"]),
        vector=rounded(np.asarray(document["vector"], np.float32)),
        neighbours=[Neighbour(near["id"], near["cosine"]) for near in document["neighbours"]],
        version=version,
    )


def from_parts(
    plain: Mapping[str, Any],
    labels: Iterable[Label],
    vector: Vector,
    neighbours: Iterable[Neighbour],
    version: str | None,
) -> Photo:
    """Return the photo of plain fields and the parts that a store keeps apart from them."""
    given = {name: plain.get(name, DEFAULTS[name]) for name in PLAIN_FIELDS}
    given["paths"] = tuple(plain["paths"])
    given["location"] = location_of(plain)
    return Photo(
        **given,
        labels=tuple(labels),
        vector=vector,
        neighbours=tuple(neighbours),
        version=version,
    )


def location_of(plain: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return latitude and longitude of plain fields; None where there are none."""
    location = plain.get("location")
    return (location["lat"], location["lon"]) if location else None


def in_order(probabilities: Mapping[str, float]) -> tuple[Label, ...]:
    """Return labels in the order that photos have: most probable first, ties by wnid."""
    order = sorted(probabilities.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Label(wnid, probability) for wnid, probability in order)


def _label_facts(labels: Sequence[Label]) -> dict[str, Any]:
    """What is derived from labels: their ancestors, all names, and the top label by itself."""
    from indexer import imagenet
    from indexer.imagenet.ancestors import add_up, probable_names

    names = [imagenet.name(label.wnid) for label in labels]
    if not names:
        return {"ancestors": {}, "ancestor_names": [], "label_names": []}
    ancestors = add_up({label.wnid: label.probability for label in labels})
    return {
        "ancestors": ancestors,
        "ancestor_names": probable_names(ancestors),
        "label_names": names,
        "top_label": names[0],
        "top_probability": labels[0].probability,
    }
