"""Give the photos of a library dates, in the order of their names: `dates.py STORE`.

The first ten have none; of the others, five each are of a month, from December 2023 back.
"""

import sys
from dataclasses import replace

from indexer.stores import open_store

UNDATED, EACH, NEWEST = 10, 5, 2023 * 12 + 11


def captured(number: int) -> str | None:
    """Return the capture time of the photo of a number."""
    if number < UNDATED:
        return None
    month = NEWEST - (number - UNDATED) // EACH
    return f"{month // 12}-{month % 12 + 1:02}-{28 - number % EACH:02}T12:00:00"


def main() -> None:
    """Change the store at the URL that is given."""
    store = open_store(sys.argv[1])
    photos = sorted(store.photos.scan(), key=lambda photo: photo.paths[0].rpartition("/")[2])
    dated = [replace(photo, captured=captured(number)) for number, photo in enumerate(photos)]
    assert store.photos.put(dated) == []
    store.close()


if __name__ == "__main__":
    main()
