"""Keep the stored neighbour lists equal to those of a full rebuild, touching only what changes."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.derived.vectors import Vectors
from indexer.neighbours import STORED, Index
from indexer.neighbours.parts.cosines import SLACK, Numbers, cosines_of_pairs
from indexer.neighbours.parts.list_file import NAME, StoredLists
from indexer.neighbours.parts.lists import UNIT, Lists
from indexer.neighbours.parts.scanning import Scan
from indexer.stores import Store

MANY_NEW = 0.25
"""Where more than this part of the photos is new, all lists are computed: that costs less."""

_WRITE, _PAIRS = 1_000, 1_000
"""Lists written at once, about 1 MB; pairs of vectors compared at once, 16 MB."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Lists that differ from what is stored.

    Attributes:
        positions: of their photos, ascending, shape (m,).
        lists: as they should be.
    """

    positions: Numbers
    lists: Lists


def link(store: Store, index: Index) -> int:
    """Bring all neighbour lists of `store` up to date; return how many were written.

    Lists of new photos are written last: an empty list marks a photo that is not linked yet, so
    a run that died in the middle is completed by the next one.
    """
    store.refresh()
    vectors = store.photos.vectors()
    path = store.derived(NAME)
    stored, since = StoredLists.load(path, vectors)
    if since != store.photos.state():
        stored.take_in(store.lists.read(since), vectors)
    changes = changed_lists(vectors, stored, index)
    _write(store, vectors, stored, changes)
    store.refresh()
    with suppress(OSError):  # a full disk costs the next run time, and no list
        # No other run writes lists meanwhile (see locking.py), so that these are all of this state.
        stored.put_all(changes.positions, changes.lists)
        if since != store.photos.state():
            stored.save(path, store.photos.state(), vectors)
    return len(changes.positions)


def changed_lists(
    vectors: Vectors, stored: StoredLists, index: Index, count: int = STORED
) -> Changes:
    """Return the lists that differ from a full rebuild over `vectors`.

    Args:
        vectors: all photos as they are now.
        stored: the lists as they are stored, possibly of an earlier state: photos that came since
            have none, photos that left are missing in others.
        index: computes whole lists.
        count: length of a list.
    """
    count = max(0, min(count, len(vectors) - 1))
    new = np.flatnonzero(~stored.linked)
    whole = ~_intact(stored.lists, count)
    if len(new) > MANY_NEW * len(vectors):
        whole[:] = True
    positions = np.flatnonzero(whole)
    lists = Lists.empty(len(positions), count)
    if count and len(positions):
        lists = index.lists(vectors, positions, count)
    entered = _enter(vectors, stored.lists, new, np.flatnonzero(~whole), count)
    return _differing(stored.lists, _joined(Changes(positions, lists), entered))


def _intact(lists: Lists, count: int) -> NDArray[np.bool_]:
    full = np.all(lists.near[:, :count] >= 0, axis=1)
    return np.asarray(full & np.all(lists.near[:, count:] == -1, axis=1))


def _enter(vectors: Vectors, lists: Lists, new: Numbers, intact: Numbers, count: int) -> Changes:
    """Return the intact lists with the new photos that are nearer than their last entry."""
    if not count or not len(new) or not len(intact):
        return Changes(np.zeros(0, np.intp), Lists.empty(0, count))
    owners, came, millionths = _arrivals(vectors, lists, new, intact, count)
    if not len(owners):
        return Changes(owners, Lists.empty(0, count))
    order = np.argsort(owners, kind="stable")
    positions, starts = np.unique(owners[order], return_index=True)
    grown = Lists.empty(len(positions), count)
    for row, part in enumerate(np.split(order, starts[1:])):
        own = positions[row]
        near = np.concatenate([lists.near[own, :count], came[part]])
        cosines = np.concatenate([lists.millionths[own, :count], millionths[part]])
        near, first = np.unique(near, return_index=True)  # a run that died may have put some in
        best = np.lexsort((near, -cosines[first]))[:count]
        grown.near[row], grown.millionths[row] = near[best], cosines[first][best]
    return Changes(positions, grown)


def _arrivals(
    vectors: Vectors, lists: Lists, new: Numbers, intact: Numbers, count: int
) -> tuple[Numbers, Numbers, NDArray[np.int32]]:
    """Owners of lists, the new photos that may enter them, and their cosines in millionths."""
    bars = np.full(len(vectors.rows), np.inf, np.float32)
    bars[vectors.places[intact]] = lists.millionths[intact, count - 1] / UNIT - SLACK
    numbers, rows = Scan(vectors.rows).reaching(vectors.take(new), bars)
    owners, came = vectors.at[rows], new[numbers]
    cosines = [
        cosines_of_pairs(
            vectors.take(owners[start : start + _PAIRS]), vectors.take(came[start : start + _PAIRS])
        )
        for start in range(0, len(owners), _PAIRS)
    ]
    millionths = np.round(np.concatenate([np.zeros(0), *cosines]) * UNIT).astype(np.int32)
    return owners, came, millionths


def _joined(some: Changes, others: Changes) -> Changes:
    positions = np.concatenate([some.positions, others.positions])
    order = np.argsort(positions)
    near = np.concatenate([some.lists.near, others.lists.near])[order]
    millionths = np.concatenate([some.lists.millionths, others.lists.millionths])[order]
    return Changes(positions[order], Lists(near, millionths))


def _differing(lists: Lists, changes: Changes) -> Changes:
    """Leave out what is stored already."""
    count = changes.lists.near.shape[1]
    near, millionths = lists.near[changes.positions], lists.millionths[changes.positions]
    differs = (near[:, :count] != changes.lists.near).any(1) | (near[:, count:] != -1).any(1)
    differs |= (millionths[:, :count] != changes.lists.millionths).any(1)
    kept = Lists(changes.lists.near[differs], changes.lists.millionths[differs])
    return Changes(changes.positions[differs], kept)


def _write(store: Store, vectors: Vectors, stored: StoredLists, changes: Changes) -> None:
    order = np.argsort(~stored.linked[changes.positions], kind="stable")
    for start in range(0, len(order), _WRITE):
        part = order[start : start + _WRITE]
        lists = Lists(changes.lists.near[part], changes.lists.millionths[part])
        photos = [vectors.ids[position] for position in changes.positions[part].tolist()]
        store.lists.replace(dict(zip(photos, lists.neighbours(vectors.ids), strict=True)))
