"""Copy a library, with all that people taught and searched for, into another store."""

from contextlib import ExitStack
from dataclasses import astuple, dataclass, fields

from indexer.errors import Conflict, NotFound, StoreAway
from indexer.moving.carrying import carry_logs
from indexer.moving.store_sync import Changes, Sync
from indexer.progress.lines import Progress
from indexer.progress.locking import only_run
from indexer.records import Origin
from indexer.stores import Store, require_complete

PASSES = 3
"""How often all is gone through, where the source changes meanwhile."""

OTHER = "name a place in --to where there is no library yet"


@dataclass(frozen=True, slots=True)
class Contents:
    """How many of everything a library has; see `records.Counts` for the first ones."""

    photos: int
    files: int
    unreadable: int
    events: int
    words: int
    searches: int

    @classmethod
    def of(cls, store: Store) -> "Contents":
        """Count what is in a store."""
        counts = store.counts()
        return cls(
            photos=counts.photos,
            files=counts.files,
            unreadable=counts.unreadable,
            events=store.events.count(),
            words=len(store.learned.read()),
            searches=store.searches.count(),
        )


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did, and what the target holds now."""

    changes: Changes
    contents: Contents


def copy(source: Store, target: Store, progress: Progress) -> Copied:
    """Make `target` the library that `source` is; photo files stay where they are.

    After a death, of whatever, the same call goes on. A target that is a whole copy, and was not
    used since, gets what came to the source meanwhile. Runs of `magpie index` on this machine wait
    until the copy is done; clicks and searches at the source are not kept waiting.

    Raises:
        NotFound: there is no library `source`.
        Conflict: `target` is the source itself, or holds something else; or it has not as many of
            everything as the source after all.
        BadValue: the target refused some photos for what is in them.
        StoreAway: a store went away, or another machine keeps writing.
    """
    with ExitStack() as runs:
        # In one order, so that copies in both directions do not wait for each other for ever.
        for location in sorted({source.location, target.location}):
            runs.enter_context(only_run(location, progress))
        origin = _begin(source, target)
        changes = _sync(source, target, progress)
        return Copied(changes, _finish(source, target, origin))


def _begin(source: Store, target: Store) -> Origin:
    """Make the target an incomplete copy, if it may become one."""
    info = require_complete(source)
    if info is None:
        raise NotFound(f"no library in {source.location}: name another one in --from")
    begun = Origin(source.identity.token(), source.location)
    origin = target.identity.origin()
    if origin is None:
        _need_empty(target, begun)
        target.identity.create(info, begun)
        return begun
    _need_other(target, begun)
    if origin.library != begun.library:
        raise Conflict(
            f"{target.location} is a copy of another library ({origin.place} as it was then) than "
            f"the one in {source.location}: {OTHER}"
        )
    if origin.copied and origin.copied != _standing(target):
        raise Conflict(f"{target.location} was used since it was copied: {OTHER}")
    target.identity.set_origin(begun)
    return begun


def _need_empty(target: Store, begun: Origin) -> None:
    if target.identity.info():
        _need_other(target, begun)
        number = target.photos.count()
        raise Conflict(f"{target.location} is a library of {number:,} photos already: {OTHER}")
    if target.events.count() or target.searches.count():
        raise Conflict(f"{target.location} holds what was taught to another library: {OTHER}")


def _need_other(target: Store, begun: Origin) -> None:
    if target.identity.token() == begun.library:
        raise Conflict(f"{target.location} is {begun.place} itself, or its very file: {OTHER}")


def _sync(source: Store, target: Store, progress: Progress) -> Changes:
    """Go through all photos until no other machine wrote to the source meanwhile."""
    done = Changes()
    for _ in range(PASSES):
        source.refresh()
        target.refresh()
        before = source.photos.state()
        changes = Sync(source, target, progress).run()
        done.written += changes.written
        done.removed += changes.removed
        if not changes.raced and source.photos.state() == before:
            return done
    raise StoreAway(
        f"another machine keeps writing to {source.location} or {target.location}: end its run, "
        "then copy again, which goes on where it was"
    )


def _finish(source: Store, target: Store, origin: Origin) -> Contents:
    """Carry over the logs, make the target a library of its own, and return what it holds."""
    before = Contents.of(source)
    carry_logs(source, target)
    target.refresh()
    target.identity.set_origin(Origin(origin.library, origin.place, _standing(target)))
    made = Contents.of(target)
    _compare(before, made, Contents.of(source), target.location)
    return made


def _compare(before: Contents, made: Contents, after: Contents, place: str) -> None:
    """Refuse a copy that has not what its source had, which was used meanwhile."""
    for field, low, here, high in zip(
        fields(made), astuple(before), astuple(made), astuple(after), strict=True
    ):
        if not min(low, high) <= here <= max(low, high):
            raise Conflict(
                f"{place} has {here:,} {field.name}, its source {high:,}: run the same `magpie "
                "copy` again, and `magpie verify` where that does not help"
            )


def _standing(store: Store) -> str:
    """Return a text that changes with everything that people do with a library."""
    return f"{store.photos.state()} {store.events.count()} {store.searches.count()}"
