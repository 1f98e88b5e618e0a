"""Copy a library to another store, and compare the answers of both."""

import random
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import islice

from indexer import imagenet
from indexer.errors import Conflict
from indexer.moving.copy_store import copy
from indexer.progress import Progress
from indexer.queries import Query
from indexer.stores import Store, open_store
from indexer.stores.spelling_out import by_labels
from search.answers import Question
from search.engine import SearchEngine, open_engine
from search.teaching.log import Log
from search.teaching.vocabulary import Vocabulary

QUERIES, LIMIT = 200, 50
"""How many queries are compared, and how many photos of each ranking."""

LEARNED = QUERIES // 2
"""Maximum number of learned words among them, drawn at random; the rest are names of labels."""


@dataclass(frozen=True, slots=True)
class ComparedCopy:
    """What was copied: see `copy_store.Contents` and `copy_photos.CopyCounts`.

    Attributes:
        source, target: URLs without passwords.
        queries: number of queries compared.
    """

    source: str
    target: str
    photos: int
    files: int
    unreadable: int
    events: int
    words: int
    searches: int
    written: int
    removed: int
    queries: int


def copy_library(source: str, target: str, progress: Progress) -> ComparedCopy:
    """Copy a library as `copy_store.copy` does, then compare the answers of both.

    Args:
        source, target: URLs of stores.
        progress: told about every photo and every query.

    Raises:
        NotFound, Conflict, BadValue, StoreAway: see `copy_store.copy` and `check_rankings`.
    """
    with closing(open_store(source)) as original, closing(open_store(target)) as made:
        done = copy(original, made, progress)
        asked = check_rankings(queries(original), original, made, progress)
        return ComparedCopy(
            source=original.location,
            target=made.location,
            **asdict(done.contents),
            written=done.changes.written,
            removed=done.changes.removed,
            queries=asked,
        )


@dataclass(frozen=True, slots=True)
class ComparedQuery:
    """A query in words, and in numbers as a store takes it."""

    words: str
    query: Query


def queries(store: Store) -> Iterator[ComparedQuery]:
    """Yield up to `QUERIES` queries that the library understands; the same ones each time."""
    return islice(_understood(open_engine(store), Log(store.events).vocabulary()), QUERIES)


def check_rankings(
    asked: Iterable[ComparedQuery], source: Store, target: Store, progress: Progress
) -> int:
    """Compare the rankings of two stores; return the number of queries.

    Both get the same numbers, so that clicks in the meantime make no difference.

    Raises:
        Conflict: a query finds other photos, or the same ones in another order.
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
    return [match.id for match in store.ranking.search(query)]


def _understood(engine: SearchEngine, vocabulary: Vocabulary) -> Iterator[ComparedQuery]:
    for words in _words(sorted(vocabulary.lessons)):
        plan = engine.plan(Question(words, limit=LIMIT), vocabulary)
        if not plan.finds_nothing:  # as a word does that was taught with nothing but bad photos
            # A store in Elasticsearch that was made earlier has labels alone.
            yield ComparedQuery(words, by_labels(plan.query))


def _words(learned: list[str]) -> Iterator[str]:
    chance = random.Random(0)
    yield from chance.sample(learned, min(LEARNED, len(learned)))
    wnids = imagenet.classes()
    yield from map(imagenet.name, chance.sample(wnids, len(wnids)))
