"""Photos like another photo, which may be in the library or not."""

from dataclasses import dataclass

import numpy as np

from indexer.errors import Conflict
from indexer.neighbours import STORED, Index
from indexer.records import Neighbour, Photo, StoreInfo, Vector
from indexer.stores import Store

REACH = 200
"""Photos that are lifted by their likeness to another, when it is searched for with words."""


@dataclass(frozen=True, slots=True)
class QueryPhoto:
    """A photo to search by; `photo` is its document where the library has it."""

    name: str
    vector: Vector
    photo: Photo | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a photo adds to a search: a boost in [0, 1] for the photos most like it."""

    what: str
    boosts: dict[str, float]


def renewed(store: Store, info: StoreInfo, like: QueryPhoto) -> QueryPhoto:
    """Return a photo as the network of the store sees it, which may be another one by now.

    Raises:
        Conflict: it is not in the library, and that network was never shown it.
    """
    if len(like.vector) == info.dimensions:
        return like
    stored = store.photos.get([like.photo.id]).get(like.photo.id) if like.photo else None
    if stored is None:
        raise Conflict(
            f"{like.name!r} was described before {info.model} described the library: give it again"
        )
    return QueryPhoto(like.name, stored.vector, stored)


def nearest(index: Index, like: QueryPhoto, count: int) -> tuple[Neighbour, ...]:
    """Return the photos most like another, never that photo itself.

    The stored list answers if it is long enough, else the index over all vectors.
    """
    if like.photo is not None and count <= STORED and like.photo.neighbours:
        return like.photo.neighbours[:count]
    found = index.nearest(like.vector[None], count + 1)[0]
    own = like.photo.id if like.photo else None
    return tuple(near for near in found if near.id != own)[:count]


def likeness(index: Index, like: QueryPhoto) -> Likeness:
    """Return boosts that fall from 1 for an equal photo to 0 at the end of the reach.

    Cosines of unlike photos differ between networks, so the last photo in reach defines 0.
    """
    found = nearest(index, like, REACH + 1)
    floor = found[-1].cosine if len(found) > REACH else 0.0
    boosts = {
        near.id: float(np.float32((near.cosine - floor) / (1 - floor)))
        for near in found[:REACH]
        if near.cosine > floor
    }
    if like.photo is not None:
        boosts[like.photo.id] = 1.0
    return Likeness(f"like {like.name}", boosts)
