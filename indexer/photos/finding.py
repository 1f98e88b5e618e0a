"""From folders to the files in them that are named like photos."""

import os
import stat
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from indexer.errors import BadValue, MagpieError, NotFound
from indexer.photos.excluding import Rules
from indexer.photos.left_out import ending
from indexer.photos.links import links_out, real_path
from indexer.photos.listing import Listing, list_folder
from indexer.photos.pairs import is_file
from indexer.photos.paths import absolute, to_path, to_text
from indexer.photos.sidecars import changed_ns_beside, sidecars_among
from indexer.records import LeftOut, LinksOut


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is named like a photo.

    Attributes:
        path: absolute, as `paths.to_text` writes it.
        others: as in `records.File`; None where they are not known. A change of its sidecar is one
            of the photo.
    """

    path: str
    bytes: int
    modified_ns: int
    changed_ns: int | None = None
    inode: int | None = None
    device: int | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A folder that cannot be listed, or a file that is named like a photo but is not one; why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unwanted:
    """A file or folder that is there, but whose photos nobody wants to find.

    What lies below the folder is not looked at. A file is named like a photo.
    """

    path: str


Entry = Found | Skipped | LeftOut | LinksOut | Unwanted
"""What a walk meets."""


def check_folder(folder: Path) -> Path:
    """Return `folder` as an absolute path.

    Raises:
        NotFound: nothing has that name.
        BadValue: it is not a folder, or may not be listed.
    """
    try:
        with os.scandir(folder):
            return absolute(folder)
    except FileNotFoundError:
        raise NotFound(f"no folder {str(folder)!r}: check the name, mount the disk") from None
    except NotADirectoryError:
        raise BadValue(f"{str(folder)!r} is not a folder: give the folder it lies in") from None
    except (OSError, ValueError) as error:
        raise BadValue(f"cannot list folder {str(folder)!r}: {_reason(error)}") from None


@dataclass(slots=True)
class Checked:
    """What became of the folders that a run was given.

    Attributes:
        usable: absolute paths of those that can be read.
        missing: absolute paths of those that are not there, and how the user gave them.
        unusable: all that cannot be read, with the reason, as the user gave them.
        error: why the last one cannot be read.
    """

    usable: list[Path] = field(default_factory=list)
    missing: dict[Path, str] = field(default_factory=dict)
    unusable: list[Skipped] = field(default_factory=list)
    error: MagpieError = field(default_factory=lambda: BadValue("no folder given: name one"))


def check_folders(folders: Iterable[Path | str]) -> Checked:
    """Tell the folders that can be read from those that cannot."""
    checked = Checked()
    for folder in folders:
        try:
            if folder == "":  # an unset variable; Path would take it for the current folder
                raise BadValue("'' is not the name of a folder: give one, or . for the current one")
            checked.usable.append(check_folder(Path(folder)))
        except MagpieError as trouble:
            given = to_text(Path(folder))
            if isinstance(trouble, NotFound):
                checked.missing[absolute(Path(folder))] = given
            checked.error = trouble
            checked.unusable.append(Skipped(given, str(trouble)))
    return checked


def find(
    folders: Sequence[Path],
    own: str = "",
    exclude: Sequence[str] = (),
    follow_links: bool = True,
) -> Iterator[Entry]:
    """Yield every photo below `folders` once, in an order that depends only on names.

    After the photos of each folder come those that are unwanted, the numbers of its files that are
    not named like photos, and those of its links that lead out of all `folders`.

    The files of a folder come before its subfolders, both by name. Folders behind symbolic links
    come last, so that no file is found by a link instead of by its real path, and each real folder
    is walked once. Hidden files and folders (".thumbnails", "._x.jpg"), those of systems, what
    `excluding` leaves out, and companions of photos (see `pairs`) are not found and not counted.
    `folders` themselves may be hidden, of the system, or left out by a folder above them.

    Args:
        folders: what to walk, with all folders below.
        own: how the paths of the store's own files begin, which are not counted; "" = it has none.
        exclude: patterns as in .gitignore, relative to each of `folders`.
        follow_links: whether what is behind symbolic links is wanted; `folders` may be links.

    Raises:
        BadValue: one of `exclude` is not a pattern.
    """
    tops = [absolute(folder) for folder in folders]
    pending = deque((str(top), Rules.of(top, exclude)) for top in tops)
    within = tuple(real_path(to_text(top)) for top in tops)
    walk = _Walk(own, follow_links, within)
    while pending:
        pending.extend((yield from walk.below(*pending.popleft())))


def revisit(paths: Iterable[str]) -> Iterator[Found | Skipped]:
    """Yield files that were found before as they are now, in the order of `find`.

    Files that are gone are left out.
    """
    for folder, files in groupby(sorted(paths, key=_walking), lambda path: path.rpartition("/")[0]):
        sidecars = _sidecars_in(to_path(f"{folder}/"))
        for path in files:
            file = to_path(path)
            try:
                file.lstat()
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError:  # permission denied, say: `_look` gives the reason
                pass
            yield _with_sidecar(_look(path, file.stat), file.name, sidecars)


def _sidecars_in(folder: Path) -> Mapping[str, os.DirEntry[str]]:
    with suppress(OSError), os.scandir(folder) as entries:
        return sidecars_among(entries)
    return {}


def _walking(path: str) -> str:
    """A key that sorts paths as `find` meets them: files before subfolders."""
    folder, _, name = path.rpartition("/")
    return "\0".join([f"\U0010ffff{part}" for part in folder.split("/")] + [name])


@dataclass(frozen=True, slots=True)
class _Walk:
    """What is shared by the walks of all folders of a run.

    Attributes:
        own, follow_links: as in `find`.
        within: real paths of the folders of the run, as text.
        seen: (device, inode) of the folders that were walked; it grows.
    """

    own: str
    follow_links: bool
    within: tuple[str, ...]
    seen: set[tuple[int, int]] = field(default_factory=set)

    def below(self, top: str, rules: Rules) -> Generator[Entry, None, Sequence[tuple[str, Rules]]]:
        """Yield what lies below `top` and return the linked folders met there, unwalked."""
        links: list[tuple[str, Rules]] = []
        stack = [(top, rules)]  # no recursion: nesting is as deep as a file system likes
        while stack:
            folder, rules = stack.pop()
            try:
                listing = self._list_once(folder, rules)
            except OSError as error:
                yield Skipped(to_text(folder), _reason(error))
                continue
            yield from _look_at(listing)
            yield from map(Unwanted, map(to_text, listing.unwanted))
            yield from self._others(folder, listing.others)
            yield from links_out(folder, listing, self.within)
            for entry in reversed(listing.folders):
                if not entry.is_symlink():
                    stack.append((entry.path, listing.rules))
            links += [(one.path, listing.rules) for one in listing.folders if one.is_symlink()]
        return links

    def _list_once(self, folder: str, rules: Rules) -> Listing:
        """Return what lies in `folder`, or nothing if it was listed before."""
        status = Path(folder).stat()
        identity = (status.st_dev, status.st_ino)
        if identity in self.seen:
            return Listing(rules)
        self.seen.add(identity)
        listing = list_folder(folder, rules)
        return listing if self.follow_links else listing.without_links()

    def _others(self, folder: str, files: Iterable[os.DirEntry[str]]) -> Iterator[LeftOut]:
        names = (one.name for one in files if self._counts(one))
        for name, number in Counter(map(ending, names)).items():
            yield LeftOut(to_text(folder), name, number)

    def _counts(self, entry: os.DirEntry[str]) -> bool:
        return not (self.own and entry.path.startswith(self.own)) and is_file(entry)


def _look_at(listing: Listing) -> Iterator[Found | Skipped]:
    sidecars = sidecars_among(listing.others)
    for entry in listing.photos:
        yield _with_sidecar(_look(to_text(entry.path), entry.stat), entry.name, sidecars)


def _with_sidecar(
    found: Found | Skipped, name: str, sidecars: Mapping[str, os.DirEntry[str]]
) -> Found | Skipped:
    """Return a file as changed when its sidecar was, if that was later."""
    if not sidecars or not isinstance(found, Found) or found.changed_ns is None:
        return found
    latest = max(found.changed_ns, changed_ns_beside(name, sidecars))
    return replace(found, changed_ns=latest)


def _look(path: str, look: Callable[[], os.stat_result]) -> Found | Skipped:
    try:
        status = look()
    except OSError as error:
        return Skipped(path, _reason(error))
    if not stat.S_ISREG(status.st_mode):
        return Skipped(path, "not a regular file")
    return Found(
        path,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        _signed(status.st_ino),
        _signed(status.st_dev),
    )


def _signed(number: int) -> int:
    """Return a number of up to 64 bits as stores can hold it."""
    return (number + 2**63) % 2**64 - 2**63


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
