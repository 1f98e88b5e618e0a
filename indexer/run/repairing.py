"""Remove what `magpie verify` finds broken, so that it is made again: from the store or by runs."""

from collections.abc import Callable, Iterator

from indexer.batches import batched
from indexer.errors import StoreAway
from indexer.photos.presence import is_gone
from indexer.records import StoreInfo
from indexer.run.damage import remove_damaged
from indexer.stores import Store
from indexer.stores.checks import require_complete, require_writable
from indexer.verifying import BadPhoto, known_ids, readable, wrong_documents, wrong_lists

BATCH = 256


def repair(store: Store) -> Iterator[str]:
    """Remove what is damaged and can be made again; yield a line for each thing.

    Derived files are made again when they are needed. Photos that are not as they were written
    are described again by a run that finds one of their files; neighbours are linked by any run.
    What was taught is not touched: it refers to photos by their content.

    Raises:
        ReadOnly: nothing may be written.
        Conflict: as `require_complete`.
        StoreAway: the store cannot be read now, or nothing of it: then no photo is removed.
    """
    if require_complete(store) is None:
        return
    require_writable(store)
    yield from store.mend()
    info = require_complete(store)  # as it is now
    if info is None:
        return
    for path, reason in remove_damaged(store):
        yield f"removed the derived file {str(path)!r} ({reason}): it is made again when needed"
    broken, away, unlinked = _judged(store, info)
    if broken:
        store.photos.delete(broken)
    yield from (f"removed photo {id}: index its folder again, to describe it" for id in broken)
    yield from (f"kept photo {id} as it is, as none of its files is there now" for id in away)
    for ids in batched(unlinked, BATCH):
        store.lists.replace(dict.fromkeys(ids, ()))
    yield from (
        f"emptied the neighbours of photo {id}: `magpie index` fills them" for id in unlinked
    )
    if vouched := store.vouch():
        yield f"gave {vouched:,} photos of an earlier version their checksums"


def _judged(store: Store, info: StoreInfo) -> tuple[list[str], list[str], list[str]]:
    """Return ids of photos to describe again, of such whose files are away, and of wrong lists."""
    there = _with_files(store)
    known = known_ids(store)
    broken, away, unlinked = list[str](), list[str](), list[str]()
    unreadable = 0
    for photo in readable(store, known):
        if isinstance(photo, BadPhoto):
            unreadable += 1
            # What cannot be read is of no use to anybody, whether its files are there or not.
            is_wanted = photo.is_readable and not there(photo.id)
            (away if is_wanted else broken).append(photo.id)
        elif any(wrong_documents(photo, info)):
            (broken if there(photo.id) else away).append(photo.id)
        elif any(wrong_lists(photo, known)):
            unlinked.append(photo.id)
    if len(known) > 1 and unreadable == len(known):
        raise StoreAway(
            f"no photo of {store.location} can be read, so what is damaged belongs to all of them: "
            "put a copy of the store back; no photo was removed"
        )
    return broken, away, unlinked


def _with_files(store: Store) -> Callable[[str], bool]:
    """Return what tells whether a photo has a file that is there now."""
    files: dict[str, list[str]] = {}
    for file in store.files.read():
        if file.photo is not None:
            files.setdefault(file.photo, []).append(file.path)
    return lambda photo: any(not is_gone(path) for path in files.get(photo, ()))
