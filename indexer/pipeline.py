"""The straight line from folders to an index: photos, models, stores, neighbours.

A run plans what to do with the files below the folders, describes new photos by the network, keeps
them and their thumbnails, settles at which paths photos lie, and links each photo to its
neighbours.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.neighbours import chosen, open_index
from indexer.network.describer import Describer
from indexer.photos.finding import Entry, Found, Skipped, find
from indexer.photos.left_out import by_ending
from indexer.progress import LOOKING, Progress
from indexer.progress.progress_file import published
from indexer.progress.run_lock import only_run
from indexer.run.cluster import Cluster, check_cluster
from indexer.run.damage import remove_damaged
from indexer.run.describing import Described, Describing
from indexer.run.leaving_out import remember_left_out, remember_links
from indexer.run.linking import link
from indexer.run.plan import RunPlan, make_plan
from indexer.run.previewing import FirstPass, forget_previews
from indexer.run.roots import choose_roots, remember_roots
from indexer.run.settling import Settled, settle
from indexer.run.telling import tell
from indexer.run.thumbnails import forget_thumbnails
from indexer.stores import Store, require_complete
from indexer.stores.thumbnails import thumbnail_file
from indexer.stores.urls import own_files

TOLD_AT_ONCE = 100
"""Files that are found between two times that the progress is told."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to index.

    Attributes:
        threads: files read at the same time; 0 = one per core.
        prune: remove vanished photos even if a disk looks unmounted, and those of folders that are
            gone themselves.
        reread: read files that seem unchanged too.
        neighbours: name of the neighbour index.
        ray: address of a Ray cluster that describes the photos; "" = this machine does.
        exclude: patterns of what to leave out, as in .gitignore, relative to each folder.
        follow_links: whether photos behind symbolic links are wanted.
        thumbnails: whether to make those of new photos, where this machine describes them.
        one_pass: describe no photo by a preview before it is read as a whole.
        checks_derived: read all of the derived files, and make damaged ones again.
    """

    threads: int = 0
    prune: bool = False
    neighbours: str = field(default_factory=chosen)
    ray: str = ""
    reread: bool = False
    exclude: tuple[str, ...] = ()
    thumbnails: bool = True
    one_pass: bool = False
    checks_derived: bool = True
    follow_links: bool = True


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
        removed_from: folder -> vanished files of these photos, where they are more than a handful.
        failed: files and folders that could not be read, with the reason.
        damaged: paths of new photos of which a part is missing.
        left_out: ending -> files that were left out because of it, most first.
        kept: folders whose vanished photos were kept because too many are gone at once.
        kept_photos: those folders -> how many photos that are.
        model: name of the network of the store; "" if there is no store.
        seconds: duration of the run.
        photos_per_second: new photos / seconds.
    """

    indexed: int = 0
    unchanged: int = 0
    moved: int = 0
    copies: int = 0
    removed: int = 0
    removed_from: Mapping[str, int] = field(default_factory=dict)
    failed: tuple[Skipped, ...] = ()
    damaged: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    kept_photos: Mapping[str, int] = field(default_factory=dict)
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
    roots = choose_roots(store, folders, options.prune, progress)
    if options.ray:
        check_cluster(options.ray, store)
    with only_run(store.location, progress), published(store.location, progress) as told:
        run = Run(store, describer, options, told)
        own = own_files(store.location)
        found = find(roots.usable, own, options.exclude, options.follow_links)
        report = fill(run, roots.all, found, remember=True)
    return replace(report, failed=(*roots.unusable, *report.failed))


def fill(
    run: Run, folders: Sequence[Path], found: Iterable[Entry], remember: bool = False
) -> Report:
    """Do as `index`, in a run that holds the lock of its store.

    Args:
        run: the one run that writes to its store now.
        folders: absolute.
        found: what lies below the folders.
        remember: whether the store is to remember the folders.
    """
    started = time.monotonic()
    # First, so that an index that is not for this store is refused before anything is described.
    neighbours = open_index(run.options.neighbours, run.store)
    exists = require_complete(run.store) is not None
    if exists and run.options.checks_derived:
        for path, reason in remove_damaged(run.store):
            run.progress.say(f"{str(path)!r} was damaged ({reason}) and is made again")
    with run.progress.over(None, LOOKING):
        entries = _counted(found, run.progress)
        plan = _plan(run, folders, entries) if exists else make_plan(folders, entries)
    if not exists and not plan.unread:  # nothing to store, so no store is made
        seconds, left_out = time.monotonic() - started, by_ending(plan.left_out)
        return Report(failed=tuple(plan.skipped), left_out=left_out, seconds=seconds)
    done = _describe(run, plan)
    settled = settle(run.store, plan, done, run.options.prune)
    tell(run.store, done.told)
    forget_thumbnails(run.store, plan, done, settled)
    remember_left_out(run.store, plan, settled.kept)
    remember_links(run.store, plan, settled.kept, plan.folders if remember else ())
    if remember:
        remember_roots(run.store, plan)
    if done.indexed:
        run.progress.say("linking neighbours")
    neighbours.prepare()  # first, because it computes the lists
    link(run.store, neighbours)
    return _report(run.store, plan, done, settled, time.monotonic() - started)


def _counted(found: Iterable[Entry], progress: Progress) -> Iterator[Entry]:
    """Pass entries on, and tell how many files were found so far."""
    waiting = 0
    for entry in found:
        yield entry
        waiting += isinstance(entry, Found)
        if waiting == TOLD_AT_ONCE:
            progress.advance(waiting)
            waiting = 0
    progress.advance(waiting)


def _plan(run: Run, folders: Sequence[Path], found: Iterable[Entry]) -> RunPlan:
    store = run.store
    store.refresh()  # a run that died may have left writes that scans do not show yet
    records, paths = store.files.read(), store.photos.paths()
    return make_plan(folders, found, records, paths, run.options.reread)


def _describe(run: Run, plan: RunPlan) -> Described:
    if not plan.unread:
        return Described()
    describer, threads = run.describer(), run.options.threads
    run.store.identity.create(describer.info)
    if run.options.ray:
        forget_previews(run.store, plan)
        with run.progress.over(len(plan.unread)):
            cluster = Cluster(run.options.ray, run.store, describer, run.progress, threads)
            return cluster.run(plan.unread, plan.known)
    first = FirstPass(run.store, describer, run.progress, threads)
    previews = first.marked(plan) if run.options.one_pass else first.run(plan)
    with run.progress.over(len(plan.unread)):
        thumbnails = thumbnail_file(run.store) if run.options.thumbnails else None
        work = Describing(run.store, describer, run.progress, threads, thumbnails, previews.ids)
        done = work.run(previews.last(plan.unread), plan.known - previews.ids)
    return replace(done, previewed=previews.made)


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
        removed=len(settled.removed - {photo for _, photo in done.previewed}),
        removed_from=settled.removed_from,
        failed=tuple(failed),
        damaged=tuple(sorted(done.damaged)),
        left_out=by_ending(plan.left_out),
        kept=tuple(settled.kept),
        kept_photos=settled.kept,
        model=info.model if info else "",
        seconds=round(seconds, 3),
        photos_per_second=round(len(done.indexed) / seconds, 2),
    )
