"""Where photos lie after a run: gained and lost paths become writes, safe against other writers."""

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from indexer.errors import StoreAway
from indexer.network.describing import Described
from indexer.photos.paths import to_path
from indexer.records import File, Photo
from indexer.run.plan import Plan, is_under, looks_unmounted
from indexer.stores import Store

_ATTEMPTS = 20
"""Times a change of paths is tried against other writers before it counts as refused."""
_TOGETHER = 500
"""Photos changed in one write."""

Places = dict[str, set[str]]
"""Paths by photo id."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What changed besides new photos; the counts are those of `pipeline.Report`."""

    touched: int
    moved: int
    copies: int
    removed: int
    kept: tuple[str, ...]


def settle(store: Store, plan: Plan, done: Described, prune: bool) -> Settled:
    """Bring paths and file records of `store` to what the run saw.

    Photos change before the records of their files, so that a run that dies in between is
    completed by the next one.
    """
    gained = _by_photo(file for file in done.known if not _was_here(plan, file))
    vanished = _by_photo(plan.gone.values())
    moved = vanished.keys() & gained.keys()
    kept = () if prune else looks_unmounted(plan, _paths(vanished, vanished.keys() - moved))
    spared = {path for path in plan.gone if any(is_under(path, folder) for folder in kept)}
    spared -= _paths(vanished, moved)
    lost = _replaced(plan, done)
    for photo, paths in vanished.items():
        lost[photo] |= paths - spared
    # All that was read: a photo whose path was never written gets it now, the others stay.
    removed = _change_places(store, _by_photo(done.known), lost)
    store.files.put([*done.known, *done.unreadable])
    store.files.delete(plan.gone.keys() - spared)
    return Settled(
        touched=sum(_was_here(plan, file) for file in done.known),
        moved=len(moved),
        copies=len(_paths(gained, gained.keys() - moved)),
        removed=removed,
        kept=kept,
    )


def _replaced(plan: Plan, done: Described) -> Places:
    """Return what no longer holds though its file may be there: other content, or another photo."""
    holds = {path: record.photo for path, record in plan.before.items()}
    lost: Places = defaultdict(set)
    for file in (*done.indexed, *done.known, *done.unreadable):
        before = holds.get(file.path)
        if before is not None and before != file.photo:
            lost[before].add(file.path)
        holds[file.path] = file.photo
    for path, photo in plan.strays:
        # No record at all: the file is gone, or another run has just begun with it.
        is_open = path not in holds and os.path.lexists(to_path(path))
        if holds.get(path) != photo and not is_open:
            lost[photo].add(path)
    return lost


def _was_here(plan: Plan, file: File) -> bool:
    """Tell whether the path held the same photo before: the file was only touched.

    Or a run wrote the photo, and died before it wrote the record of the file.
    """
    if file.photo is None:
        return False
    before = plan.before.get(file.path)
    known = before is not None and before.photo == file.photo
    return known or (file.path, file.photo) in plan.strays


def _by_photo(files: Iterable[File]) -> Places:
    places: Places = defaultdict(set)
    for file in files:
        if file.photo is not None:
            places[file.photo].add(file.path)
    return dict(places)


def _paths(places: Places, photos: Iterable[str]) -> set[str]:
    return set().union(*(places[photo] for photo in photos))


def _change_places(store: Store, gained: Places, lost: Places) -> int:
    """Add and take away paths of photos; return how many photos lie nowhere any more."""
    removed = 0
    waiting = sorted(photo for photo in gained.keys() | lost.keys())
    for start in range(0, len(waiting), _TOGETHER):
        part = waiting[start : start + _TOGETHER]
        for _ in range(_ATTEMPTS):
            part, gone = _try_to_change(store, part, gained, lost)
            removed += gone
            if not part:
                break
        else:
            raise StoreAway(f"{len(part)} photos in {store.location} kept changing; index again")
    return removed


def _try_to_change(
    store: Store, photos: Iterable[str], gained: Places, lost: Places
) -> tuple[list[str], int]:
    """Change paths once; return the photos that another writer changed meanwhile, and removals."""
    changed: list[Photo] = []
    nowhere: list[str] = []
    for photo in store.photos.get(photos).values():
        paths = (set(photo.paths) | gained.get(photo.id, set())) - lost.get(photo.id, set())
        if not paths:
            nowhere.append(photo.id)
        elif paths != set(photo.paths):
            changed.append(replace(photo, paths=tuple(sorted(paths))))
    failures = store.photos.put(changed)
    for failure in failures:
        if not failure.conflict:
            raise StoreAway(f"{store.location} refused {failure.id}: {failure.reason}")
    store.photos.delete(nowhere)
    return [failure.id for failure in failures], len(nowhere)
