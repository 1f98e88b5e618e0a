"""Copy the files that a CSV names from one folder to another."""

import csv
import filecmp
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer.derived.array_file import replacing
from indexer.errors import BadValue, NotFound
from indexer.photos.finding import Skipped, check_folder
from indexer.photos.paths import absolute, to_path
from indexer.progress import Progress

COLUMN = "path"


@dataclass(frozen=True, slots=True)
class CopiedFiles:
    """What was done: how many files were copied or there already, and which ones failed."""

    copied: int
    unchanged: int
    failed: tuple[Skipped, ...]


def read_names(file: Path) -> list[str]:
    """Return the names in a CSV's column "path", or in its first column if none is called that.

    Raises:
        NotFound: there is no such file.
        BadValue: it is not CSV in UTF-8.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = [row for row in csv.reader(lines) if row]
    except FileNotFoundError:
        raise NotFound(f"no file {str(file)!r}: check the name") from None
    except (OSError, ValueError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadValue(f"cannot read {str(file)!r} as CSV in UTF-8: {reason}") from None
    if rows and COLUMN in rows[0]:
        column = rows[0].index(COLUMN)
        return [row[column] for row in rows[1:] if column < len(row)]
    return [row[0] for row in rows]


def copy_files(names: Iterable[str], source: Path, target: Path, progress: Progress) -> CopiedFiles:
    """Copy files, keeping their folders and times; no other file in `target` is ever changed.

    Args:
        names: relative to `source`, or absolute and below it; duplicates are copied once.
        source: a folder.
        target: a folder, made if missing.
        progress: told about every file that is done.

    Raises:
        NotFound, BadValue: `source` cannot be read, or `target` cannot be made.
    """
    top = check_folder(source)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadValue(f"cannot make folder {str(target)!r}: {error.strerror}") from None
    wanted = list(dict.fromkeys(names))
    copied, failed = 0, []
    with progress.over(len(wanted), "copying"):
        for name in wanted:
            try:
                copied += _copy(name, top, absolute(target))
            except BadValue as trouble:
                failed.append(Skipped(name, str(trouble)))
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else None
                failed.append(Skipped(name, reason or str(error)))
            progress.advance(1)
    return CopiedFiles(copied, len(wanted) - copied - len(failed), tuple(failed))


def _copy(name: str, source: Path, target: Path) -> bool:
    """Copy one file; return False if the same file is there already."""
    origin = source / to_path(name)
    relative = Path(os.path.normpath(origin)).relative_to(source)  # ValueError: not below it
    if not origin.is_file():
        raise BadValue("is not a file" if origin.exists() else "is not there")
    copy = target / relative
    if copy.exists():
        if filecmp.cmp(origin, copy, shallow=False):
            return False
        raise BadValue(f"another file is at {str(copy)!r}: remove it or choose another folder")
    with origin.open("rb") as content, replacing(copy) as file:
        shutil.copyfileobj(content, file)
    shutil.copystat(origin, copy)
    return True
