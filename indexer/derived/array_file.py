"""The format of derived files: several arrays in one memory-mapped file that is replaced at once.

Layout: the arrays one after another, each starting at a multiple of 64 bytes; then a directory
(JSON: state, and for each array name, dtype, shape, offset, CRC-32 of all and of each block, which
earlier versions lack); then 16 bytes: `MAGIC`, length and CRC-32 of the directory. The directory
comes last so that arrays can be written as a stream, and so that a file that was cut short is
recognised by its end.
"""

import json
import math
import os
import secrets
import shutil
import struct
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.derived.checksums import BlockChecksums, looks_sound

MAGIC = b"MAGPIE01"
TAIL = struct.Struct("<8sII")
ALIGNMENT = 64
PIECE = 1 << 24
"""Bytes that are read at a time to check a whole file."""

LEFTOVER_SECONDS = 3600
"""An unfinished file older than this belongs to a process that died while writing it."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """The content of one file: read-only arrays by name, and the state of what they mirror."""

    state: str
    arrays: Mapping[str, NDArray[Any]]


class SavedArrays:
    """A dataclass of arrays only, which are the arrays of a file."""

    @classmethod
    def load(cls, path: Path) -> tuple[Self, str] | None:
        """Map a saved one into memory; return it with its state, None if missing or damaged."""
        found = read_arrays(path)
        if found is None or set(found.arrays) != set(cls.__annotations__):
            return None
        return cls(**found.arrays), found.state

    def save(self, path: Path, state: str) -> None:
        """Replace the file at `path`.

        Raises:
            OSError: the disk is full or refuses.
        """
        write_arrays(path, state, {name: [getattr(self, name)] for name in self.__annotations__})


def read_arrays(path: Path) -> Arrays | None:
    """Map the arrays of `path` into memory; None if the file is missing or damaged.

    What was read stays valid and unchanged when another process replaces the file.
    """
    try:
        with path.open("rb") as file:
            directory = _read_directory(file)
            arrays = {entry["name"]: _map(file, entry) for entry in directory["arrays"]}
            return Arrays(directory["state"], arrays)
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None


def write_arrays(path: Path, state: str, arrays: Mapping[str, Iterable[NDArray[Any]]]) -> None:
    """Write a file beside `path`, make it durable and put it in the place of `path`.

    Args:
        path: file to make or replace; its folder is made if missing.
        state: any text; `read_arrays` returns it.
        arrays: for each name the blocks, at least one, that make up the array along its first axis;
            they are taken one at a time, so that an array may be larger than memory.

    Raises:
        OSError: the disk is full or refuses; what was at `path` stays as it was.
    """
    with replacing(path) as file:
        entries = [_write_array(file, name, blocks) for name, blocks in arrays.items()]
        directory = json.dumps({"state": state, "arrays": entries}).encode()
        file.write(directory)
        file.write(TAIL.pack(MAGIC, len(directory), zlib.crc32(directory)))


def damage_of(path: Path) -> str:
    """Say what is wrong with a file of arrays, reading all of it; "" if it is sound or missing."""
    try:
        with path.open("rb") as file:
            for entry in _read_directory(file)["arrays"]:
                count = math.prod(entry["shape"]) * np.dtype(entry["dtype"]).itemsize
                if _checksum(file, entry["offset"], count) != entry["crc32"]:
                    return f"its array {entry['name']!r} is not what was written"
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    except (ValueError, KeyError, TypeError, struct.error):
        return "its end is not what was written"
    return ""


def _checksum(file: IO[bytes], offset: int, count: int) -> int:
    file.seek(offset)
    checksum = 0
    while count > 0 and (content := file.read(min(count, PIECE))):
        checksum, count = zlib.crc32(content, checksum), count - len(content)
    return checksum


def _read_directory(file: IO[bytes]) -> dict[str, Any]:
    file.seek(-TAIL.size, os.SEEK_END)
    magic, length, checksum = TAIL.unpack(file.read(TAIL.size))
    if magic != MAGIC:
        raise ValueError("not an array file, or cut short")
    file.seek(-TAIL.size - length, os.SEEK_END)
    text = file.read(length)
    if zlib.crc32(text) != checksum:
        raise ValueError("damaged directory")
    directory: dict[str, Any] = json.loads(text)
    return directory


def _map(file: IO[bytes], entry: Mapping[str, Any]) -> NDArray[Any]:
    shape, dtype = tuple(entry["shape"]), np.dtype(entry["dtype"])
    if 0 in shape:  # an empty array cannot be mapped
        return np.zeros(shape, dtype)
    array = np.asarray(np.memmap(file, dtype, "r", entry["offset"], shape))
    if not looks_sound(_bytes(array), entry["crc32"], entry.get("blocks", ())):
        raise ValueError("damaged array")
    return array


def _write_array(file: IO[bytes], name: str, blocks: Iterable[NDArray[Any]]) -> dict[str, Any]:
    file.write(bytes(-file.tell() % ALIGNMENT))
    offset, length, checksums = file.tell(), 0, BlockChecksums()
    for block in blocks:
        content = _bytes(block)
        file.write(content)
        checksums.add(content)
        length += len(block)
    return {
        "name": name,
        "dtype": block.dtype.str,
        "shape": (length, *block.shape[1:]),
        "offset": offset,
        "crc32": checksums.whole,
        "blocks": checksums.blocks,
    }


def _bytes(array: NDArray[Any]) -> memoryview | bytes:
    return np.ascontiguousarray(array).data.cast("B") if array.size else b""


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that takes the place of `path` once everything is safely on disk.

    It gets the permissions of the file it replaces.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(path)
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        with new.open("xb") as file:
            with suppress(FileNotFoundError):
                shutil.copymode(path, new)
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _remove_leftovers(path: Path) -> None:
    # Files of the user, with similar names, may lie beside what magpie export writes.
    for leftover in path.parent.glob(f"{escape(path.name)}.{'[0-9a-f]' * 8}.new"):
        with suppress(FileNotFoundError):  # its process is alive and has just finished
            if leftover.stat().st_mtime < time.time() - LEFTOVER_SECONDS:
                leftover.unlink()
