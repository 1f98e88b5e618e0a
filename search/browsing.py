"""What people look through without searching: all photos by date, and ideas what to search for."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from indexer.defaults import DEFAULT_LIMIT
from indexer.errors import BadValue
from indexer.filters import Dated, Filter, Forbidden, Required, Taken
from indexer.kinds import Order
from indexer.queries import Hit, Listed, Query, TimeKey
from search.counting import Counting

if TYPE_CHECKING:
    from search.answers import Months, PhotoPage

UNDATED = "none"
"""What stands for the month of photos without a capture time."""

MONTH = re.compile(r"(?!0000)\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
CURSOR = re.compile(r"(dated|undated)_(-?\d{1,19})_(\w{1,128})", re.ASCII)

SAMPLE = 200
"""Photos, chosen at random, that tell what a library shows."""

SURE = 0.5
"""Probability from which a photo shows its first label."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a list by date goes on.

    Photos that are added or removed elsewhere move nothing in it.

    Attributes:
        is_dated: whether it is among the photos of a known capture time, which come first.
        after: where the last photo of the list so far stands; None for the start.
    """

    is_dated: bool = True
    after: TimeKey | None = None

    @classmethod
    def read(cls, cursor: str) -> "Position":
        """Read what `str` wrote.

        Raises:
            BadValue: it did not.
        """
        found = CURSOR.fullmatch(cursor)
        if not found or not -(2**63) <= int(found[2]) < 2**63:
            raise BadValue(
                f"the cursor {cursor[:40]!r} is not one that a list gave: begin without one"
            )
        return cls(found[1] == "dated", (int(found[2]), found[3]))

    def __str__(self) -> str:
        """Return it as a cursor."""
        time, id = self.after or (0, "")
        return f"{'dated' if self.is_dated else 'undated'}_{time}_{id}"


class Browsing(Counting):
    """A library that is looked through."""

    def by_date(self, limit: int = DEFAULT_LIMIT, cursor: str = "", month: str = "") -> "PhotoPage":
        """List all photos, newest first; those without a capture time come last.

        Args:
            limit: number of photos.
            cursor: `PhotoPage.next` of the photos before; "" for the first ones.
            month: "2019-05" for the photos of that month alone, "none" for those without a
                capture time; "" for all.

        Raises:
            NotFound: there is no library yet.
            BadValue: the cursor or month cannot be read.
        """
        from search.answers import PhotoPage

        self.need_store()
        place = Position.read(cursor) if cursor else Position(is_dated=month != UNDATED)
        within = _month(month) if month not in ("", UNDATED) else Taken()
        found = self._page(place, within, limit)
        hits = found.matches
        if not found.last and place.is_dated and not month:
            place = Position(is_dated=False)
            found = self._page(place, within, limit - len(hits))
            hits = [*hits, *found.matches]
        following = str(Position(place.is_dated, found.last)) if found.last else None
        return PhotoPage(tuple(map(Hit.of, hits)), following)

    def _page(self, place: Position, within: Taken, limit: int) -> Listed:
        dated: Filter = Required((Dated(),)) if place.is_dated else Forbidden(Dated())
        timely = (Required((within,)),) if within != Taken() else ()
        query = Query(filters=(dated, *timely), limit=limit, order=Order.NEWEST, everything=True)
        return self._store.ranking.listed(query, place.after)

    def months(self) -> "Months":
        """Count all photos by the month of their capture time.

        Raises:
            NotFound: there is no library yet.
        """
        from search.answers import FacetCount, Months

        self.need_store()
        dated = Query(filters=(Required((Dated(),)),), order=Order.NEWEST, everything=True)
        facets = self._store.ranking.facets(dated)
        months = tuple(FacetCount(*one) for one in reversed([*facets.months.items()]))
        return Months(months, max(0, self._store.photos.count() - facets.photos))

    def ideas(self, limit: int = 3) -> tuple[str, ...]:
        """Return words that many photos of the library show, the commonest first.

        Raises:
            NotFound: there is no library yet.
        """
        from indexer.imagenet import name

        self.need_store()
        sample = self._store.ranking.sample(0, SAMPLE)
        photos = self._store.photos.get([match.id for match in sample])
        first = (photo.labels[0] for photo in photos.values() if photo.labels)
        seen = Counter(name(label.wnid) for label in first if label.probability >= SURE)
        return tuple(sorted(seen, key=lambda one: (-seen[one], one))[:limit])


def _month(month: str) -> Taken:
    """Return the time of a month.

    Raises:
        BadValue: it is not one.
    """
    from search.filters.dates import period

    if not MONTH.fullmatch(month):
        raise BadValue(f"the month {month[:20]!r} is not one: write 2019-05, or none")
    return period(month, date.today()).taken
