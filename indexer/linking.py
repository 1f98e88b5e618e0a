"""Keep the stored neighbour lists equal to those of a full rebuild, touching only what changes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.neighbours import STORED, build
from indexer.neighbours.exact import SLACK, cosines_of
from indexer.records import Neighbour
from indexer.stores import Store
from indexer.vectors import Vectors

Lists = Mapping[str, Sequence[Neighbour]]

_WRITE = 1_000
"""Lists written at once: about 1 MB."""


def link(store: Store, index: str = "exact") -> int:
    """Bring all neighbour lists of `store` up to date; return how many were written.

    Lists of new photos are written last: an empty list marks a photo that is not linked yet, so
    a run that died in the middle is completed by the next one.
    """
    store.refresh()
    vectors = store.vectors()
    stored = dict(store.neighbours())
    changed = changed_lists(vectors, stored, index)
    for part in _parts(sorted(changed, key=lambda photo: (not stored.get(photo), photo))):
        store.set_neighbours({photo: changed[photo] for photo in part})
    store.refresh()
    return len(changed)


def changed_lists(
    vectors: Vectors, stored: Lists, index: str = "exact", count: int = STORED
) -> dict[str, tuple[Neighbour, ...]]:
    """Return the lists that differ from a full rebuild over `vectors`.

    Args:
        vectors: all photos as they are now.
        stored: the lists as they are stored, possibly of an earlier state: photos that came since
            have none or an empty one, photos that went may still be named in others.
        index: the neighbour index that computes whole lists.
        count: length of a list.
    """
    count = min(count, len(vectors.ids) - 1)
    if count < 1:
        return {photo: () for photo in vectors.ids if stored.get(photo)}
    present = set(vectors.ids)
    whole = [photo for photo in vectors.ids if not _intact(stored.get(photo, ()), present, count)]
    new = [photo for photo in whole if not stored.get(photo)]
    lists = build(index, vectors).neighbours_of(whole, count)
    for photo, arrivals in _arrivals(vectors, stored, set(whole), new).items():
        best = sorted({*stored[photo], *arrivals}, key=lambda near: (-near.cosine, near.id))
        lists[photo] = tuple(best[:count])
    return {
        photo: neighbours
        for photo, neighbours in lists.items()
        if neighbours != tuple(stored.get(photo, ()))
    }


def _intact(neighbours: Sequence[Neighbour], present: set[str], count: int) -> bool:
    return len(neighbours) == count and all(near.id in present for near in neighbours)


def _arrivals(
    vectors: Vectors, stored: Lists, whole: set[str], new: Sequence[str]
) -> dict[str, list[Neighbour]]:
    """Return the new photos that may enter each intact list: nearer than its last entry."""
    intact = np.array([photo not in whole for photo in vectors.ids])
    if not new or not intact.any():
        return {}
    bars = np.array(
        [
            stored[photo][-1].cosine if is_intact else np.inf
            for photo, is_intact in zip(vectors.ids, intact, strict=True)
        ],
        dtype=np.float32,
    )
    positions = np.searchsorted(np.array(vectors.ids), np.array(new))
    arrivals = defaultdict(list)
    for photo, position in zip(new, positions, strict=True):
        query = vectors.rows[position]
        entered: NDArray[np.intp] = np.flatnonzero(vectors.rows @ query >= bars - SLACK)
        for row, cosine in zip(entered, cosines_of(query, vectors.rows[entered]), strict=True):
            arrivals[vectors.ids[row]].append(Neighbour(photo, float(cosine)))
    return arrivals


def _parts(photos: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(photos), _WRITE):
        yield photos[start : start + _WRITE]
