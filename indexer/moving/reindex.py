"""Describe the photos of a library by another network, beside the store in use, and swap them in.

It is an ordinary run into a second store, over the files that the first one knows, so it can die at
any moment and be called again. People search, teach and index meanwhile.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import attrgetter, itemgetter
from pathlib import Path

from indexer.errors import Conflict, NotFound
from indexer.moving.pairs import pairs
from indexer.moving.reindex_examples import Seen, describe_examples
from indexer.network.describer import Describer
from indexer.photos.finding import Found, Skipped, revisit
from indexer.photos.presence import is_gone
from indexer.pipeline import Options, Report, Run, fill
from indexer.progress import Progress
from indexer.progress.progress_file import published
from indexer.progress.run_lock import only_run, renewing
from indexer.stores import PICTURES, Store, require_complete

GRACE_SECONDS = 2.0
"""How long searches that began before the swap may go on, before what they read is removed."""

Prepare = Callable[[Store], None]


@dataclass(frozen=True, slots=True)
class Renewed:
    """What one call did.

    Attributes:
        described: photos that it described.
        photos: photos that the library has now.
        failed: files that could not be read, with the reason.
        examples: uploaded examples that the network was shown.
        lost: names of examples that it cannot be shown, because their thumbnails were not kept.
        swapped: whether the photos were swapped; False if that network had described them already.
        model: name of the network.
        old: names of what was replaced and is kept.
        seconds: duration.
        photos_per_second: described / seconds.
    """

    described: int
    photos: int
    failed: tuple[Skipped, ...]
    examples: int
    lost: tuple[str, ...]
    swapped: bool
    model: str
    old: tuple[str, ...]
    seconds: float
    photos_per_second: float


@dataclass(slots=True)
class Reindexing:
    """One call of `reindex`.

    Attributes:
        store: the library.
        describer: the network that is to describe it.
        options: how photos are read; `prune` leaves out photos whose files are gone, but never all.
        progress: told about every file that is done.
        prepare: called with the new store before it is searched.
    """

    store: Store
    describer: Describer
    options: Options
    progress: Progress
    prepare: Sequence[Prepare] = ()
    reports: list[Report] = field(default_factory=list)
    examples: int = 0

    def run(self) -> Renewed:
        """Describe what is not described yet, then swap; an unfinished call is continued.

        Raises:
            NotFound: there is no library.
            Conflict: files of photos are gone, or a call with another network is unfinished.
            StoreAway: the store does not answer or is full; everything done so far is kept.
        """
        started = time.monotonic()
        place = self.store.location
        told = published(renewing(place), self.progress)
        with only_run(renewing(place), self.progress), told as self.progress:
            made = require_complete(self.store)
            if made is None:
                raise NotFound(f"no photos in {place}: run magpie index FOLDER first")
            swapped = made != self.describer.info
            if swapped:
                self._renew()
            # What was taught at the last moment, or before a call that died.
            seen = self._show_examples()
        return self._report(swapped, seen, time.monotonic() - started)

    def _renew(self) -> None:
        new = self.store.renewal.next()
        begun = new.identity.info()
        if begun not in (None, self.describer.info):
            how = f"--model {begun.model} --looks {begun.looks}" if begun else ""
            raise Conflict(
                f"{begun} has begun to describe {self.store.location}: finish that with {how}, or "
                "drop it with --cancel"
            )
        self.describer.load()  # first, so that a file without weights begins nothing
        self._follow(new)  # takes long, so other runs may go on
        self._show_examples()
        with only_run(self.store.location, self.progress):
            self._follow(new)
            self._check_whole(new)
            self._keep_thumbnails(new)
            self.store.renewal.swap()
        new.close()

    def _follow(self, new: Store) -> None:
        """Make the new store hold what lies where the library knows files."""
        self.store.refresh()  # a run that died may have left writes that scans do not show yet
        new.identity.create(self.describer.info)  # even if there is nothing to describe
        known = self.store.files
        previewed = chain.from_iterable(self.store.photos.previews().values())  # have no records
        there = revisit({*(file.path for file in known.read()), *previewed})
        files = chain(there, self._spared(new), known.left_out.read(), known.links_out.read())
        # What else is gone is gone; thumbnails stay as they are; nobody searches the new store yet.
        options = replace(self.options, prune=True, thumbnails=False, one_pass=True)
        run = Run(new, lambda: self.describer, options, self.progress)
        self.reports.append(fill(run, [Path("/")], files))
        if roots := known.roots():
            new.files.put_roots(roots)
        new.refresh()
        for prepare in self.prepare:
            prepare(new)

    def _spared(self, new: Store) -> Iterator[Found]:
        """Yield, as they were, described files that are gone but that the library still knows."""
        for path, known, held in pairs(
            self.store.files.read(), new.files.read(), attrgetter("path")
        ):
            if known and held and not self.options.prune and is_gone(path):
                yield Found(
                    path,
                    held.bytes,
                    held.modified_ns,
                    held.changed_ns,
                    held.inode,
                    held.device,
                )

    def _show_examples(self) -> Seen:
        seen = describe_examples(self.store.events, self.describer)
        self.examples += seen.described
        return seen

    def _check_whole(self, new: Store) -> None:
        if self.options.prune and new.photos.count():
            return  # nobody wants none at all: then a disk is not mounted
        lacking = list(_lacking(self.store, new))
        if lacking:
            raise Conflict(
                f"{len(lacking):,} of {self.store.photos.count():,} photos can no longer be read, "
                f"such as {lacking[0]!r}: mount their disk, or run `magpie index FOLDER` where "
                "they moved, then call this again; --prune leaves them out unless that is all of "
                "them"
            )

    def _keep_thumbnails(self, new: Store) -> None:
        """Keep the thumbnails, which do not depend on the network."""
        with suppress(OSError):  # there are none, or they will be made again
            new.derived(PICTURES).parent.mkdir(parents=True, exist_ok=True)
            self.store.derived(PICTURES).rename(new.derived(PICTURES))

    def _report(self, swapped: bool, seen: Seen, seconds: float) -> Renewed:
        described = sum(report.indexed for report in self.reports)
        return Renewed(
            described=described,
            photos=self.store.photos.count(),
            failed=self.reports[-1].failed if self.reports else (),
            examples=self.examples,
            lost=seen.lost,
            swapped=swapped,
            model=self.describer.info.model,
            old=tuple(self.store.renewal.old()),
            seconds=round(seconds, 3),
            photos_per_second=round(described / seconds, 2),
        )


def drop_old(store: Store, progress: Progress) -> tuple[str, ...]:
    """Remove what was replaced; return its names.

    Raises:
        NotFound: there is no library.
    """
    with only_run(renewing(store.location), progress):
        if require_complete(store) is None:
            raise NotFound(f"no photos in {store.location}: run magpie index FOLDER first")
        old = tuple(store.renewal.old())
        if old:
            time.sleep(GRACE_SECONDS)
            store.renewal.drop_old()
    return old


def cancel(store: Store, progress: Progress) -> bool:
    """Remove what an unfinished call has made; tell whether there was anything."""
    with only_run(renewing(store.location), progress):
        exists = require_complete(store) is not None
        begun = exists and store.renewal.next().identity.info() is not None
        if begun:
            store.renewal.cancel()
    return begun


def _lacking(store: Store, new: Store) -> Iterator[str]:
    """Yield a path of each photo that the new store lacks, unless other photos took its paths."""
    both = pairs(store.photos.paths(), new.photos.paths(), itemgetter(0))
    missing = [known[1] for _, known, held in both if known and not held]
    if missing:
        wanted = {path for paths in missing for path in paths}
        replaced = {f.path for f in new.files.read() if f.photo is not None and f.path in wanted}
        for paths in missing:
            yield from [path for path in paths if path not in replaced][:1]
