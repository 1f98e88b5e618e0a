"""Where photos lie now: writes the paths they gained and lost, even if others write meanwhile."""

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from indexer.errors import StoreAway
from indexer.photos.paths import to_path
from indexer.records import File, Photo
from indexer.run.describing import Described
from indexer.run.plan import RunPlan, is_under, looks_unmounted
from indexer.stores import Store

_ATTEMPTS = 20
"""How often a change of paths is tried while other writers get in the way."""

_AT_ONCE = 500
"""Photos changed in one write."""

Paths = dict[str, set[str]]
"""Paths by photo id."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What changed besides new photos; `pipeline.Report` explains the counts."""

    touched: int
    moved: int
    copies: int
    removed: int
    kept: tuple[str, ...]


def settle(store: Store, plan: RunPlan, done: Described, prune: bool) -> Settled:
    """Make the paths and file records of `store` those that the run saw.

    Photos change before the records of their files, so that the next run completes a run that died
    in between.
    """
    gained = _by_photo(file for file in done.known if not _was_here(plan, file))
    vanished = _by_photo(plan.gone.values())
    moved = vanished.keys() & gained.keys()
    kept = () if prune else looks_unmounted(plan, _union(vanished, vanished.keys() - moved))
    spared = {path for path in plan.gone if any(is_under(path, folder) for folder in kept)}
    spared -= _union(vanished, moved)
    lost = _replaced(plan, done)
    for photo, paths in vanished.items():
        lost[photo] |= paths - spared
    # Everything that was read: a photo whose path was never written gets it now.
    removed = _change_paths(store, _by_photo(done.known), lost)
    store.files.put([*done.known, *done.unreadable])
    store.files.delete(plan.gone.keys() - spared)
    return Settled(
        touched=sum(_was_here(plan, file) for file in done.known),
        moved=len(moved),
        copies=len(_union(gained, gained.keys() - moved)),
        removed=removed,
        kept=kept,
    )


def _replaced(plan: RunPlan, done: Described) -> Paths:
    """Return paths that are no longer those of a photo, though other content may lie there."""
    holds = {path: record.photo for path, record in plan.before.items()}
    lost: Paths = defaultdict(set)
    for file in (*done.indexed, *done.known, *done.unreadable):
        before = holds.get(file.path)
        if before is not None and before != file.photo:
            lost[before].add(file.path)
        holds[file.path] = file.photo
    for path, photo in plan.strays:
        # Without a record the file is gone, or another run has just begun to index it.
        is_open = path not in holds and os.path.lexists(to_path(path))
        if holds.get(path) != photo and not is_open:
            lost[photo].add(path)
    return lost


def _was_here(plan: RunPlan, file: File) -> bool:
    """Tell whether the path held the same photo before, so that the file was only touched.

    Or whether a run wrote the photo and died before it wrote the record of the file.
    """
    if file.photo is None:
        return False
    before = plan.before.get(file.path)
    known = before is not None and before.photo == file.photo
    return known or (file.path, file.photo) in plan.strays


def _by_photo(files: Iterable[File]) -> Paths:
    paths: Paths = defaultdict(set)
    for file in files:
        if file.photo is not None:
            paths[file.photo].add(file.path)
    return dict(paths)


def _union(paths: Paths, photos: Iterable[str]) -> set[str]:
    return set().union(*(paths[photo] for photo in photos))


def _change_paths(store: Store, gained: Paths, lost: Paths) -> int:
    """Add and remove paths of photos; remove photos that lie nowhere, and return how many."""
    removed = 0
    waiting = sorted(photo for photo in gained.keys() | lost.keys())
    for start in range(0, len(waiting), _AT_ONCE):
        part = waiting[start : start + _AT_ONCE]
        for _ in range(_ATTEMPTS):
            part, gone = _try_to_change(store, part, gained, lost)
            removed += gone
            if not part:
                break
        else:
            raise StoreAway(f"{len(part)} photos in {store.location} kept changing: index again")
    return removed


def _try_to_change(
    store: Store, photos: Iterable[str], gained: Paths, lost: Paths
) -> tuple[list[str], int]:
    """Change paths once; return photos that somebody else changed meanwhile, and how many left."""
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
