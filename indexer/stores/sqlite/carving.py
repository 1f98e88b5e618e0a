"""Find the rows of tables in an SQLite file without what says where they are.

Every leaf page of a table lists its own rows, so they are read page by page, whatever became of the
pages above. https://sqlite.org/fileformat2.html has the format; sections in comments are of it.
"""

import mmap
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

Value = int | float | str | bytes | None

LEAF = 0x0D
"""First byte of a page of a table that has rows (1.6)."""

PAGE_SIZES = (4096, 8192)
"""Those that stores have; tried where the file's first page does not say it."""

FILE_HEADER = 100
WAL_HEADER, FRAME_HEADER = 32, 24
MOST_BYTES = 100_000_000
"""Of one row; damaged lengths may be anything."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it lies on a page: its rowid and its columns, of which the rowid's own is None."""

    rowid: int
    values: tuple[Value, ...]


def carve(file: Path) -> Iterator[Row]:
    """Yield all rows of all tables that have rowids, earlier states of some among them.

    Reads the write-ahead log too, also what SQLite leaves out because a checksum before it is
    wrong.
    """
    for part, first, between in ((file, 0, 0), (Path(f"{file}-wal"), WAL_HEADER, FRAME_HEADER)):
        if not part.exists() or not part.stat().st_size:
            continue
        with (
            part.open("rb") as opened,
            mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            for size in _sizes(file):
                yield from _rows(content, size, first, between)


def _sizes(file: Path) -> Sequence[int]:
    with file.open("rb") as opened:
        header = opened.read(FILE_HEADER)
    size = int.from_bytes(header[16:18], "big")
    return (size,) if header[:6] == b"SQLite" and size in PAGE_SIZES else PAGE_SIZES


def _rows(content: mmap.mmap, size: int, first: int, between: int) -> Iterator[Row]:
    for start in range(first + between, len(content) - size + 1, size + between):
        page = content[start : start + size]
        head = FILE_HEADER if start == 0 else 0
        if page[head] != LEAF:
            continue
        count = int.from_bytes(page[head + 3 : head + 5], "big")
        places = page[head + 8 : head + 8 + 2 * min(count, size // 4)]
        for (place,) in struct.iter_unpack(">H", places[: len(places) // 2 * 2]):
            try:
                yield _row(page, place, content if not between else None)
            except (ValueError, IndexError, struct.error):  # not a row, or a damaged one
                continue


def _row(page: bytes, place: int, file: mmap.mmap | None) -> Row:
    length, place = _varint(page, place)
    rowid, place = _varint(page, place)
    if length > MOST_BYTES:
        raise ValueError("no row is so long")
    local = _local(length, len(page))
    payload = page[place : place + local]
    if local < length:
        (following,) = struct.unpack_from(">I", page, place + local)
        payload += _overflow(file, following, length - local, len(page))
    if len(payload) < length:
        raise ValueError("cut short")
    return Row(rowid, tuple(_values(payload)))


def _local(length: int, usable: int) -> int:
    """Return how many bytes of a row lie on its own page (1.6, "cell payload overflow")."""
    most, least = usable - 35, (usable - 12) * 32 // 255 - 23
    if length <= most:
        return length
    kept = least + (length - least) % (usable - 4)
    return kept if kept <= most else least


def _overflow(file: mmap.mmap | None, number: int, length: int, size: int) -> bytes:
    found = b""
    while file is not None and number and len(found) < length:
        page = file[(number - 1) * size : number * size]
        number = int.from_bytes(page[:4], "big")
        if len(page) < size:
            raise ValueError("a page is missing")
        found += page[4:]
    return found[:length]


def _values(payload: bytes) -> Iterator[Value]:
    """Yield the columns of a record (2.1)."""
    end, place = _varint(payload, 0)
    body = end
    while place < end:
        kind, place = _varint(payload, place)
        length = _length(kind)
        raw = payload[body : body + length]
        if len(raw) < length:
            raise ValueError("cut short")
        body += length
        yield _value(kind, raw)


def _length(kind: int) -> int:
    if kind in (10, 11):
        raise ValueError("no such kind of column")
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)[kind] if kind < 12 else (kind - 12) // 2


def _value(kind: int, raw: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind == 7:
        return float(struct.unpack(">d", raw)[0])
    if kind < 7:
        return int.from_bytes(raw, "big", signed=True)
    return raw.decode() if kind % 2 else raw


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """Return a number of 1 to 9 bytes and where it ends (1.6)."""
    number = 0
    for _ in range(8):
        byte = data[place]
        place += 1
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, place
    return number << 8 | data[place], place + 1
