"""Copy to another store what people taught and searched for, but no photos."""

from indexer.batches import batched
from indexer.stores import Store

PAGE = 200
"""Entries written at once: 5 MB if each holds the picture and the vector of an example."""


def copy_logs(source: Store, target: Store) -> None:
    """Add the events, learned words and searches of `source` to `target`, unchanged.

    What `target` has already stays, so that nothing is doubled if this is called again, even after
    a call that died. Memory does not grow with the logs.

    Args:
        source: people may teach and search it meanwhile; `target` may lack what comes late.
        target: nobody teaches or searches it meanwhile.

    Raises:
        NotFound: there is no store `target`.
        StoreAway: some entries may have been copied.
    """
    for events in batched(source.events.read(), PAGE):
        target.events.append(events)
    for searches in batched(source.searches.read(), PAGE):
        target.searches.append(searches)
    words = source.learned.read()
    if words or target.learned.read():
        target.learned.replace(words, target.events.state())
