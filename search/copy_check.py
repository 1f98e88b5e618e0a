"""Tell whether a copy of a library answers as the library that it was copied from."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from indexer import imagenet
from indexer.errors import BadValue, Conflict
from indexer.progress import Progress
from indexer.records import Query
from indexer.stores import Store
from search.answers import Question
from search.library import Library

QUERIES, LIMIT = 200, 50
"""How many are asked, and how many photos of each ranking are compared."""

LEARNED = QUERIES // 2
"""Learned words among the queries at most, chosen by chance; the others are names of labels."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query in words, and what it asks a store for."""

    words: str
    query: Query


def queries(library: Library) -> Iterator[Asked]:
    """Yield `QUERIES` at most that the library understands; the same ones each time."""
    return islice(_understood(library), QUERIES)


def check_rankings(
    asked: Iterable[Asked], source: Store, target: Store, progress: Progress
) -> int:
    """Compare what two stores find, photo by photo; return how many queries were asked.

    Both are asked for the same numbers, so that clicks meanwhile make no difference.

    Raises:
        Conflict: a query finds other photos, or in another order.
    """
    all_asked = list(asked)
    with progress.over(len(all_asked), "comparing", "queries"):
        for one in all_asked:
            if _ranking(source, one.query) != _ranking(target, one.query):
                raise Conflict(
                    f"{one.words!r} finds other photos in {target.location} than in "
                    f"{source.location}: run `magpie verify` on both, then copy again"
                )
            progress.advance(1)
    return len(all_asked)


def _ranking(store: Store, query: Query) -> list[str]:
    return [match.id for match in store.search(query)]


def _understood(library: Library) -> Iterator[Asked]:
    vocabulary = library.teacher.vocabulary()
    for words in _words(sorted(vocabulary.lessons)):
        try:
            query = library.engine.query(Question(words, limit=LIMIT), vocabulary)
        except BadValue:  # taught by nothing but bad photos, say: no store is asked
            continue
        yield Asked(words, query)


def _words(learned: list[str]) -> Iterator[str]:
    chance = random.Random(0)
    yield from chance.sample(learned, min(LEARNED, len(learned)))
    wnids = imagenet.classes()
    yield from map(imagenet.name, chance.sample(wnids, len(wnids)))
