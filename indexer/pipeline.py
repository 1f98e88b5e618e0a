"""The straight line from folders to an index: plan, describe, settle paths, link neighbours."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.errors import BadValue, MagpieError
from indexer.neighbours import chosen, open_index
from indexer.network.cluster import Cluster, check_cluster
from indexer.network.describer import Describer
from indexer.network.describing import Described, Describing
from indexer.photos.finding import Found, Skipped, check_folder
from indexer.photos.paths import to_text
from indexer.progress.file import published
from indexer.progress.lines import Progress
from indexer.progress.locking import only_run
from indexer.run.linking import link
from indexer.run.plan import Plan, make_plan
from indexer.run.settling import Settled, settle
from indexer.stores import Store, require_complete


@dataclass(frozen=True, slots=True)
class Options:
    """How to index.

    Attributes:
        threads: files read at the same time; 0 = one a core.
        prune: remove vanished photos even where a folder looks like an unmounted disk.
        neighbours: name of the neighbour index.
        ray: address of a Ray cluster that describes the photos; "" = this machine does.
    """

    threads: int = 0
    prune: bool = False
    neighbours: str = field(default_factory=chosen)
    ray: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did.

    Attributes:
        indexed: new photos.
        unchanged: files that are as they were, touched ones included.
        moved: photos that lie somewhere else now.
        copies: further places of photos.
        removed: photos that lie nowhere any more.
        failed: files and folders that could not be read, with the reason.
        kept: folders whose vanished photos were kept, because too many are gone at once.
        model: name of the network of the store; "" where there is no store.
        seconds: duration of the run.
        photos_per_second: new photos / seconds.
    """

    indexed: int = 0
    unchanged: int = 0
    moved: int = 0
    copies: int = 0
    removed: int = 0
    failed: tuple[Skipped, ...] = ()
    kept: tuple[str, ...] = ()
    model: str = ""
    seconds: float = 0.0
    photos_per_second: float = 0.0


def index(
    store: Store,
    folders: Iterable[Path | str],
    describer: Callable[[], Describer],
    options: Options,
    progress: Progress,
) -> Report:
    """Make `store` hold what `folders` hold; other folders' photos are left alone.

    Args:
        store: it need not exist yet.
        folders: those that cannot be read are listed in the report, the others are indexed.
        describer: called only when there is a photo to read, because networks load slowly.
        options: see `Options`.
        progress: told about every file that is done.

    Raises:
        NotFound, BadValue: none of the folders can be read.
        Conflict: the store was made by another network or mapping version.
        StoreAway: the store does not answer or is full, or the Ray cluster fails; all that was
            counted is safe.
    """
    usable, unusable = _check_folders(folders)
    if options.ray:
        check_cluster(options.ray, store)
    with only_run(store.location, progress), published(store.location, progress) as progress:
        report = fill(store, usable, describer, options, progress)
    return replace(report, failed=(*unusable, *report.failed))


def fill(
    store: Store,
    folders: Sequence[Path],
    describer: Callable[[], Describer],
    options: Options,
    progress: Progress,
    found: Iterable[Found | Skipped] | None = None,
) -> Report:
    """As `index`, for the one run that has the store's lock.

    Args:
        store, describer, options, progress: see `index`.
        folders: absolute.
        found: what lies below the folders; None = they are walked.
    """
    started = time.monotonic()
    # First, so that one that is not for this store is refused before anything is described.
    neighbours = open_index(options.neighbours, store)
    exists = require_complete(store) is not None
    if exists:
        store.refresh()  # a run that died may have left writes that scans do not show yet
        plan = make_plan(folders, store.files.read(), store.photos.paths(), found)
    else:
        plan = make_plan(folders, found=found)
    done = Described()
    if plan.unread:
        done = _describe(store, plan, describer(), options, progress)
    elif not exists:  # nothing to put into a store: none is made
        return Report(failed=tuple(plan.skipped), seconds=time.monotonic() - started)
    settled = settle(store, plan, done, options.prune)
    if done.indexed:
        progress.say("linking neighbours")
    neighbours.prepare()  # first, because lists are computed by it
    link(store, neighbours)
    return _report(store, plan, done, settled, time.monotonic() - started)


def _check_folders(folders: Iterable[Path | str]) -> tuple[list[Path], list[Skipped]]:
    """Split folders into absolute paths of usable ones, and the others with what is wrong."""
    usable: list[Path] = []
    unusable: list[Skipped] = []
    error: MagpieError = BadValue("no folder given: name at least one")
    for folder in folders:
        try:
            if folder == "":  # as of an unset variable; Path would take it for the current one
                raise BadValue("'' names no folder: give its name, or . for the current one")
            usable.append(check_folder(Path(folder)))
        except MagpieError as trouble:
            error = trouble
            unusable.append(Skipped(to_text(Path(folder)), str(trouble)))
    if not usable:
        raise error
    return usable, unusable


def _describe(
    store: Store, plan: Plan, describer: Describer, options: Options, progress: Progress
) -> Described:
    store.identity.create(describer.info)
    with progress.over(len(plan.unread)):
        if options.ray:
            cluster = Cluster(options.ray, store, describer, progress)
            return cluster.run(plan.unread, plan.known, options.threads)
        return Describing(store, describer, progress).run(plan.unread, plan.known, options.threads)


def _report(store: Store, plan: Plan, done: Described, settled: Settled, seconds: float) -> Report:
    info = store.identity.info()
    unreadable = [Skipped(file.path, file.reason or "") for file in done.unreadable]
    failed = sorted([*plan.skipped, *done.refused, *unreadable], key=lambda skip: skip.path)
    return Report(
        indexed=len(done.indexed),
        unchanged=plan.unchanged + settled.touched,
        moved=settled.moved,
        copies=settled.copies,
        removed=settled.removed,
        failed=tuple(failed),
        kept=settled.kept,
        model=info.model if info else "",
        seconds=round(seconds, 3),
        photos_per_second=round(len(done.indexed) / seconds, 2),
    )
