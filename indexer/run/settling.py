"""Where photos lie now: writes the paths they gained and lost, even if others write meanwhile."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from indexer.errors import StoreAway
from indexer.photos.paths import is_under, is_under_any
from indexer.records import File, Photo
from indexer.run.describing import Described
from indexer.run.losses import HANDFUL, by_folder, folders_away
from indexer.run.outside import Outside, Paths
from indexer.run.plan import RunPlan, is_unwanted
from indexer.stores import Store

_ATTEMPTS = 20
"""How often a change of paths is tried while other writers get in the way."""

_AT_ONCE = 500
"""Photos changed in one write."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What changed besides new photos; `pipeline.Report` explains it."""

    touched: int
    moved: int
    copies: int
    removed: frozenset[str]
    removed_from: Mapping[str, int]
    kept: Mapping[str, int]


def settle(store: Store, plan: RunPlan, done: Described, prune: bool) -> Settled:
    """Make the paths and file records of `store` those that the run saw.

    Photos change before the records of their files, so that the next run completes a run that died
    in between.
    """
    gained = _by_photo(file for file in done.known if not _was_here(plan, file))
    vanished = _by_photo(plan.gone.values())
    # A preview of an earlier run may name a place where its file does not lie any more.
    outside = Outside.of(store, plan, gained.keys() | done.refined)
    safe = _living(plan, done) | outside.living.keys()
    dead = {photo: paths for photo, paths in outside.dead.items() if photo in safe}
    missing = {photo: paths for photo, paths in vanished.items() if photo not in safe}
    kept = () if prune else _away(plan, missing)
    spared = {path for path in plan.gone if is_under_any(path, kept)}
    spared -= _union(vanished, vanished.keys() & safe)
    spared = {path for path in spared if not is_unwanted(plan, path)}
    lost = _replaced(plan, done)
    for photo, paths in (*vanished.items(), *dead.items()):
        lost[photo] |= paths - spared
    # Outside the folders no later run would find a record whose photo does not name its path.
    store.files.delete(_union(dead, dead))
    # Everything that was read: a photo whose path was never written gets it now.
    removed = _change_paths(store, _by_photo(done.known), lost)
    store.files.put([*plan.renumbered, *done.known, *done.unreadable])
    store.files.delete(plan.gone.keys() - spared)
    moved = gained.keys() & (vanished.keys() | dead.keys())
    return Settled(
        touched=sum(_was_here(plan, file) for file in done.known),
        moved=len(moved),
        copies=len(_union(gained, gained.keys() - moved)),
        removed=frozenset(removed),
        removed_from=_removed_from(plan, _union(missing, missing.keys() & removed)),
        kept=_numbers(kept, missing),
    )


def _living(plan: RunPlan, done: Described) -> set[str]:
    """Return the photos that lie somewhere below the folders after the run."""
    there = {path: file.photo for path, file in plan.before.items() if path not in plan.gone}
    for file in (*done.indexed, *done.known, *done.unreadable):
        there[file.path] = file.photo
    return {photo for photo in there.values() if photo is not None}


def _away(plan: RunPlan, missing: Paths) -> tuple[str, ...]:
    """Return the folders that lost photos as if a disk were away; what is unwanted is not lost."""
    unwanted = {path for path in plan.gone if is_unwanted(plan, path)}
    records = [
        record
        for path, record in plan.before.items()
        if record.photo is not None and path not in unwanted
    ]
    lost = frozenset(_union(missing, missing) - unwanted)
    return folders_away(plan.folders, records, lost)


def _numbers(kept: Iterable[str], missing: Paths) -> dict[str, int]:
    """Return how many missing photos lay in each folder."""
    return {
        folder: sum(any(is_under(path, folder) for path in paths) for paths in missing.values())
        for folder in kept
    }


def _removed_from(plan: RunPlan, paths: set[str]) -> dict[str, int]:
    """Name the folders of what was removed, unless it is a handful."""
    if len(paths) <= HANDFUL:
        return {}
    files = (path for path, record in plan.before.items() if record.photo is not None)
    return by_folder(plan.folders, files, sorted(paths), HANDFUL + 1)


def _replaced(plan: RunPlan, done: Described) -> Paths:
    """Return paths that are no longer those of a photo, though other content may lie there."""
    holds = {path: record.photo for path, record in plan.before.items()}
    lost: Paths = defaultdict(set)
    for file in (*done.indexed, *done.known, *done.unreadable):
        before = holds.get(file.path)
        if before is not None and before != file.photo:
            lost[before].add(file.path)
        holds[file.path] = file.photo
    read = {file.path for file in (*done.indexed, *done.known, *done.unreadable)}
    previewed = {(path, photo) for path, photo in done.previewed if path in read}
    for path, photo in plan.strays | previewed:  # of other files, the next run finds what became
        if holds.get(path) != photo:
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


def _change_paths(store: Store, gained: Paths, lost: Paths) -> set[str]:
    """Add and remove paths of photos; remove photos that lie nowhere, and return their ids."""
    removed: set[str] = set()
    waiting = sorted(photo for photo in gained.keys() | lost.keys())
    for start in range(0, len(waiting), _AT_ONCE):
        part = waiting[start : start + _AT_ONCE]
        for _ in range(_ATTEMPTS):
            part, gone = _try_to_change(store, part, gained, lost)
            removed.update(gone)
            if not part:
                break
        else:
            raise StoreAway(f"{len(part)} photos in {store.location} kept changing: index again")
    return removed


def _try_to_change(
    store: Store, photos: Iterable[str], gained: Paths, lost: Paths
) -> tuple[list[str], list[str]]:
    """Change paths once; return what somebody else changed meanwhile, and what was removed."""
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
    return [failure.id for failure in failures], nowhere
