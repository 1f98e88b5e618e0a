"""Numbers that runs keep for each folder: of files left out, of links that lead out."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import NamedTuple, Protocol, TypeVar

from indexer.records import LeftOut, LinksOut

N = TypeVar("N", LeftOut, LinksOut)
"""A folder, what is counted in it, and how often it is there."""


class AddedUp(NamedTuple):
    """Numbers of all folders together.

    Attributes:
        total: their sum.
        kinds: how many different things are counted; among thousands, Elasticsearch may be some
            off.
        most: thing -> number, of those with the highest, highest first, ties by name.
    """

    total: int
    kinds: int
    most: dict[str, int]


class FolderNumbers(Protocol[N]):
    """Such numbers of one kind."""

    def read(self) -> list[N]:
        """Return all of them in order; one record for each folder and thing."""

    def put(self, numbers: Iterable[N]) -> None:
        """Replace the numbers of these folders and things; a record of 0 is removed."""

    def update(self, now: Iterable[N], is_over: Callable[[N], bool]) -> None:
        """Make them those of `now`; of the others, remove the ones that are over."""
        known = {one[:2]: one for one in self.read()}
        found = {one[:2]: one for one in now}
        changed = (one for thing, one in found.items() if known.get(thing) != one)
        others = (one for thing, one in known.items() if thing not in found)
        self.put(chain(changed, (_emptied(one) for one in others if is_over(one))))


def _emptied(one: N) -> N:
    return type(one)(*one[:2], 0)
