"""Compares the folders with what the store knows: what to read, what is gone, what stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.photos.finding import Found, Skipped, find
from indexer.photos.paths import to_text
from indexer.records import File

GONE_SHARE = 0.2
"""If more than this share of its photos is gone, a folder looks like an unmounted disk."""


@dataclass(slots=True)
class RunPlan:
    """What one run has to do.

    Attributes:
        unread: new and changed files, in the order of the walk.
        unchanged: number of files that are as they were.
        skipped: what cannot be read, with the reason; includes files known to be unreadable.
        before: records of all files under the folders, by path.
        gone: those of `before` that are no longer there.
        folders: those of the run, as `paths.to_text` writes them.
        known: ids of all photos of the store.
        strays: (path, photo) where the photo names the path, but the path's record does not name
            the photo: a run died between writing one and the other.
    """

    folders: tuple[str, ...]
    before: dict[str, File] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    unread: list[Found] = field(default_factory=list)
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    gone: dict[str, File] = field(default_factory=dict)
    strays: set[tuple[str, str]] = field(default_factory=set)


def make_plan(
    folders: Sequence[Path],
    records: Iterable[File] = (),
    paths: Iterable[tuple[str, Sequence[str]]] = (),
    found: Iterable[Found | Skipped] | None = None,
) -> RunPlan:
    """Walk `folders` and compare every file with its record, without opening any.

    Args:
        folders: absolute.
        records: of all files, as `store.files.read` yields them.
        paths: of all photos, as `store.photos.paths` yields them.
        found: what lies below the folders; None = they are walked.
    """
    plan = RunPlan(tuple(to_text(folder) for folder in folders))
    for record in records:
        if any(is_under(record.path, folder) for folder in plan.folders):
            plan.before[record.path] = record
    _compare(plan, paths)
    plan.gone.update(plan.before)
    for entry in find(folders) if found is None else found:
        plan.gone.pop(entry.path, None)
        _enter(plan, entry)
    _keep_below_closed_folders(plan)
    return plan


def _compare(plan: RunPlan, paths: Iterable[tuple[str, Sequence[str]]]) -> None:
    """Find where photos and records contradict each other, so that this run can settle it."""
    unconfirmed = {path for path, record in plan.before.items() if record.photo is not None}
    for photo, own in paths:
        plan.known.add(photo)
        for path in own:
            record = plan.before.get(path)
            if record is not None and record.photo == photo:
                unconfirmed.discard(path)
            elif any(is_under(path, folder) for folder in plan.folders):
                plan.strays.add((path, photo))
    for path in unconfirmed:  # the photo is missing or lies elsewhere: read the file again
        plan.before[path] = replace(plan.before[path], bytes=-1)


def _keep_below_closed_folders(plan: RunPlan) -> None:
    """Keep what lies below a folder that cannot be listed now: it may still be there."""
    closed = [entry.path for entry in plan.skipped if entry.path not in plan.before]
    for path in list(plan.gone):
        if any(is_under(path, folder) for folder in closed):
            del plan.gone[path]
    plan.strays = {
        (path, photo)
        for path, photo in plan.strays
        if not any(is_under(path, folder) for folder in closed)
    }


def _enter(plan: RunPlan, entry: Found | Skipped) -> None:
    if isinstance(entry, Skipped):
        plan.skipped.append(entry)
        return
    record = plan.before.get(entry.path)
    if record is None or (record.bytes, record.modified_ns) != (entry.bytes, entry.modified_ns):
        plan.unread.append(entry)
    elif record.reason is not None:
        plan.skipped.append(Skipped(entry.path, record.reason))
    else:
        plan.unchanged += 1


def is_under(path: str, folder: str) -> bool:
    """Tell whether `path` lies in `folder` or below it."""
    return path.startswith(folder.rstrip("/") + "/")


def looks_unmounted(plan: RunPlan, gone: Iterable[str]) -> tuple[str, ...]:
    """Return the folders that lost more than `GONE_SHARE` of their photos.

    Args:
        plan: of the run.
        gone: paths whose content did not turn up elsewhere.
    """
    missing = list(gone)
    photos = [path for path, record in plan.before.items() if record.photo is not None]
    return tuple(
        folder
        for folder in plan.folders
        if sum(is_under(path, folder) for path in missing)
        > GONE_SHARE * sum(is_under(path, folder) for path in photos)
    )
