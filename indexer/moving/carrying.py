"""Carry over to another store what people taught and searched for; photos are no part of it."""

from indexer.batches import batched
from indexer.stores import Store

PAGE = 200
"""Entries written at once: 5 MB where each keeps the picture and the vector of an example."""


def carry_logs(source: Store, target: Store) -> None:
    """Add to `target` the events, learned words and searches of `source`, all as they are there.

    What `target` has already is left alone, so that doing it again, after a death too, doubles
    nothing; memory does not grow with the logs.

    Args:
        source: may be taught and searched meanwhile; what comes late may be missing in `target`.
        target: nobody teaches or searches it meanwhile.

    Raises:
        NotFound: there is no store `target`.
        StoreAway: some entries may have been carried.
    """
    for events in batched(source.events.read(), PAGE):
        target.events.append(events)
    for searches in batched(source.searches.read(), PAGE):
        target.searches.append(searches)
    words = source.learned.read()
    if words or target.learned.read():
        target.learned.replace(words, target.events.state())
