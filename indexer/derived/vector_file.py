"""The derived file that mirrors the vectors of a store, memory-mapped.

It is two files: `rows-*.bin` holds the vectors one after another and only ever grows; `vectors.bin`
tells which row belongs to which photo and is replaced in one step. So a few new photos cost a few
rows and a list of ids, however large the library is.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from indexer.derived.array_file import read_arrays, write_arrays
from indexer.derived.checksums import BlockChecksums, looks_sound
from indexer.derived.locations import may_write
from indexer.derived.vectors import Rows, Vectors, as_bytes, merged
from indexer.records import Matrix, Vector

BLOCK_ROWS = 4096
"""Rows that are copied at a time: 32 MB at 2,048 dimensions."""

MOST_DEAD = 0.25
"""Rows of photos that left or changed, as a share of all others, before the rows are copied."""


ROW_OF = "places"
"""The name in the file of the array `Vectors.row_of`."""


class VectorFile:
    """A snapshot of the file that mirrors a store's vectors, and how to bring it up to date.

    The object opens what the file holds now, and does not notice when another process replaces the
    file. `apply` works on this snapshot, so that `state` and rows always belong together: of two
    processes that apply at once, the last one wins with a file that is right for its state.
    Two threads must not use one object.

    Typical use: read `state`, ask the store what changed since (everything if None), `apply`.
    """

    def __init__(self, folder: Path, dimensions: int) -> None:
        """Open what `folder`, which need not exist, holds; vectors have shape (dimensions,)."""
        self._folder = folder
        self._path = folder / "vectors.bin"
        self._dimensions = dimensions
        self._state: str | None
        self._whole: int
        self._blocks: list[int]
        self._vectors: Vectors
        self._open()

    @property
    def state(self) -> str | None:
        """The store state that the rows mirror; None if the file is missing or damaged."""
        return self._state

    def load(self) -> Vectors:
        """Return ids and rows, which stay valid when the file is replaced."""
        return self._vectors

    def reset(self) -> None:
        """Forget the snapshot as if the file were missing, so that `apply` starts over."""
        self._state = None
        self._whole, self._blocks = 0, []
        self._vectors = Vectors.of([], np.zeros((0, self._dimensions), np.float32))

    def apply(
        self, changed: Iterable[tuple[str, Vector]], removed: Iterable[str], state: str
    ) -> None:
        """Remove rows, then add rows, and swap in the new list of ids.

        Args:
            changed: id and vector, float32 of shape (d,), of new and changed photos; if an id comes
                twice, its last vector counts. Only the ids are kept in memory.
            removed: ids to remove; unknown ids are ignored.
            state: what the rows mirror afterwards.

        Raises:
            OSError: the disk is full or refuses; file and snapshot stay as they were.
        """
        from filelock import FileLock

        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / "lock"):  # two processes must not write the same bytes
            name, old_rows = self._rows_file()
            with self._growing(name) as file:
                checksums = self._end(file) if name == self._vectors.file else self._copy(file)
                new_rows = self._append(file, changed, old_rows, checksums)
                names, rows = merged(self._vectors.names, old_rows, new_rows, removed)
                size = file.tell() // self._row_bytes
            end = np.array([size, self._dimensions, checksums.whole])
            blocks = np.array(checksums.blocks, np.int64)
            arrays = {"names": names, ROW_OF: rows, "end": end, "blocks": blocks}
            self._write_list(state, name, arrays)
            self._remove_others(name)
        self._open()

    @property
    def _row_bytes(self) -> int:
        return 4 * self._dimensions

    def _rows_file(self) -> tuple[str, Rows]:
        """The file that gets the new rows, and the row of each photo of this snapshot in it.

        It is the snapshot's own file unless that is gone, may not be written, or too many of its
        rows are dead.
        """
        vectors = self._vectors
        alive, dead = len(vectors), len(vectors.rows) - len(vectors)
        worn = dead > MOST_DEAD * alive + BLOCK_ROWS
        # Not what lies beside a read-only store, to which `place_of` links.
        if vectors.file and not worn and may_write(self._folder / vectors.file):
            return vectors.file, vectors.row_of
        return f"rows-{secrets.token_hex(8)}.bin", np.arange(alive)

    @contextmanager
    def _growing(self, name: str) -> Iterator[IO[bytes]]:
        """The file of rows, put back to what it was if something goes wrong."""
        path = self._folder / name
        before = path.stat().st_size if path.exists() else None
        try:
            with path.open("r+b" if before is not None else "x+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            if before is None:
                path.unlink(missing_ok=True)
            else:
                os.truncate(path, before)
            raise

    def _end(self, file: IO[bytes]) -> BlockChecksums:
        """Go to where the next row belongs; return the checksums of everything before it.

        Rows that another process wrote since this snapshot was made stay.
        """
        length = os.fstat(file.fileno()).st_size
        length += -length % self._row_bytes  # a process that died may have left part of a row
        file.truncate(length)
        known = len(self._vectors.rows) * self._row_bytes
        checksums = BlockChecksums(self._whole, known, self._blocks)
        if known and not self._blocks:  # an earlier version's, which has a checksum of all only
            checksums = self._read_again(file, known)
        file.seek(known)
        while others := file.read(BLOCK_ROWS * self._row_bytes):
            checksums.add(others)
        return checksums

    def _read_again(self, file: IO[bytes], known: int) -> BlockChecksums:
        checksums = BlockChecksums()
        file.seek(0)
        while content := file.read(min(BLOCK_ROWS * self._row_bytes, known - file.tell())):
            checksums.add(content)
        checksums.whole = self._whole  # the old one, so that it tells of what was damaged before
        return checksums

    def _copy(self, file: IO[bytes]) -> BlockChecksums:
        """Write the rows of this snapshot in the order of their ids; return their checksums."""
        checksums = BlockChecksums()
        for start in range(0, len(self._vectors), BLOCK_ROWS):
            block = self._vectors.take(slice(start, start + BLOCK_ROWS)).tobytes()
            checksums.add(block)
            file.write(block)
        return checksums

    def _append(
        self,
        file: IO[bytes],
        changed: Iterable[tuple[str, Vector]],
        old_rows: Rows,
        checksums: BlockChecksums,
    ) -> dict[str, int]:
        """Write new rows as they come, and add them to the checksums; return each id's last row."""
        rows: dict[str, int] = {}
        row = file.tell() // self._row_bytes
        for id, vector in changed:
            if vector.shape != (self._dimensions,):
                raise ValueError(f"vector of {id}: {vector.shape} is not ({self._dimensions},)")
            content = vector.astype(np.float32, copy=False).tobytes()
            if id not in rows and (position := self._find(id, content)) >= 0:
                rows[id] = int(old_rows[position])
                continue
            checksums.add(content)
            file.write(content)
            rows[id], row = row, row + 1
        return rows

    def _find(self, id: str, content: bytes) -> int:
        """Position of the photo if this is its vector already, else -1.

        Then its row stays, because other files build on it: a photo comes back from Elasticsearch
        too when something other than its vector was written.
        """
        (position,) = found = self._vectors.find(as_bytes([id]))
        same = position >= 0 and self._vectors.take(found).tobytes() == content
        return int(position) if same else -1

    def _write_list(self, state: str, file: str, arrays: dict[str, NDArray[Any]]) -> None:
        arrays = {**arrays, "file": np.array([file.encode()])}
        write_arrays(self._path, state, {name: [array] for name, array in arrays.items()})

    def _remove_others(self, name: str) -> None:
        for old in self._folder.glob("rows-*.bin"):
            if old.name != name:
                with suppress(OSError):  # Windows does not remove what another process has open
                    old.unlink()

    def _open(self) -> None:
        for _ in range(2):  # another process may remove the rows between the two reads
            self.reset()
            with suppress(OSError, ValueError, KeyError):
                self._read()
                return

    def _read(self) -> None:
        found = read_arrays(self._path)
        if found is None:
            return
        (file,) = found.arrays["file"].tolist()
        count, dimensions, whole = found.arrays["end"].tolist()
        blocks = found.arrays.get("blocks", np.zeros(0, np.int64)).tolist()
        if dimensions != self._dimensions:
            raise ValueError("vectors of another network")
        rows = self._map(self._folder / file.decode(), count)
        if not looks_sound(_bytes(rows), whole, blocks):
            raise ValueError("damaged rows")
        self._vectors = Vectors(found.arrays["names"], rows, found.arrays[ROW_OF], file.decode())
        self._whole, self._blocks, self._state = whole, blocks, found.state

    def _map(self, path: Path, count: int) -> Matrix:
        shape = count, self._dimensions
        if count == 0:  # an empty file cannot be mapped
            return np.zeros(shape, np.float32)
        return np.asarray(np.memmap(path, np.float32, "r", 0, shape))


def _bytes(rows: Matrix) -> memoryview | bytes:
    return rows.data.cast("B") if rows.size else b""
