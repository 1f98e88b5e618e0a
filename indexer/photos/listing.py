"""What lies in one folder: the files that may be photos, the folders to walk, and the unwanted."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from indexer.photos.excluding import IGNORE_FILE, NO_MEDIA, Rules, is_system_folder
from indexer.photos.formats import endings
from indexer.photos.pairs import companions, is_file

ENDINGS = tuple(endings())
"""Of the names of photos, lower case."""


def is_photo_name(name: str) -> bool:
    """Tell whether a file of this name counts as a photo: by its ending, unless it is hidden."""
    return name.lower().endswith(ENDINGS) and not name.startswith(".")


@dataclass(slots=True)
class Listing:
    """What lies in one folder, by name.

    Attributes:
        rules: that hold in it.
        photos: files that are named like photos, without companions of others.
        others: the other files, without companions of photos.
        folders: those to walk.
        unwanted: paths of what `Unwanted` names.
    """

    rules: Rules
    photos: list[os.DirEntry[str]] = field(default_factory=list)
    others: list[os.DirEntry[str]] = field(default_factory=list)
    folders: list[os.DirEntry[str]] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)

    def without_links(self) -> "Listing":
        """Return the same where photos and folders behind symbolic links are unwanted."""
        linked = [one.path for one in (*self.photos, *self.folders) if one.is_symlink()]
        kept = (
            [one for one in some if not one.is_symlink()] for some in (self.photos, self.others)
        )
        photos, others = kept
        folders = [one for one in self.folders if not one.is_symlink()]
        return Listing(self.rules, photos, others, folders, sorted([*self.unwanted, *linked]))


def list_folder(folder: str, rules: Rules) -> Listing:
    """Look into `folder`, to which `rules` of the folders above it apply.

    Raises:
        OSError: it cannot be listed, or its file of patterns cannot be read. Then nothing is known
            of what it holds: photos that nobody wants found are not found by a mistake.
    """
    with os.scandir(folder) as entries:
        everything = sorted(entries, key=attrgetter("name"))
    hidden = {entry.name: entry for entry in everything if entry.name.startswith(".")}
    if NO_MEDIA in hidden:
        return Listing(rules, unwanted=[folder])
    if IGNORE_FILE in hidden and is_file(hidden[IGNORE_FILE]):
        try:
            rules = rules.within(Path(folder))
        except OSError as error:
            reason = f"cannot read {IGNORE_FILE}: {error.strerror}"
            raise OSError(error.errno, reason) from error
    return _fill(Listing(rules), (entry for entry in everything if entry.name not in hidden))


def _fill(listing: Listing, entries: Iterable[os.DirEntry[str]]) -> Listing:
    """Sort in what is not hidden."""
    files: list[os.DirEntry[str]] = []
    for entry in entries:
        is_folder = _is_folder(entry)
        if _is_wanted(entry, is_folder, listing.rules):
            (listing.folders if is_folder else files).append(entry)
        elif is_folder or is_photo_name(entry.name):
            listing.unwanted.append(entry.path)
    beside = companions(files)
    for entry in files:
        is_photo = is_photo_name(entry.name)
        if entry.name not in beside:
            (listing.photos if is_photo else listing.others).append(entry)
        elif is_photo:
            listing.unwanted.append(entry.path)
    return listing


def _is_wanted(entry: os.DirEntry[str], is_folder: bool, rules: Rules) -> bool:
    if is_folder and is_system_folder(entry.name):
        return False
    return not (rules.layers and rules.leave_out(entry.path, is_folder))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or to what may not be read: `_look` gives the reason
        return False
