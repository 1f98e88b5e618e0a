"""Compares the folders with what the store knows: what to read, what is gone, what stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.photos.finding import Entry, Found, Skipped, Unwanted
from indexer.photos.formats import decoders
from indexer.photos.paths import beginning, is_under_any, to_text
from indexer.photos.presence import is_gone
from indexer.records import File, LeftOut, LinksOut


@dataclass(slots=True)
class RunPlan:
    """What one run has to do.

    Attributes:
        unread: new and changed files, in the order of the walk.
        unchanged: number of files that are as they were.
        renumbered: records of those of them whose disk or store has other numbers for them now.
        skipped: what cannot be read, with the reason; includes files known to be unreadable.
        before: records of all files under the folders, by path; where a run died before it wrote
            one, what it would have written.
        gone: those of `before` that are no longer there, or are unwanted.
        unwanted: paths of files that are there but unwanted, and of such folders.
        folders: those of the run, as `paths.to_text` writes them.
        known: ids of all photos of the store.
        strays: (path, photo) where the photo names the path, but the path's record names another
            photo, or none: a run died between writing one and the other.
        elsewhere: paths outside the folders, by photo; of photos that also have paths below them.
        left_out: what is left out in each folder.
        links_out: where links in each folder lead, if that is outside all folders of the run.
        decoders: those that there are (`photos.formats.decoders`).
    """

    folders: tuple[str, ...]
    before: dict[str, File] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    unread: list[Found] = field(default_factory=list)
    unchanged: int = 0
    renumbered: list[File] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    gone: dict[str, File] = field(default_factory=dict)
    unwanted: set[str] = field(default_factory=set)
    strays: set[tuple[str, str]] = field(default_factory=set)
    elsewhere: dict[str, set[str]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    links_out: list[LinksOut] = field(default_factory=list)
    decoders: str = field(default_factory=decoders)


def make_plan(
    folders: Sequence[Path],
    found: Iterable[Entry],
    records: Iterable[File] = (),
    paths: Iterable[tuple[str, Sequence[str]]] = (),
    reread: bool = False,
) -> RunPlan:
    """Compare every file below `folders` with its record, without opening any.

    Args:
        folders: absolute.
        found: what lies below them, as `find` yields it; it is asked for once the records are read.
        records: of all files, as `store.files.read` yields them.
        paths: of all photos, as `store.photos.paths` yields them.
        reread: whether files that seem unchanged are to be read too.
    """
    plan = RunPlan(tuple(to_text(folder) for folder in folders))
    within = tuple(map(beginning, plan.folders))
    for record in records:
        if record.path.startswith(within):
            plan.before[record.path] = record
    _compare(plan, paths)
    plan.gone.update(plan.before)
    for entry in found:
        if isinstance(entry, LeftOut):
            plan.left_out.append(entry)
        elif isinstance(entry, LinksOut):
            plan.links_out.append(entry)
        elif isinstance(entry, Unwanted):
            plan.unwanted.add(entry.path)
        else:
            if isinstance(entry, Found) or not is_gone(entry.path):  # else it is a dead link
                plan.gone.pop(entry.path, None)
            _enter(plan, entry, reread)
    _keep_below_closed_folders(plan)
    return plan


def _compare(plan: RunPlan, paths: Iterable[tuple[str, Sequence[str]]]) -> None:
    """Find where photos and records contradict each other, so that this run can settle it."""
    within = tuple(map(beginning, plan.folders))
    unconfirmed = {path for path, record in plan.before.items() if record.photo is not None}
    for photo, own in paths:
        plan.known.add(photo)
        outside = set()
        for path in own:
            record = plan.before.get(path)
            if record is not None and record.photo == photo:
                unconfirmed.discard(path)
            elif not path.startswith(within):
                outside.add(path)
            elif record is None:  # as if there were one, of a file that has to be read again
                plan.before[path] = File(path, -1, 0, photo)
            else:
                plan.strays.add((path, photo))
        if 0 < len(outside) < len(own):
            plan.elsewhere[photo] = outside
    for path in unconfirmed:  # the photo is missing or lies elsewhere: read the file again
        plan.before[path] = replace(plan.before[path], bytes=-1)


def _keep_below_closed_folders(plan: RunPlan) -> None:
    """Keep what lies below a folder that cannot be listed now: it may still be there."""
    closed = set(closed_folders(plan))
    plan.gone = {path: file for path, file in plan.gone.items() if not is_under_any(path, closed)}
    plan.strays = {stray for stray in plan.strays if not is_under_any(stray[0], closed)}


def closed_folders(plan: RunPlan) -> list[str]:
    """Return the folders that cannot be listed now, and new files that cannot be read."""
    return [entry.path for entry in plan.skipped if entry.path not in plan.before]


def _enter(plan: RunPlan, entry: Found | Skipped, reread: bool) -> None:
    if isinstance(entry, Skipped):
        plan.skipped.append(entry)
        return
    record = plan.before.get(entry.path)
    if record is None or reread or _differs(record, entry) or _is_worth_a_try(plan, record):
        plan.unread.append(entry)
        return
    now = replace(record, changed_ns=entry.changed_ns, inode=entry.inode, device=entry.device)
    if now != record:
        plan.renumbered.append(now)
    if record.reason is not None:
        plan.skipped.append(Skipped(entry.path, record.reason))
    else:
        plan.unchanged += 1


def _is_worth_a_try(plan: RunPlan, record: File) -> bool:
    """Tell whether a file was refused by other decoders than there are now."""
    return record.reason is not None and record.refused_by != plan.decoders


def _differs(record: File, found: Found) -> bool:
    """Tell whether other content may lie at the path than when its record was written.

    Programs can keep size and modification time, so the time of the last change of anything counts
    too, and the number of the file. Network disks number their files again at each mount, and get
    another number themselves.
    """
    if (record.bytes, record.modified_ns) != (found.bytes, found.modified_ns):
        return True
    if record.changed_ns not in (None, found.changed_ns):  # None: of an older store
        return True
    return record.device == found.device and record.inode != found.inode


def is_unwanted(plan: RunPlan, path: str) -> bool:
    """Tell whether a file is there but left out, or a folder above it is."""
    return path in plan.unwanted or is_under_any(path, plan.unwanted)
