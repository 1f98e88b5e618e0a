"""Files that belong to a photo beside them: its raw, and the film that a phone took with it."""

import os
from collections.abc import Sequence

from indexer.photos.formats import heif, jpeg, raw

PHOTOS = (*jpeg.FAMILY.endings, *heif.FAMILY.endings)
"""Endings of photos that have companions, lower case."""

RAWS = raw.FAMILY.endings

FILMS = (".mov", ".mp4", ".m4v", ".mp")
"""Of Live Photos (Apple) and motion photos (Google, Samsung). Takeout of Google Photos has
PXL_1.MP beside PXL_1.MP.jpg."""

MOST_BYTES = 20_000_000
"""A larger film of the same name is a film. Files are not opened to be found, so size stands for
length: the three seconds of a Live Photo take 2 to 8 MB."""


def companions(files: Sequence[os.DirEntry[str]]) -> set[str]:
    """Return the names of those files of one folder that belong to a photo among them.

    They have the name of the photo up to its ending, in any case. Raws do if they can be read here
    or not: to install what reads them would not make them photos of their own.
    """
    candidates = [one for one in files if one.name.lower().endswith((*RAWS, *FILMS))]
    if not candidates:
        return set()
    lower = ((one.name.lower(), one) for one in files)
    photos = {_stem(name) for name, one in lower if name.endswith(PHOTOS) and is_file(one)}
    return {one.name for one in candidates if _belongs(one, photos)}


def is_file(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a regular file, or leads to one."""
    try:
        return entry.is_file()
    except OSError:  # a link that leads nowhere
        return False


def _belongs(entry: os.DirEntry[str], photos: set[str]) -> bool:
    name = entry.name.lower()
    if _stem(name) not in photos and not (name.endswith(".mp") and name in photos):
        return False
    if name.endswith(RAWS):
        return True
    try:
        return entry.stat().st_size <= MOST_BYTES
    except OSError:
        return False


def _stem(name: str) -> str:
    return name.rpartition(".")[0]
