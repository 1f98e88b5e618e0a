"""The files of `magpie labels` and `magpie features`: a row of numbers, path and id for each photo.

An .npz file, as `numpy.load` reads it, or a pickle of the same arrays by name if the file's name
says so. Rows are collected on disk first, because a file begins with their number.
"""

import pickle
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from indexer.derived.array_file import ALIGNMENT, replacing
from indexer.errors import BadValue, NotFound
from indexer.records import Matrix

PICKLES = (".pickle", ".pkl")
BLOCK_BYTES = 1 << 24
BLOCK_TEXTS = 4096

_DAMAGED = (
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, EOFError, MemoryError),
    *(zipfile.BadZipFile, pickle.PickleError, struct.error, zlib.error),
)
"""What the readers of zip files, arrays and pickles raise for damaged or other files."""

Row = tuple[str, str, NDArray[np.float32]]
"""Path and id of a photo, and its numbers, float32, shape (d,)."""


@dataclass(slots=True)
class _Spool:
    """Rows on disk, in files without a name that vanish with the process."""

    numbers: IO[bytes]
    texts: Mapping[str, IO[bytes]]
    longest: dict[str, int]
    rows: int = 0
    columns: int = 0

    def add(self, path: str, id: str, numbers: NDArray[np.float32]) -> None:
        self.numbers.write(numbers.tobytes())
        for name, text in zip(self.texts, (path, id), strict=True):
            self.texts[name].write(text.encode() + b"\0")  # a byte that no path can contain
            self.longest[name] = max(self.longest[name], len(text))
        self.rows, self.columns = self.rows + 1, len(numbers)

    def map(self) -> Matrix:
        self.numbers.flush()
        return _map(self.numbers, np.dtype(np.float32), (self.rows, self.columns))

    def blocks(self, name: str) -> Iterator[NDArray[np.str_]]:
        """Yield the texts of one name, in order."""
        file = self.texts[name]
        file.seek(0)
        texts: list[str] = []
        for text in _split(file):
            texts.append(text)
            if len(texts) == BLOCK_TEXTS:
                yield np.array(texts, f"U{self.longest[name]}")
                texts = []
        yield np.array(texts, f"U{self.longest[name]}")


def write_rows(out: Path, name: str, rows: Iterable[Row], facts: Mapping[str, NDArray[Any]]) -> int:
    """Write rows to `out`, in memory that does not grow with them; return how many there were.

    The file holds `name`: float32, shape (n, d); "paths" and "ids": text, shape (n,); and `facts`.
    It takes the place of `out` once it is complete. For a pickle, paths and ids are held in memory.

    Args:
        out: an .npz file unless its name ends in one of `PICKLES`; an older file is replaced.
        rows: if there are none, `out` stays as it was.

    Raises:
        BadValue: the folder of `out` is missing or full, or may not be written.
    """
    try:
        with _spool(out.absolute().parent) as spool:
            for row in rows:
                spool.add(*row)
            if spool.rows:
                with replacing(out) as file:
                    write = _write_pickle if out.suffix.lower() in PICKLES else _write_npz
                    write(file, name, spool, facts)
            return spool.rows
    except OSError as error:
        raise BadValue(f"cannot write {str(out)!r}: {error.strerror or error}") from error


def read_rows(file: Path, name: str) -> Matrix:
    """Return the rows of a file that `write_rows` wrote: float32, shape (n, d).

    Those of an .npz file are mapped, not read, so they may be larger than memory; if they are
    compressed, they are unpacked to disk first. Nothing that a pickle names is run.

    Raises:
        NotFound: there is no such file.
        BadValue: it is of another kind, or does not hold a matrix of that name.
    """
    try:
        is_pickle = file.suffix.lower() in PICKLES
        rows = _read_pickle(file, name) if is_pickle else _map_npz(file, name)
        if rows.ndim != 2 or rows.dtype != np.float32 or not rows.flags.c_contiguous:
            raise ValueError(f"its {name} are {rows.dtype} {rows.shape}, not rows of float32")
        return rows
    except FileNotFoundError:
        raise NotFound(f"no file {str(file)!r}: magpie features IMAGES FILE makes one") from None
    except OSError as error:
        raise BadValue(f"cannot read {str(file)!r}: {error.strerror or error}") from error
    except _DAMAGED as error:
        reason = " ".join(str(error).split())
        raise BadValue(f"{str(file)!r} is not a file of {name}: {reason}") from error


