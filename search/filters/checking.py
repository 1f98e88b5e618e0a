"""Names in filters that no photo of the library has: say so, and which names are near."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath

from indexer.errors import BadValue
from indexer.filters import (
    AtPlace,
    Condition,
    Exactly,
    FileNamed,
    InFolder,
    OfFormat,
    Required,
    TakenWith,
)
from indexer.kinds import Order
from indexer.queries import Query
from indexer.stores import Store
from search.filters.asked import FilterPart
from search.filters.conditions import FiltersRead
from search.filters.nearest import nearest

NAMES = (TakenWith, InFolder, FileNamed, OfFormat, AtPlace, Exactly)
"""Conditions that hold for no photo only by mistake."""

LIES = {"camera": "was taken with", "place": "was taken at", "folder": "lies in"}
"""How photos are related to what has a name."""

MOST_PATHS = 200_000
"""Paths among which a name is looked for that no photo has."""

MOST_REMEMBERED = 1_000

EVERYTHING = Query(order=Order.NEWEST, everything=True)


@dataclass(frozen=True, slots=True)
class NameChecker:
    """Tells people of names that the library does not have.

    Attributes:
        store: the photos.
        known: conditions that held for some photos; those that are found to hold come in.
    """

    store: Store
    known: set[Condition]

    def check(self, read: FiltersRead, found: bool) -> None:
        """Refuse names that no photo has.

        Args:
            read: the filters of a search.
            found: whether it found any photos: then the only name of its kind is right.

        Raises:
            BadValue: there is such a name.
        """
        used = [part for part in read.parts if not part.off]
        for part, condition in zip(used, read.conditions, strict=True):
            if isinstance(condition, NAMES) and condition not in self.known:
                same = [one for one in used if (one.kind, one.negative) == (part.kind, False)]
                alone = same == [part]
                if not (found and alone) and not self._holds(condition):
                    raise BadValue(self._wrong(part, condition))
                if len(self.known) >= MOST_REMEMBERED:
                    self.known.clear()
                self.known.add(condition)

    def _holds(self, condition: Condition) -> bool:
        """Whether a condition holds for any photo."""
        query = Query(
            filters=(Required((condition,)),), order=Order.NEWEST, everything=True, limit=1
        )
        return bool(self.store.ranking.search(query))

    def _wrong(self, part: FilterPart, condition: Condition) -> str:
        if isinstance(condition, Exactly):
            names = self._named(condition.fact)
            known = _instead(condition.name, names)
            return f"{part.part}: no photo {LIES[condition.fact]} this {condition.fact}: {known}"
        match condition:
            case TakenWith():
                what, names = "was taken with a camera", self.store.ranking.cameras()
            case AtPlace():
                what, names = "was taken at a place", self._places()
            case InFolder():
                what, names = "lies in a folder", self._folders()
            case FileNamed():
                what, names = "has a file", self._files()
            case _:
                return f"{part.part}: no photo of the library has the format {part.value!r}"
        known = _instead(part.value, names)
        return f"{part.part}: no photo {what} with {part.value!r} in its name: {known}"

    def _named(self, fact: str) -> list[str]:
        """Whole names, as facets have them."""
        facets = self.store.ranking.facets(EVERYTHING)
        named = {"camera": facets.cameras, "place": facets.places, "folder": facets.folders}
        return list(named[fact])

    def _places(self) -> list[str]:
        """Towns, regions and countries, each by itself."""
        places = self.store.ranking.facets(EVERYTHING).places
        return list(dict.fromkeys(part for place in places for part in place.split(", ")))

    def _folders(self) -> list[str]:
        paths = islice(self.store.photos.paths(), MOST_PATHS)
        return sorted(
            {name for _, some in paths for one in some for name in PurePath(one).parts[1:-1]}
        )

    def _files(self) -> list[str]:
        paths = islice(self.store.photos.paths(), MOST_PATHS)
        return [PurePath(one).name for _, some in paths for one in some]


def _instead(name: str, names: list[str]) -> str:
    near = nearest(name, names)
    return f"did you mean {_or(near)}?" if near else f"there are {_some(names)}"


def _or(names: Iterable[str]) -> str:
    return " or ".join(repr(name) for name in names)


def _some(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:5])
    return f"{shown} and {len(names) - 5:,} more" if len(names) > 5 else shown or "none"
