"""Copy to another store what people taught and searched for, but no photos."""

from dataclasses import replace

from indexer.batches import batched
from indexer.events import Event
from indexer.kinds import EventKind
from indexer.stores import Store
from indexer.stores.event_checksums import BadEvent

PAGE = 200
"""Entries written at once: 5 MB if each holds the picture and the vector of an example."""


def copy_logs(source: Store, target: Store) -> list[BadEvent]:
    """Add the events, learned words and searches of `source` to `target`, unchanged.

    What `target` has already stays, so that nothing is doubled if this is called again, even after
    a call that died; but what was removed from `source` for good since then is removed there too.
    Memory grows with the logs only where `target` has some already, by a few bytes per entry.

    Args:
        source: people may teach and search it meanwhile; `target` may lack what comes late.
        target: nobody teaches or searches it meanwhile.

    Returns:
        the events of `source` that cannot be read, which `target` therefore lacks.

    Raises:
        NotFound: there is no store `target`.
        StoreAway: some entries may have been copied.
    """
    bad, erased = _copy_events(source, target)
    removed = _remove_searches(source, target)
    for searches in batched(source.searches.read(), PAGE):
        target.searches.append(searches)
    words = source.learned.read()
    if words or target.learned.read():
        target.learned.replace(words, target.events.state())
    if erased or removed:
        target.scrub()
    return bad


def _copy_events(source: Store, target: Store) -> tuple[list[BadEvent], bool]:
    """Copy events; return the bad ones, and whether any was removed for good meanwhile."""
    bad: list[BadEvent] = []
    erased: list[Event] = []
    theirs = {one.id for one in target.events.read() if one.kind != EventKind.ERASE}
    for events in batched(source.events.read(skipped=bad.append), PAGE):
        target.events.append(events)
        erased += (one for one in events if one.kind == EventKind.ERASE and one.id in theirs)
    if erased:  # examples may be gone from what describes them
        describe = (one for one in source.events.read() if one.kind == EventKind.DESCRIBE)
        target.events.overwrite([*erased, *describe])
    return bad, bool(erased)


def _remove_searches(source: Store, target: Store) -> bool:
    """Remove searches that the source has no more, whose numbers may be used again."""
    if not target.searches.count():
        return False
    kept = {hash(replace(one, number=0)) for one in source.searches.read()}
    found = target.searches.read()
    gone = [one.number for one in found if hash(replace(one, number=0)) not in kept]
    if gone:
        target.searches.remove(gone)
    return bool(gone)
