"""An earlier network, and libraries as documents that can be compared."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from indexer.network.describer import Describer
from indexer.network.engines import Description
from indexer.records import StoreInfo
from indexer.stores import Store
from indexer.stores.documents import to_document

PHOTOS = 40
"""Photos of each library."""


class Earlier:
    """Today's network, changed so that it sees other labels and gives 64 numbers."""

    info = StoreInfo("earlier", "ea" * 32, 64)

    def __init__(self, describer: Describer) -> None:
        self._describer = describer
        self._turned = np.random.default_rng(3).standard_normal((1280, 64)).astype(np.float32)
        self.batch, self.side, self.prepare = 8, describer.side, describer.prepare
        self.first_look, self.start = describer.first_look, describer.start

    def describe_all(self, batches: Any) -> Iterator[Description]:
        for seen in self._describer.describe_all(batches):
            vectors = seen.vectors @ self._turned
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            yield Description(seen.probabilities[:, ::-1].copy(), vectors)


def documents(store: Store) -> list[dict[str, Any]]:
    """All photos as documents, and all records of files."""
    photos = [to_document(replace(photo, version=None)) for photo in store.photos.scan()]
    return [*photos, {"files": sorted(store.files.read(), key=lambda file: file.path)}]
