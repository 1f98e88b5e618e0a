"""Copy a library, with everything that people taught and searched for, into another store."""

from contextlib import ExitStack
from dataclasses import astuple, dataclass, fields, replace

from indexer.errors import Conflict, NotFound, StoreAway
from indexer.moving.copy_logs import copy_logs
from indexer.moving.copy_photos import CopyCounts, CopyPass
from indexer.progress import Progress
from indexer.progress.run_lock import only_run
from indexer.records import Origin
from indexer.stores import Store, require_complete
from indexer.stores.event_checksums import left_out

PASSES = 3
"""How often everything is gone through if the source changes meanwhile."""

OTHER = "name a place in --to that holds no library yet"


@dataclass(frozen=True, slots=True)
class Contents:
    """How many of everything a library has; `records.Counts` explains the first three."""

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
class CopiedLibrary:
    """What a copy did, and what the target holds now."""

    changes: CopyCounts
    contents: Contents


def copy(source: Store, target: Store, progress: Progress) -> CopiedLibrary:
    """Make `target` the library that `source` is; photo files stay where they are.

    If a call dies, for whatever reason, the same call goes on where it was. A complete copy that
    was not used since gets what came to the source in the meantime. Runs of `magpie index` on this
    machine wait until the copy is done; clicks and searches in the source do not.

    Raises:
        NotFound: there is no library `source`.
        Conflict: `target` is the source itself or holds something else; or in the end it does not
            have as many of everything as the source.
        BadValue: the target refused some photos for what is in them.
        StoreAway: a store went away, or another machine keeps writing.
    """
    with ExitStack() as runs:
        # In a fixed order, so that copies in both directions do not wait for each other forever.
        for location in sorted({source.location, target.location}):
            runs.enter_context(only_run(location, progress))
        origin = _begin(source, target)
        changes = _sync(source, target, progress)
        return CopiedLibrary(changes, _finish(source, target, origin, progress))


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
            f"{target.location} is a copy of {origin.place} as it was then, another library than "
            f"the one in {source.location}: {OTHER}"
        )
    if origin.copied and origin.copied != _standing(target):
        raise Conflict(f"{target.location} was used after it was copied: {OTHER}")
    target.identity.set_origin(begun)
    return begun


def _need_empty(target: Store, begun: Origin) -> None:
    if target.identity.info():
        _need_other(target, begun)
        number = target.photos.count()
        raise Conflict(f"{target.location} is already a library of {number:,} photos: {OTHER}")
    if target.events.count() or target.searches.count():
        raise Conflict(f"{target.location} holds what was taught to another library: {OTHER}")


def _need_other(target: Store, begun: Origin) -> None:
    if target.identity.token() == begun.library:
        raise Conflict(f"{target.location} is {begun.place} itself or the same file: {OTHER}")


def _sync(source: Store, target: Store, progress: Progress) -> CopyCounts:
    """Go through all photos until no other machine writes to the source meanwhile."""
    done = CopyCounts()
    for _ in range(PASSES):
        source.refresh()
        target.refresh()
        before = source.photos.state()
        changes = CopyPass(source, target, progress).run()
        done.written += changes.written
        done.removed += changes.removed
        if not changes.raced and source.photos.state() == before:
            return done
    raise StoreAway(
        f"another machine keeps writing to {source.location} or {target.location}: end its run, "
        "then run the same command again, which goes on where it was"
    )


def _finish(source: Store, target: Store, origin: Origin, progress: Progress) -> Contents:
    """Copy the logs, make the target a library of its own, and return what it holds."""
    before = Contents.of(source)
    bad = copy_logs(source, target)
    before = replace(before, events=before.events - len(bad))
    if bad:
        progress.say(left_out(bad))
    target.refresh()
    target.identity.set_origin(Origin(origin.library, origin.place, _standing(target)))
    made = Contents.of(target)
    _compare(before, made, Contents.of(source), target.location)
    return made


def _compare(before: Contents, made: Contents, after: Contents, place: str) -> None:
    """Refuse a copy that lacks something; its source may have been used meanwhile."""
    for field, low, here, high in zip(
        fields(made), astuple(before), astuple(made), astuple(after), strict=True
    ):
        if not min(low, high) <= here <= max(low, high):
            raise Conflict(
                f"{place} has {here:,} {field.name}, its source {high:,}: run the same `magpie "
                "copy` again, and `magpie verify` if that does not help"
            )


def _standing(store: Store) -> str:
    """Return a text that changes with everything that people do with a library."""
    return f"{store.photos.state()} {store.events.count()} {store.searches.count()}"
