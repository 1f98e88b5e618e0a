"""The files of an SQLite store on disk, and which of several is in use.

A store has one file at first. When another network describes its photos, it fills a file beside it
(`photos.db.network-2`), and the store's name becomes a symbolic link, which is swapped in one step.
SQLite names its write-ahead log after the file behind the link: readers that still have the old
file open continue there, and the logs of the two never mix.
"""

import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from indexer.errors import Conflict
from indexer.stores.protocols import PICTURES

FIRST = 1
NUMBERED = ".network-"
LOGS = ("-wal", "-shm")
EVENTS = ".events"

DERIVED = ("labels", "facts", "vectors", "teaching", "lists", "cells", "annoy")
"""Names of the files beside the store that are made from it."""


def named(path: Path) -> Path:
    """Return the absolute path that a store is known by, whatever links lead to it.

    Links are followed up to the store's own one, so that everyone who uses it shares its lock.
    """
    for _ in range(40):  # as Linux does
        path = Path(os.path.realpath(path.parent)) / path.name
        link = _link(path)
        if link is None or _number(path, str(link)):
            return path
        path = path.parent / link
    return path


def in_use(path: Path) -> Path:
    """Return the file that the name `path` stands for now; it need not exist."""
    return path.parent / (_link(path) or path.name)


def number_in_use(path: Path) -> int:
    """Return the number of the file in use, from 1."""
    return _number(path, in_use(path).name) or FIRST


def numbered(path: Path, number: int) -> Path:
    """Return the file of a number; the first file gets its number when it is replaced."""
    return path.with_name(f"{path.name}{NUMBERED}{number}")


def all_numbered(path: Path) -> dict[int, Path]:
    """Return the store's files that have numbers, by number."""
    found = path.parent.glob(f"{glob.escape(path.name)}{NUMBERED}*")
    return {number: file for file in sorted(found) if (number := _number(path, file.name))}


def beside(file: Path) -> Iterator[Path]:
    """Yield the files and folders that may belong to one file of a store, pictures apart."""
    for log in LOGS:
        yield Path(f"{file}{log}")
    for name in DERIVED:
        yield from file.parent.glob(f"{glob.escape(file.name)}.{name}*")


def files(path: Path) -> Iterator[Path]:
    """Yield all files and folders of a store: those of every number, and the copies of events."""
    yield Path(f"{path}{EVENTS}")
    for file in (path, *all_numbered(path).values()):
        yield from (file, *beside(file), Path(f"{file}.{PICTURES}"))


def remove(path: Path, number: int) -> None:
    """Remove one file of a store with everything that belongs to it.

    Raises:
        OSError: it cannot be removed.
    """
    file = numbered(path, number)
    # What lies beside the first file is named after the store.
    owners = [file, path] if number == FIRST else [file]
    for owner in owners:
        for thing in (*beside(owner), Path(f"{owner}.{PICTURES}")):
            with suppress(FileNotFoundError, NotADirectoryError):
                shutil.rmtree(thing) if thing.is_dir() else thing.unlink()
    file.unlink(missing_ok=True)


def point_to(path: Path, file: Path) -> None:
    """Make the name `path` stand for another file, in one step; the old file is kept.

    Nobody may write to the old file while this runs.

    Raises:
        OSError: the folder does not support links, or cannot be written.
        Conflict: a file is in the way.
    """
    if not path.is_symlink():
        _keep_first(path)
    link = path.with_name(f"{path.name}.link")
    link.unlink(missing_ok=True)
    link.symlink_to(file.name)
    link.replace(path)
    _make_durable(path.parent)
    for log in LOGS:  # processes that have the old file open keep these open too
        Path(f"{path}{log}").unlink(missing_ok=True)


def _keep_first(path: Path) -> None:
    """Give the first file, and its log of what SQLite has not folded into it, numbered names."""
    kept = numbered(path, FIRST)
    if kept.exists() and not kept.samefile(path):
        raise Conflict(f"{kept} is in the way: move it, the store's first file needs that name")
    for ending in ("", "-wal"):
        source, target = Path(f"{path}{ending}"), Path(f"{kept}{ending}")
        if source.exists():
            target.unlink(missing_ok=True)  # left by a run that died here
            target.hardlink_to(source)


def _link(path: Path) -> Path | None:
    """Where a link leads; None where there is none, or it cannot be read."""
    try:
        return path.readlink()
    except OSError:
        return None


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _number(path: Path, name: str) -> int:
    """The number in the name of one of the store's files; 0 for any other name."""
    number = name.removeprefix(f"{path.name}{NUMBERED}")
    return int(number) if number != name and number.isascii() and number.isdecimal() else 0
