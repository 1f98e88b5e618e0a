"""Photos like an example: the example can be a photo of the library or any other file."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indexer.errors import Conflict, NotFound, Unreadable
from indexer.neighbours import STORED, Index
from indexer.network.describer import Describer
from indexer.photos.content import content_id, read
from indexer.photos.paths import absolute, to_path, to_text
from indexer.records import Neighbour, Photo, StoreInfo, Vector
from indexer.stores import Store

REACH = 200
"""Photos that an example lifts when it is searched together with words."""


@dataclass(frozen=True, slots=True)
class Example:
    """A photo to compare with. `id` where the library has it."""

    name: str
    vector: Vector
    photo: Photo | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """What an example adds to a search: a boost in [0, 1] for the photos most like it."""

    what: str
    boosts: dict[str, float]


def find_example(store: Store, photo: str, describer: Callable[[], Describer]) -> Example:
    """Return the example that `photo` names: an id, or the path of a file in or outside.

    Raises:
        NotFound: neither the library nor the disk has it.
        Unreadable: the file is no photo.
    """
    stored = store.get([photo]).get(photo)
    if stored is not None:
        return Example(stored.paths[0], stored.vector, stored)
    try:
        data = read(to_text(absolute(to_path(photo))))
    except (OSError, ValueError):
        raise NotFound(f"no photo {photo!r}: give a file, or an id of the library") from None
    except Unreadable as error:
        raise Unreadable(f"{photo!r}: {error}; give a photo") from None
    stored = store.get([content_id(data)]).get(content_id(data))
    if stored is not None:
        return Example(photo, stored.vector, stored)
    try:
        return Example(photo, describer().vector_of(data), None)
    except Unreadable as error:
        raise Unreadable(f"{photo!r}: {error}; give a photo") from None


def renewed(store: Store, info: StoreInfo, example: Example) -> Example:
    """Return an example as the network of the store sees it, which may be another one by now.

    Raises:
        Conflict: it is no photo of the library, and that network was never shown it.
    """
    if len(example.vector) == info.dimensions:
        return example
    stored = store.get([example.photo.id]).get(example.photo.id) if example.photo else None
    if stored is None:
        raise Conflict(
            f"{example.name!r} was looked at before {info.model} described the library: "
            "give it again"
        )
    return Example(example.name, stored.vector, stored)


def nearest(index: Index, example: Example, count: int) -> tuple[Neighbour, ...]:
    """Return the photos most like the example, never the example itself.

    The stored list answers where it reaches; else the index over all vectors does.
    """
    if example.photo is not None and count <= STORED and example.photo.neighbours:
        return example.photo.neighbours[:count]
    found = index.nearest(example.vector[None], count + 1)[0]
    own = example.photo.id if example.photo else None
    return tuple(near for near in found if near.id != own)[:count]


def likeness(index: Index, example: Example) -> Likeness:
    """Return boosts that fall from 1 for the example's equal to 0 at the end of its reach.

    Cosines of unlike photos differ between networks, so the last of the reach is the zero.
    """
    found = nearest(index, example, REACH + 1)
    floor = found[-1].cosine if len(found) > REACH else 0.0
    boosts = {
        near.id: float(np.float32((near.cosine - floor) / (1 - floor)))
        for near in found[:REACH]
        if near.cosine > floor
    }
    if example.photo is not None:
        boosts[example.photo.id] = 1.0
    return Likeness(f"like {example.name}", boosts)
