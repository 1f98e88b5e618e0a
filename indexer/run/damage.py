"""Damaged derived files of a store: found by reading all of them, and removed to be made again."""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from indexer.derived.array_file import PIECE, damage_of, read_arrays
from indexer.stores import Store

NAMES = ("labels", "facts", "lists", "cells", "annoy", "teaching", "vectors.bin")
"""Derived files that are arrays, of either kind of store; none has all of them."""

FOLDER = "vectors"
"""Of the list of vectors beside an SQLite store."""


def damaged_files(store: Store) -> Iterator[tuple[Path, str]]:
    """Yield the derived files that are not what was written, each with the reason."""
    paths = [store.derived(name) for name in NAMES]
    for path in (*paths, store.derived(FOLDER) / "vectors.bin"):
        reason = damage_of(path) or _damage_of_rows(path)
        if reason:
            yield path, reason


def remove_damaged(store: Store) -> Iterator[tuple[Path, str]]:
    """Do as `damaged_files`, and remove each file, so that it is made again when it is needed."""
    for path, reason in damaged_files(store):
        with suppress(OSError):  # nothing may be written there: it stays, and is told of
            path.unlink(missing_ok=True)
            yield path, reason


def _damage_of_rows(path: Path) -> str:
    """Say what is wrong with the rows of a list of vectors, where they lie in a file."""
    found = read_arrays(path)
    if found is None or not {"file", "end"} <= set(found.arrays):
        return ""
    (name,) = found.arrays["file"].tolist()
    count, dimensions, whole = found.arrays["end"].tolist()
    left, checksum = 4 * count * dimensions, 0
    with suppress(OSError), path.with_name(name.decode()).open("rb") as file:
        while left > 0 and (content := file.read(min(left, PIECE))):
            checksum, left = zlib.crc32(content, checksum), left - len(content)
        if checksum != whole:
            return f"its rows in {name.decode()!r} are not what was written"
    return ""
