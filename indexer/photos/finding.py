"""From folders to the files in them that are named like photos."""

import os
import stat
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import BadValue, MagpieError, NotFound
from indexer.photos.paths import absolute, to_path, to_text

ENDINGS = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    *(".heic", ".heif"),
)

# Thumbnails, recycle bins and the like of Synology, QNAP, Windows, macOS archives and ext4: copies
# that nobody wants to find, or folders that no user may read.
SYSTEM_FOLDERS = frozenset(
    {
        *("@eaDir", "#recycle", "@Recycle", "$RECYCLE.BIN", "System Volume Information"),
        *("__MACOSX", "lost+found"),
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is named like a photo.

    Attributes:
        path: absolute, as `paths.to_text` writes it.
        bytes: its size.
        modified_ns: modification time, nanoseconds since 1970 in UTC.
    """

    path: str
    bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A folder that cannot be listed, or a file that is named like a photo but is not one; why."""

    path: str
    reason: str


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


def check_folders(folders: Iterable[Path | str]) -> tuple[list[Path], list[Skipped]]:
    """Return the absolute paths of folders, and those that cannot be read, with the reason.

    Raises:
        NotFound, BadValue: none of them can be read, or there is none.
    """
    usable: list[Path] = []
    unusable: list[Skipped] = []
    error: MagpieError = BadValue("no folder given: name at least one")
    for folder in folders:
        try:
            if folder == "":  # an unset variable; Path would take it for the current folder
                raise BadValue("'' is not the name of a folder: give one, or . for the current one")
            usable.append(check_folder(Path(folder)))
        except MagpieError as trouble:
            error = trouble
            unusable.append(Skipped(to_text(Path(folder)), str(trouble)))
    if not usable:
        raise error
    return usable, unusable


def is_photo_name(name: str) -> bool:
    """Tell whether a file of this name counts as a photo: by its ending, unless it is hidden."""
    return name.lower().endswith(ENDINGS) and not name.startswith(".")


def find(folders: Sequence[Path]) -> Iterator[Found | Skipped]:
    """Yield every photo below `folders` once, in an order that depends only on names.

    The files of a folder come before its subfolders, both by name. Folders behind symbolic links
    come last, so that no file is found by a link instead of by its real path, and each real folder
    is walked once. Hidden files and folders (".thumbnails", "._x.jpg") and `SYSTEM_FOLDERS` are
    left out; `folders` themselves may be hidden.
    """
    pending = deque(absolute(folder) for folder in folders)
    seen: set[tuple[int, int]] = set()
    while pending:
        pending.extend((yield from _walk(pending.popleft(), seen)))


def revisit(paths: Iterable[str]) -> Iterator[Found | Skipped]:
    """Yield files that were found before as they are now, in the order of `find`.

    Files that are gone are left out.
    """
    for path in sorted(paths, key=_walking):
        file = to_path(path)
        try:
            file.lstat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:  # permission denied, say: `_look` gives the reason
            pass
        yield _look(path, file.stat)


def _walking(path: str) -> str:
    """A key that sorts paths as `find` meets them: files before subfolders."""
    folder, _, name = path.rpartition("/")
    return "\0".join([f"\U0010ffff{part}" for part in folder.split("/")] + [name])


def _walk(
    top: Path, seen: set[tuple[int, int]]
) -> Generator[Found | Skipped, None, Sequence[Path]]:
    """Yield what lies below `top` and return the linked folders met there, unwalked.

    `seen` holds (device, inode) of the folders that were walked, and grows.
    """
    links: list[Path] = []
    stack = [top]  # no recursion: nesting is as deep as a file system likes
    while stack:
        folder = stack.pop()
        try:
            entries = _list_once(folder, seen)
        except OSError as error:
            yield Skipped(to_text(folder), _reason(error))
            continue
        subfolders: list[Path] = []
        for entry in entries:
            if _is_folder(entry):
                (links if entry.is_symlink() else subfolders).append(Path(entry.path))
            elif is_photo_name(entry.name):
                yield _look(to_text(Path(entry.path)), entry.stat)
        stack.extend(reversed(subfolders))
    return links


def _list_once(folder: Path, seen: set[tuple[int, int]]) -> list[os.DirEntry[str]]:
    """Return the entries of `folder` by name, or none if it was listed before."""
    status = folder.stat()
    identity = (status.st_dev, status.st_ino)
    if identity in seen:
        return []
    seen.add(identity)
    with os.scandir(folder) as entries:
        wanted = [entry for entry in entries if not _is_ignored(entry.name)]
    return sorted(wanted, key=lambda entry: entry.name)


def _is_ignored(name: str) -> bool:
    return name.startswith(".") or name in SYSTEM_FOLDERS


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or to what may not be read: `_look` gives the reason
        return False


def _look(path: str, look: Callable[[], os.stat_result]) -> Found | Skipped:
    try:
        status = look()
    except OSError as error:
        return Skipped(path, _reason(error))
    if not stat.S_ISREG(status.st_mode):
        return Skipped(path, "not a regular file")
    return Found(path, status.st_size, status.st_mtime_ns)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
