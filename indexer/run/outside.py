"""Where photos of a run lie outside its folders, and whether they still do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from indexer.batches import batched
from indexer.photos.paths import is_under_any
from indexer.photos.presence import is_gone
from indexer.run.plan import RunPlan
from indexer.stores import Store

Paths = dict[str, set[str]]
"""Paths by photo id."""

_FEW = 2000
"""Up to this many photos are read one by one; for more, the paths of all photos are read."""

_AT_ONCE = 500
"""Photos read at a time."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Paths outside the folders of a run, of photos that also lie below them, or did.

    Attributes:
        living: those where something lies.
        dead: those where nothing does.
    """

    living: Paths
    dead: Paths

    @classmethod
    def of(cls, store: Store, plan: RunPlan, gained: Iterable[str]) -> Self:
        """Look at these places.

        Args:
            store: of the photos.
            plan: of the run.
            gained: photos that were found at further paths.
        """
        new = sorted(set(gained) - plan.elsewhere.keys())
        living, dead = Paths(), Paths()
        for photo, paths in (*plan.elsewhere.items(), *_elsewhere(store, plan.folders, new)):
            gone = {path for path in paths if is_gone(path)}
            for group, members in ((dead, gone), (living, paths - gone)):
                if members:
                    group[photo] = members
        return cls(living, dead)


def _elsewhere(
    store: Store, folders: Sequence[str], photos: Sequence[str]
) -> Iterator[tuple[str, set[str]]]:
    """Yield photos with their paths outside `folders`."""
    for photo, paths in _paths(store, photos):
        yield photo, {path for path in paths if not is_under_any(path, folders)}


def _paths(store: Store, photos: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if len(photos) > _FEW:
        wanted = set(photos)
        yield from ((id, paths) for id, paths in store.photos.paths() if id in wanted)
        return
    for part in batched(photos, _AT_ONCE):
        yield from ((photo.id, photo.paths) for photo in store.photos.get(part).values())
