"""Put into a store what the photos of the page's tests do not give.

A cat that is a frame of a film, a damaged coffee, numbers of files that were left out, and a file
that could not be read.
"""

import sys
from dataclasses import replace
from pathlib import Path

from indexer.records import File, LeftOut
from indexer.stores import open_store

FIELDS = {"chelsea.png": {"duration": 42.4}, "coffee.png": {"damaged": True}}
LEFT_OUT = [LeftOut("/pictures", ".mp4", 280), LeftOut("/pictures", ".txt", 32)]


def main() -> None:
    """Change the store at the URL that is given."""
    store = open_store(sys.argv[1])
    for photo in list(store.photos.scan()):
        fields = FIELDS.get(Path(photo.paths[0]).name)
        if fields:
            assert store.photos.put([replace(photo, **fields)]) == []
    store.files.left_out.put(LEFT_OUT)
    store.files.put([File("/pictures/torn.jpg", 12, 0, reason="not a photo: it ends too early")])
    store.close()


if __name__ == "__main__":
    main()
