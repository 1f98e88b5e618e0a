"""The first pass of a run: photos that carry a good preview are searchable by that, newest first.

Their documents are marked, and there is no record of their files yet: so the second pass, or the
next run if this one dies, reads them as if they were new, and puts what it sees in the place of the
previews. What a first pass did makes no difference to how a run ends.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from indexer.network.describer import Describer
from indexer.network.engines import Description
from indexer.photos.finding import Found
from indexer.photos.previewing import PreviewReader
from indexer.photos.reading import Known, Ready, Unread
from indexer.progress import READING, Progress
from indexer.run.describing import described, write_behind
from indexer.run.plan import RunPlan
from indexer.stores import Store

PREVIEWS = "previews"


@dataclass(slots=True)
class Previewed:
    """Photos that are described by their previews so far.

    Attributes:
        ids: of these photos, those of earlier runs too.
        sizes: bytes of their files, as far as those were met.
        made: (path, photo) of those that this run read.
    """

    ids: set[str] = field(default_factory=set)
    sizes: set[int] = field(default_factory=set)
    made: set[tuple[str, str]] = field(default_factory=set)

    def last(self, files: Iterable[Found]) -> list[Found]:
        """Return files in their order, but those whose photos can be searched already at the end.

        They are told by their sizes, so that copies stay in their order even if some were not met.
        """
        return sorted(files, key=lambda found: found.bytes in self.sizes)


@dataclass(frozen=True, slots=True)
class FirstPass:
    """Describes files by their previews.

    Attributes:
        store, describer, progress, threads: as in `Describing`.
    """

    store: Store
    describer: Describer
    progress: Progress
    threads: int

    def marked(self, plan: RunPlan) -> Previewed:
        """Return what earlier runs left."""
        return Previewed(set(_marked(self.store, plan)))

    def run(self, plan: RunPlan) -> Previewed:
        """Store the photos of unread files that carry a good preview, and make them visible."""
        marked = _marked(self.store, plan)
        there = {path for paths in marked.values() for path in paths}
        look, side = self.describer.first_look, self.describer.side
        reader = PreviewReader(look, side, plan.known, self.threads)
        files = [found for found in plan.unread if found.path not in there]
        newest = sorted(filter(reader.is_worth, files), key=lambda found: -found.modified_ns)
        sizes = {found.bytes for found in plan.unread if found.path in there}
        previews = Previewed(set(marked), sizes)
        with ExitStack() as work:
            # Asked again for each file, as it depends on those that were read meanwhile.
            results = reader.read_all(filter(reader.is_worth, newest))
            fresh = self._fresh(results, previews, len(newest), work)
            write_behind(self.describer, fresh, self._write)
        if previews.made:
            self.store.refresh()
        return previews

    def _fresh(
        self,
        results: Iterable[Ready | Known | Unread],
        previews: Previewed,
        total: int,
        work: ExitStack,
    ) -> Iterator[Ready]:
        """Yield what the network has to see; most libraries have no previews, and tell of none."""
        for done, result in enumerate(results):
            if previews.made:
                self.progress.advance(1)
            if isinstance(result, Unread):
                continue
            id = result.id if isinstance(result, Known) else result.photo.id
            if isinstance(result, Known) and id not in previews.ids:
                continue
            if not previews.made:
                work.enter_context(self.progress.over(total, READING, PREVIEWS))
                self.progress.advance(done + 1)
            is_new = id not in previews.ids
            previews.ids.add(id)
            previews.sizes.add(result.found.bytes)
            previews.made.add((result.found.path, id))
            if is_new and isinstance(result, Ready):
                yield result

    def _write(self, batch: list[Ready], description: Description) -> None:
        # What the store does not take, the second pass tells of.
        self.store.photos.put(described(self.describer, batch, description))


def forget_previews(store: Store, plan: RunPlan) -> None:
    """Remove photos that an earlier run described by previews, where this one reads their files.

    For those who cannot put photos in the place of others.
    """
    unread = {found.path for found in plan.unread}
    marked = _marked(store, plan)
    found = [id for id, paths in marked.items() if not unread.isdisjoint(paths)]
    store.photos.delete(found)
    plan.known.difference_update(found)


def _marked(store: Store, plan: RunPlan) -> Mapping[str, tuple[str, ...]]:
    """Paths of the photos that earlier runs described by previews; a new store has none."""
    return store.photos.previews() if plan.known else {}
