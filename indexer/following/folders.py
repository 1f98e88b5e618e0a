"""The folders below others, as a watcher has to follow them."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is to follow.

    Attributes:
        folders: how many real folders, those behind links and hidden ones included.
        devices: numbers (st_dev) of the file systems that they are on.
    """

    folders: int
    devices: frozenset[int]


def survey(tops: Iterable[Path]) -> Survey:
    """Count the folders of which a watcher needs to be told; those nobody may list do not count."""
    seen: set[tuple[int, int]] = set()
    stack = list(tops)
    while stack:
        folder = stack.pop()
        try:
            status = folder.stat()
            identity = status.st_dev, status.st_ino
            if identity not in seen:
                stack.extend(_subfolders(folder))
                seen.add(identity)
        except OSError:  # gone just now, or not to be read
            continue
    return Survey(len(seen), frozenset(device for device, _ in seen))


def _subfolders(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries if _is_folder(entry)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False
