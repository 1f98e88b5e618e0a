"""Symbolic links that lead out of a library: to which folders, and how many."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.photos.listing import Listing
from indexer.photos.pairs import is_file
from indexer.photos.paths import is_within, to_path, to_text
from indexer.records import LinkCounts, LinksOut


def links_out(folder: str, listing: Listing, within: Sequence[str]) -> Iterator[LinksOut]:
    """Yield where links in `folder` lead that are followed, if that is outside.

    Args:
        folder: its path.
        listing: what lies in it.
        within: real paths, as text, of the folders in which nothing is outside.
    """
    folders = (os.path.realpath(one.path) for one in listing.folders if one.is_symlink())
    files = (one.path for one in listing.photos if one.is_symlink() and is_file(one))
    beside = (str(Path(os.path.realpath(file)).parent) for file in files)
    places = Counter(map(to_text, (*folders, *beside)))
    for place, number in places.items():
        if not is_within(place, within):
            yield LinksOut(to_text(folder), place, number)


def real_path(folder: str) -> str:
    """Return where a folder lies, without links in its path; both as text."""
    return to_text(os.path.realpath(to_path(folder)))


def in_words(links: LinkCounts, most: int = 6) -> str:
    """Return "/mnt/disk (2), /home/ann (1) and 3 other folders".

    Args:
        links: what is told.
        most: folders that are named.
    """
    folders = list(links.most.items())[:most]
    named = ", ".join(f"{folder} ({number:,})" for folder, number in folders)
    others = links.folders - len(folders)
    return f"{named} and {others:,} other folder{'s' * (others > 1)}" if others > 0 else named
