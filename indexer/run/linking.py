"""Keep the stored neighbour lists equal to those of a full rebuild, touching only what changes."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.derived.vectors import Vectors
from indexer.neighbours import STORED, Index
from indexer.neighbours.comparing.cosines import SLACK, Numbers, cosines_of_pairs
from indexer.neighbours.comparing.lists import UNIT, Lists
from indexer.neighbours.comparing.scanning import Scan
from indexer.run.stored_lists import NAME, StoredLists
from indexer.stores import Store

MANY_NEW = 0.25
"""If more than this share of the photos is new, all lists are computed, which costs less."""

_LISTS_AT_ONCE, _PAIRS_AT_ONCE = 1_000, 1_000
"""Lists written at once, about 1 MB; pairs of vectors compared at once, 16 MB."""


@dataclass(frozen=True, slots=True)
class ChangedLists:
    """Lists that differ from the stored ones.

    Attributes:
        positions: of their photos, ascending, shape (m,).
        lists: as they should be.
    """

    positions: Numbers
    lists: Lists


def link(store: Store, index: Index) -> int:
    """Bring all neighbour lists of `store` up to date; return how many were written.

    Lists of new photos are written last. An empty list marks a photo that is not linked yet, so the
    next run completes a run that died halfway.
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
    with suppress(OSError):  # on a full disk the next run takes longer; its lists are right
        # No other run writes lists meanwhile (see indexer/progress/run_lock.py), so these are all
        # that were written up to this state.
        stored.put_all(changes.positions, changes.lists)
        if since != store.photos.state():
            stored.save(path, store.photos.state(), vectors)
    return len(changes.positions)


def changed_lists(
    vectors: Vectors, stored: StoredLists, index: Index, count: int = STORED
) -> ChangedLists:
    """Return the lists of a full rebuild over `vectors` that are not stored like that.

    Args:
        vectors: all photos as they are now.
        stored: the stored lists, possibly of an earlier state: photos that came since have none,
            photos that left are missing from others.
        index: computes whole lists.
        count: length of a list.
    """
    count = max(0, min(count, len(vectors) - 1))
    new = np.flatnonzero(~stored.linked)
    whole = ~_intact(stored.lists, count) | _outdated(vectors, stored)
    if len(new) > MANY_NEW * len(vectors):
        whole[:] = True
    positions = np.flatnonzero(whole)
    lists = Lists.empty(len(positions), count)
    if count and len(positions):
        lists = index.lists(vectors, positions, count)
    entered = _enter(vectors, stored.lists, new, np.flatnonzero(~whole), count)
    return _differing(stored.lists, _joined(ChangedLists(positions, lists), entered))


def _intact(lists: Lists, count: int) -> NDArray[np.bool_]:
    full = np.all(lists.near[:, :count] >= 0, axis=1)
    return np.asarray(full & np.all(lists.near[:, count:] == -1, axis=1))


def _outdated(vectors: Vectors, stored: StoredLists) -> NDArray[np.bool_]:
    """Tell which lists name a photo that got another vector since, and has no list itself.

    What a run that died wrote may name new photos too, at the cosines that they still have.
    """
    outdated, lists = np.zeros(len(vectors), bool), stored.lists
    if stored.linked.all():
        return outdated
    named = np.append(~stored.linked, [False, False])  # -1 and `GONE` stand for no photo
    owners, columns = np.nonzero(named[lists.near])
    near = lists.near[owners, columns].astype(np.intp)
    millionths = _millionths(vectors, owners, near)
    outdated[owners[millionths != lists.millionths[owners, columns]]] = True
    return outdated


def _enter(
    vectors: Vectors, lists: Lists, new: Numbers, intact: Numbers, count: int
) -> ChangedLists:
    """Return the intact lists that new photos enter, being nearer than their last entry."""
    if not count or not len(new) or not len(intact):
        return ChangedLists(np.zeros(0, np.intp), Lists.empty(0, count))
    owners, came, millionths = _arrivals(vectors, lists, new, intact, count)
    if not len(owners):
        return ChangedLists(owners, Lists.empty(0, count))
    order = np.argsort(owners, kind="stable")
    positions, starts = np.unique(owners[order], return_index=True)
    grown = Lists.empty(len(positions), count)
    for row, part in enumerate(np.split(order, starts[1:])):
        own = positions[row]
        near = np.concatenate([lists.near[own, :count], came[part]])
        cosines = np.concatenate([lists.millionths[own, :count], millionths[part]])
        near, first = np.unique(
            near, return_index=True
        )  # a run that died may have added some already
        best = np.lexsort((near, -cosines[first]))[:count]
        grown.near[row], grown.millionths[row] = near[best], cosines[first][best]
    return ChangedLists(positions, grown)


def _arrivals(
    vectors: Vectors, lists: Lists, new: Numbers, intact: Numbers, count: int
) -> tuple[Numbers, Numbers, NDArray[np.int32]]:
    """The owners of lists, the new photos that may enter them, and the cosines in millionths."""
    bars = np.full(len(vectors.rows), np.inf, np.float32)
    bars[vectors.row_of[intact]] = lists.millionths[intact, count - 1] / UNIT - SLACK
    numbers, rows = Scan(vectors.rows).reaching(vectors.take(new), bars)
    owners, came = vectors.position_of[rows], new[numbers]
    return owners, came, _millionths(vectors, owners, came)


def _millionths(vectors: Vectors, some: Numbers, others: Numbers) -> NDArray[np.int32]:
    """Return the cosines of photos at some positions with those at others, in millionths."""
    cosines = [
        cosines_of_pairs(
            vectors.take(some[start : start + _PAIRS_AT_ONCE]),
            vectors.take(others[start : start + _PAIRS_AT_ONCE]),
        )
        for start in range(0, len(some), _PAIRS_AT_ONCE)
    ]
    rounded: NDArray[np.int32]
    rounded = np.round(np.concatenate([np.zeros(0), *cosines]) * UNIT).astype(np.int32)
    return rounded


def _joined(some: ChangedLists, others: ChangedLists) -> ChangedLists:
    positions = np.concatenate([some.positions, others.positions])
    order = np.argsort(positions)
    near = np.concatenate([some.lists.near, others.lists.near])[order]
    millionths = np.concatenate([some.lists.millionths, others.lists.millionths])[order]
    return ChangedLists(positions[order], Lists(near, millionths))


def _differing(lists: Lists, changes: ChangedLists) -> ChangedLists:
    """Leave out lists that are stored like that already."""
    count = changes.lists.near.shape[1]
    near, millionths = lists.near[changes.positions], lists.millionths[changes.positions]
    differs = (near[:, :count] != changes.lists.near).any(1) | (near[:, count:] != -1).any(1)
    differs |= (millionths[:, :count] != changes.lists.millionths).any(1)
    kept = Lists(changes.lists.near[differs], changes.lists.millionths[differs])
    return ChangedLists(changes.positions[differs], kept)


def _write(store: Store, vectors: Vectors, stored: StoredLists, changes: ChangedLists) -> None:
    order = np.argsort(~stored.linked[changes.positions], kind="stable")
    for start in range(0, len(order), _LISTS_AT_ONCE):
        part = order[start : start + _LISTS_AT_ONCE]
        lists = Lists(changes.lists.near[part], changes.lists.millionths[part])
        photos = [vectors.ids[position] for position in changes.positions[part].tolist()]
        store.lists.replace(dict(zip(photos, lists.neighbours(vectors.ids), strict=True)))
