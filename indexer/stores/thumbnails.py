"""Where the thumbnails of a store lie."""

from pathlib import Path

from indexer.derived.thumbnail_file import ThumbnailFile
from indexer.stores.protocols import PICTURES, Store
from indexer.stores.urls import own_files


def thumbnail_file(store: Store) -> ThumbnailFile:
    """Return the file of a store's thumbnails, which need not exist; nothing is opened.

    Raises:
        NotFound: there is no store.
    """
    own = own_files(store.location)
    return ThumbnailFile(store.derived(PICTURES), Path(own) if own else None)
