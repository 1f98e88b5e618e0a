"""Checks whether a store holds what `records.Photo` and `stores.Store` promise."""

from collections.abc import Iterator, Mapping

import numpy as np

from indexer.imagenet import quantise
from indexer.neighbours import STORED
from indexer.records import Photo, StoreInfo
from indexer.stores import Store, require_complete

_NORM_SLACK = 1e-4


def verify(store: Store) -> Iterator[str]:
    """Yield a line for everything that is broken; none for a sound store.

    Raises:
        Conflict: the store was made by another mapping version, or is an incomplete copy.
    """
    info = require_complete(store)
    if info is None:
        return
    files = {file.path: file.photo for file in store.files.read()}
    ids = store.photos.vectors().ids
    known = set(ids)
    count = 0
    for photo in store.photos.scan():
        count += 1
        yield from _document(photo, info)
        yield from _neighbours(photo, known)
        yield from _paths(photo, files)
    if count != len(ids) or store.photos.count() != count:
        yield f"{count} photos, but {store.photos.count()} counted and {len(ids)} vectors"
    for path, id in files.items():
        if id is not None and id not in known:
            yield f"file {path!r} belongs to photo {id}, which is missing: index its folder again"


def _document(photo: Photo, info: StoreInfo) -> Iterator[str]:
    if photo.model != info.model:
        yield f"photo {photo.id} was described by {photo.model!r}, the store by {info.model!r}"
    if photo.vector.shape != (info.dimensions,):
        yield f"photo {photo.id} has a vector of shape {photo.vector.shape}"
    elif abs(float(np.linalg.norm(photo.vector)) - 1) > _NORM_SLACK:
        yield f"photo {photo.id} has a vector of length {np.linalg.norm(photo.vector):.4f}, not 1"
    order = [(-label.probability, label.wnid) for label in photo.labels]
    if order != sorted(order):
        yield f"photo {photo.id} has labels that are out of order"
    values = np.array([label.probability for label in photo.labels], np.float32)
    if not ((values > 0) & (values <= 1) & (quantise(values) == values)).all():
        yield f"photo {photo.id} has probabilities that are not in (0, 1] or not quantised"


def _neighbours(photo: Photo, known: set[str]) -> Iterator[str]:
    order = [(-near.cosine, near.id) for near in photo.neighbours]
    named = {near.id for near in photo.neighbours}
    if len(order) != min(STORED, len(known) - 1) or not named <= known:
        yield f"photo {photo.id} has neighbours of an earlier state: index again"
    if order != sorted(order) or photo.id in named or len(named) != len(order):
        yield f"photo {photo.id} has neighbours out of order, twice, or itself among them"


def _paths(photo: Photo, files: Mapping[str, str | None]) -> Iterator[str]:
    if not photo.paths:
        yield f"photo {photo.id} lies nowhere"
    for path in photo.paths:
        if files.get(path) != photo.id:
            yield f"photo {photo.id} lies at {path!r}, which has no such record: index its folder"
