"""A library with some of everything in it, and everything in a store, for comparison."""

import json
from typing import Any

import numpy as np
from store_samples import DIMENSIONS, INFO, photos

from indexer.events import Event, Learned, Upload
from indexer.kinds import EventKind
from indexer.queries import Searched
from indexer.records import File, Label, LeftOut, LinksOut, Photo
from indexer.stores import Store, documents, events

TIME = "2024-05-01T12:00:00.000000Z"


def event(number: int) -> Event:
    """An event with all its fields, among them an example that is not in the library."""
    vector = np.linspace(-1, 1, DIMENSIONS, dtype=np.float32)
    upload = Upload(
        f"{number:032x}", "b.jpg", (Label("n02391049", 0.5),), vector, b"\xff\xd8\x00jpeg"
    )
    return Event(
        id=f"{number:016x}",
        time=TIME,
        kind=EventKind.CLICK,
        user=f"user {number % 3}",
        word="griffin",
        query="Griffins!",
        good=(f"{number:032x}",),
        bad=("0b" * 16,),
        shown=("0b" * 16,),
        uploads=(upload,),
    )


def searched(number: int) -> Searched:
    """One of two searches; none may be lost although they are alike."""
    return Searched(TIME, "anonymous", f"query {number % 2}", False, ("zorbla",), 0, 1.5)


def word(name: str) -> Learned:
    return Learned(name, 3, 1, 1, 2, TIME, ("0a" * 16,))


def files_of(found: list[Photo]) -> list[File]:
    """The records of the files of photos, and of one that could not be read."""
    bad = File(
        "/photos/\U0001f993\U0010ff80 bad.jpg", 7, 1_700_000_000_123_456_789, reason="no image"
    )
    good = [
        File(
            path, one.bytes, 1_700_000_000_987_654_321, one.id, None, 1_700_000_001, 264_011, 2_049
        )
        for one in found
        for path in one.paths
    ]
    return [bad, *good]


def fill(store: Store, count: int, seed: int = 0) -> list[Photo]:
    """Make a library of `count` photos, events and searches, and two words."""
    store.identity.create(INFO)
    made = photos(count, seed)
    assert store.photos.put(made) == []
    store.files.put(files_of(made))
    store.files.left_out.put([LeftOut("/photos", ".mp4", 3), LeftOut("/photos/a", ".xmp", 2)])
    store.files.links_out.put([LinksOut("/photos", "/mnt/a", 3), LinksOut("/photos", "/mnt/b", 1)])
    store.files.put_roots(["/photos"])
    store.events.append(event(number) for number in range(count, 0, -1))
    store.searches.append(searched(number) for number in range(count))
    store.learned.replace([word("griffin"), word("zorbla")], store.events.state())
    store.refresh()
    return made


def logs(store: Store) -> tuple[Any, ...]:
    """Events, searches and words of a store, in its order."""
    found = [json.dumps(events.to_document(one)) for one in store.events.read()]
    return found, list(store.searches.read()), store.learned.read()


def everything(store: Store) -> tuple[Any, ...]:
    """Everything that a store holds, documents as text, so that a single bit is noticed."""
    store.refresh()
    whole = [json.dumps(documents.to_document(one)) for one in store.photos.scan()]
    return (
        whole,
        list(store.files.read()),
        store.files.left_out.read(),
        store.files.links_out.read(),
        store.files.roots(),
        *logs(store),
    )
