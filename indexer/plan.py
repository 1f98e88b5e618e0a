"""Compare the folders with what the store knows: what to read, what is gone, what stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.paths import to_text
from indexer.photos import Found, Skipped, find
from indexer.records import File

GONE_SHARE = 0.2
"""Above this share of vanished photos a folder is taken for an unmounted disk."""


@dataclass(slots=True)
class Plan:
    """What one run has to do.

    Attributes:
        unread: new and changed files, in the order of the walk.
        unchanged: number of files that are as they were.
        skipped: what could not be read, with the reason; files known to be unreadable included.
        before: records of all files under the folders, by path.
        gone: those of `before` that are no longer there.
        folders: the folders of the run, as stored text.
        known: ids of all photos of which the store has a file record.
    """

    folders: tuple[str, ...]
    before: dict[str, File] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    unread: list[Found] = field(default_factory=list)
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    gone: dict[str, File] = field(default_factory=dict)


def make_plan(folders: Sequence[Path], records: Iterable[File]) -> Plan:
    """Walk `folders` and hold every file against its record, without opening any."""
    plan = Plan(tuple(to_text(folder) for folder in folders))
    for record in records:
        if record.photo is not None:
            plan.known.add(record.photo)
        if any(is_under(record.path, folder) for folder in plan.folders):
            plan.before[record.path] = record
    plan.gone.update(plan.before)
    for entry in find(folders):
        plan.gone.pop(entry.path, None)
        _enter(plan, entry)
    _forgive_closed_folders(plan)
    return plan


def _forgive_closed_folders(plan: Plan) -> None:
    """Keep what lies below a folder that cannot be listed now: it is unknown, not gone."""
    closed = [entry.path for entry in plan.skipped if entry.path not in plan.before]
    for path in list(plan.gone):
        if any(is_under(path, folder) for folder in closed):
            del plan.gone[path]


def _enter(plan: Plan, entry: Found | Skipped) -> None:
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


def looks_unmounted(plan: Plan, gone: Iterable[str]) -> tuple[str, ...]:
    """Return the folders of which more than `GONE_SHARE` of the photos are gone.

    Args:
        plan: the plan of the run.
        gone: paths whose content did not turn up at another place.
    """
    missing = list(gone)
    photos = [path for path, record in plan.before.items() if record.photo is not None]
    return tuple(
        folder
        for folder in plan.folders
        if sum(is_under(path, folder) for path in missing)
        > GONE_SHARE * sum(is_under(path, folder) for path in photos)
    )
