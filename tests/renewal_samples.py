"""Photos as another network sees them, ready to take the place of a store's own."""

from dataclasses import replace

import numpy as np

from indexer.events import Event
from indexer.kinds import EventKind
from indexer.records import File, StoreInfo

OTHER = StoreInfo("other_model", "1" * 64, 8)
TIME = "2024-05-01T12:00:00.000000Z"


def described_again(some):
    """The same photos as another network sees them: other labels, shorter vectors."""
    random = np.random.default_rng(7)
    for photo in some:
        row = random.standard_normal(OTHER.dimensions).astype(np.float32)
        row /= np.linalg.norm(row)
        yield replace(photo, vector=row, labels=photo.labels[:9], model=OTHER.model)


def fill_next(store, some):
    new = store.renewal.next()
    new.identity.create(OTHER)
    assert new.photos.put(described_again(some)) == []
    new.files.put([File("/a.jpg", 1, 2, photo=some[0].id)])
    new.refresh()
    return new


def click(number, word="griffin"):
    return Event(
        id=f"e{number}", time=TIME, kind=EventKind.CLICK, user="ann", word=word, good=("f" * 32,)
    )
