"""What sidecars tell by now of photos that are in the library already."""

from collections.abc import Mapping
from dataclasses import replace

from indexer.errors import StoreAway
from indexer.photos.exif import Facts
from indexer.photos.places import place_of
from indexer.records import Photo
from indexer.stores import Store

_ATTEMPTS = 20
"""How often a change is tried while other writers get in the way."""

_AT_ONCE = 500
"""Photos changed in one write."""


def tell(store: Store, told: Mapping[str, Facts]) -> None:
    """Write time, camera and place of photos, where they are others now.

    Raises:
        StoreAway: the store refuses them, or others write them again and again.
    """
    ids = sorted(told)
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        for _ in range(_ATTEMPTS):
            part = _try_to_tell(store, part, told)
            if not part:
                break
        else:
            raise StoreAway(f"{len(part)} photos in {store.location} kept changing: index again")


def _try_to_tell(store: Store, ids: list[str], told: Mapping[str, Facts]) -> list[str]:
    """Write once; return what somebody else changed meanwhile."""
    photos = store.photos.get(ids).values()
    changed = [now for photo in photos if (now := _with(photo, told[photo.id])) != photo]
    failures = store.photos.put(changed) if changed else []
    for failure in failures:
        if not failure.conflict:
            raise StoreAway(f"{store.location} refused {failure.id}: {failure.reason}")
    return [failure.id for failure in failures]


def _with(photo: Photo, told: Facts) -> Photo:
    return replace(
        photo,
        captured=told.captured,
        camera=told.camera,
        location=told.location,
        place=place_of(told.location),
    )