@contextmanager
def _spool(folder: Path) -> Iterator[_Spool]:
    with ExitStack() as stack:
        numbers, *texts = (stack.enter_context(TemporaryFile(dir=folder)) for _ in range(3))
        names = ("paths", "ids")
        yield _Spool(numbers, dict(zip(names, texts, strict=True)), dict.fromkeys(names, 1))


def _split(file: IO[bytes]) -> Iterator[str]:
    rest = b""
    while data := file.read(BLOCK_BYTES):
        *whole, rest = (rest + data).split(b"\0")
        yield from (text.decode() for text in whole)


def _write_npz(
    file: IO[bytes], name: str, spool: _Spool, facts: Mapping[str, NDArray[Any]]
) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        rows = spool.map()
        step = max(1, BLOCK_BYTES // max(rows.strides[0], 1))
        parts = (rows[at : at + step] for at in range(0, len(rows), step))
        _write_member(archive, name, rows.dtype, rows.shape, parts)
        for text, longest in spool.longest.items():
            kind = np.dtype(f"U{longest}")  # 4 bytes a character, which compress well
            _write_member(
                archive, text, kind, (spool.rows,), spool.blocks(text), zipfile.ZIP_DEFLATED
            )
        for fact, array in facts.items():
            _write_member(archive, fact, array.dtype, array.shape, [array])


def _write_member(
    archive: zipfile.ZipFile,
    name: str,
    dtype: np.dtype[Any],
    shape: Sequence[int],
    blocks: Iterable[NDArray[Any]],
    compression: int = zipfile.ZIP_STORED,
) -> None:
    """Write one array block by block; aligned, so that it can be mapped if it is not compressed."""
    entry = zipfile.ZipInfo(f"{name}.npy")
    entry.compress_type = compression
    assert archive.fp is not None
    # A local header of 30 bytes, the name, 20 bytes for sizes over 4 GB, 4 of the padding itself.
    begin = archive.fp.tell() + 30 + len(entry.filename) + 20 + 4
    padding = -begin % ALIGNMENT
    entry.extra = struct.pack("<HH", 0xD935, padding) + bytes(padding)  # as Android's zipalign does
    with archive.open(entry, "w", force_zip64=True) as member:
        header = {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
        npy.write_array_header_2_0(member, header)
        for block in blocks:
            member.write(np.ascontiguousarray(block).tobytes())


def _write_pickle(
    file: IO[bytes], name: str, spool: _Spool, facts: Mapping[str, NDArray[Any]]
) -> None:
    texts = {text: np.concatenate([*spool.blocks(text)]) for text in spool.texts}
    # Protocol 5 writes the numbers straight from the mapped file.
    pickle.dump({name: spool.map()} | texts | dict(facts), file, protocol=5)


def _map_npz(file: Path, name: str) -> NDArray[Any]:
    with zipfile.ZipFile(file) as archive, archive.open(f"{name}.npy") as member:
        entry = archive.getinfo(f"{name}.npy")
        version = npy.read_magic(member)
        read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read_header(member)
        if fortran or dtype.hasobject or 0 in shape:
            raise ValueError(f"{shape} numbers of {dtype} in another order")
        with file.open("rb") as content:
            offset = _content_of(content, entry) + member.tell()
            if entry.compress_type == zipfile.ZIP_STORED and offset % dtype.itemsize == 0:
                return _map(content, dtype, shape, offset)
        with TemporaryFile(dir=file.absolute().parent) as unpacked:
            shutil.copyfileobj(member, unpacked, BLOCK_BYTES)
            unpacked.flush()
            return _map(unpacked, dtype, shape)


def _map(
    file: IO[bytes], dtype: np.dtype[Any], shape: tuple[int, ...], offset: int = 0
) -> NDArray[Any]:
    """Map an array; it stays valid when the file is closed."""
    return np.asarray(np.memmap(file, dtype, "r", offset, shape))


def _content_of(file: IO[bytes], entry: zipfile.ZipInfo) -> int:
    """Return where the content of a member begins; the local header has its own lengths."""
    file.seek(entry.header_offset + 26)
    name, extra = struct.unpack("<HH", file.read(4))
    return int(entry.header_offset + 30 + name + extra)


class _ArraysOnly(pickle.Unpickler):
    """Refuses every name that arrays do not need, because a pickle can call whatever it names."""

    NAMES = frozenset({"_reconstruct", "_frombuffer", "ndarray", "dtype", "scalar"})

    def find_class(self, module: str, name: str) -> Any:
        if module.partition(".")[0] == "numpy" and name in self.NAMES:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"it wants {module}.{name}")


def _read_pickle(file: Path, name: str) -> NDArray[Any]:
    with file.open("rb") as content:
        return np.asarray(_ArraysOnly(content).load()[name])
