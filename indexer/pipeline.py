"""The straight line from folders to an index: photos, models, stores, neighbours.

A run plans what to do with the files below the folders, describes new photos by the network and
stores them, settles at which paths photos lie, and links each photo to its neighbours.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.neighbours import chosen, open_index
from indexer.network.describer import Describer
from indexer.photos.finding import Found, Skipped, check_folders
from indexer.progress import Progress
from indexer.progress.progress_file import published
from indexer.progress.run_lock import only_run
from indexer.run.cluster import Cluster, check_cluster
from indexer.run.describing import Described, Describing
from indexer.run.linking import link
from indexer.run.plan import RunPlan, make_plan
from indexer.run.settling import Settled, settle
from indexer.stores import Store, require_complete


@dataclass(frozen=True, slots=True)
class Options:
    """How to index.

    Attributes:
        threads: files read at the same time; 0 = one per core.
        prune: remove vanished photos even if a folder looks like an unmounted disk.
        neighbours: name of the neighbour index.
        ray: address of a Ray cluster that describes the photos; "" = this machine does.
    """

    threads: int = 0
    prune: bool = False
    neighbours: str = field(default_factory=chosen)
    ray: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """What all steps of a run share.

    Attributes:
        store: it need not exist yet.
        describer: called only if there is a photo to describe, because networks load slowly.
        options: how to index.
        progress: told about every file that is done.
    """

    store: Store
    describer: Callable[[], Describer]
    options: Options
    progress: Progress


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did.

    Attributes:
        indexed: new photos.
        unchanged: files that are as they were, or were only touched.
        moved: photos that lie somewhere else now.
        copies: further paths of photos.
        removed: photos that no longer lie anywhere.
        failed: files and folders that could not be read, with the reason.
        kept: folders whose vanished photos were kept because too many are gone at once.
        model: name of the network of the store; "" if there is no store.
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
    """Make `store` hold what `folders` hold; photos of other folders are left alone.

    Args:
        store, describer, options, progress: see `Run`.
        folders: those that cannot be read are listed in the report, the others are indexed.

    Raises:
        NotFound, BadValue: none of the folders can be read.
        Conflict: the store was made by another network or mapping version.
        StoreAway: the store does not answer or is full, or the Ray cluster fails; everything that
            was counted is safe.
    """
    usable, unusable = check_folders(folders)
    if options.ray:
        check_cluster(options.ray, store)
    with only_run(store.location, progress), published(store.location, progress) as told:
        report = fill(Run(store, describer, options, told), usable)
    return replace(report, failed=(*unusable, *report.failed))


def fill(
    run: Run, folders: Sequence[Path], found: Iterable[Found | Skipped] | None = None
) -> Report:
    """Do as `index`, in a run that holds the lock of its store.

    Args:
        run: the one run that writes to its store now.
        folders: absolute.
        found: what lies below the folders; None = they are walked.
    """
    started = time.monotonic()
    # First, so that an index that is not for this store is refused before anything is described.
    neighbours = open_index(run.options.neighbours, run.store)
    exists = require_complete(run.store) is not None
    plan = _plan(run.store, folders, found) if exists else make_plan(folders, found=found)
    if not exists and not plan.unread:  # nothing to store, so no store is made
        return Report(failed=tuple(plan.skipped), seconds=time.monotonic() - started)
    done = _describe(run, plan)
    settled = settle(run.store, plan, done, run.options.prune)
    if done.indexed:
        run.progress.say("linking neighbours")
    neighbours.prepare()  # first, because it computes the lists
    link(run.store, neighbours)
    return _report(run.store, plan, done, settled, time.monotonic() - started)


def _plan(
    store: Store, folders: Sequence[Path], found: Iterable[Found | Skipped] | None
) -> RunPlan:
    store.refresh()  # a run that died may have left writes that scans do not show yet
    return make_plan(folders, store.files.read(), store.photos.paths(), found)


def _describe(run: Run, plan: RunPlan) -> Described:
    if not plan.unread:
        return Described()
    describer, threads = run.describer(), run.options.threads
    run.store.identity.create(describer.info)
    with run.progress.over(len(plan.unread)):
        if run.options.ray:
            cluster = Cluster(run.options.ray, run.store, describer, run.progress, threads)
            return cluster.run(plan.unread, plan.known)
        return Describing(run.store, describer, run.progress, threads).run(plan.unread, plan.known)


def _report(
    store: Store, plan: RunPlan, done: Described, settled: Settled, seconds: float
) -> Report:
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
