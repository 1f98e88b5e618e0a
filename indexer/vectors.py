"""All vectors of a library as one memory-mapped matrix beside the store (a derived file)."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import read_arrays, write_arrays
from indexer.records import Matrix, Vector

BLOCK_ROWS = 4096
"""Rows that are copied at a time: 32 MB at 2,048 dimensions."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """All vectors of a library: `rows[i]` belongs to `ids[i]`; ids in ascending order.

    Attributes:
        ids: photo ids, length n.
        rows: float32, shape (n, d), rows of L2 norm 1.
    """

    ids: tuple[str, ...]
    rows: Matrix


class VectorFile:
    """A snapshot of the file that mirrors a store's vectors, and the way to its next one.

    Making the object opens what the file holds now; another process that replaces the file changes
    nothing here. `apply` works on this snapshot, so that `state` and rows always belong together:
    of two processes that apply at once the last one wins, with a file that is right for its state.
    Not safe for two threads on one object.

    Typical use: read `state`, ask the store what changed since (everything when None), `apply`.
    """

    def __init__(self, folder: Path, dimensions: int) -> None:
        """Open what `folder` holds, which need not exist; vectors have shape (dimensions,)."""
        self._path = folder / "vectors.bin"
        self._dimensions = dimensions
        self._state: str | None
        self._ids: NDArray[np.bytes_]
        self._rows: Matrix
        self._open()

    @property
    def state(self) -> str | None:
        """The store state that the rows mirror; None where the file is missing or damaged."""
        return self._state

    def load(self) -> Vectors:
        """Return ids and rows; rows stay valid when the file is replaced."""
        return Vectors(tuple(id.decode() for id in self._ids.tolist()), self._rows)

    def reset(self) -> None:
        """Forget the snapshot, as if the file were missing, so that `apply` starts over."""
        self._state = None
        self._ids = _as_bytes([])
        self._rows = np.zeros((0, self._dimensions), np.float32)

    def apply(
        self, changed: Iterable[tuple[str, Vector]], removed: Iterable[str], state: str
    ) -> None:
        """Take rows out, put rows in (in this order), and swap the new file in.

        Args:
            changed: id and vector, float32 of shape (d,), of new and changed photos; the last one
                of an id counts. Memory does not grow with their number, ids aside.
            removed: ids to take out; unknown ids are ignored.
            state: what the rows mirror afterwards.

        Raises:
            OSError: the disk is full or refuses; file and snapshot stay as they were.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self._path.parent) as spool:
            places = self._write_spool(spool, changed)
            fresh = self._map_spool(spool)
            ids, sources = self._merge(places, removed)
            blocks = self._blocks(fresh, sources)
            write_arrays(self._path, state, {"ids": [ids], "rows": blocks})
        self._open()

    def _write_spool(
        self, spool: IO[bytes], changed: Iterable[tuple[str, Vector]]
    ) -> dict[str, int]:
        """Write the new rows to disk as they come; return the last row of each id."""
        places: dict[str, int] = {}
        for place, (id, vector) in enumerate(changed):
            if vector.shape != (self._dimensions,):
                raise ValueError(f"vector of {id}: {vector.shape} is not ({self._dimensions},)")
            spool.write(vector.astype(np.float32, copy=False).tobytes())
            places[id] = place
        spool.flush()
        return places

    def _map_spool(self, spool: IO[bytes]) -> Matrix:
        if spool.tell() == 0:  # nothing cannot be mapped
            return np.zeros((0, self._dimensions), np.float32)
        return np.memmap(spool, np.float32, "r").reshape(-1, self._dimensions)

    def _merge(
        self, places: dict[str, int], removed: Iterable[str]
    ) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
        """All ids in order, and where their rows are: s >= 0 here, else at -1 - s of the spool."""
        gone = _as_bytes([*removed, *places])
        stays = np.flatnonzero(~np.isin(self._ids, gone))
        ids = np.concatenate([self._ids[stays], _as_bytes([*places])])
        sources = np.concatenate([stays, -1 - np.fromiter(places.values(), np.int64)])
        order = np.argsort(ids)
        return ids[order], sources[order]

    def _blocks(self, fresh: Matrix, sources: NDArray[np.int64]) -> Iterator[Matrix]:
        """Yield the rows in order of `sources` (see `_merge`), at least one block."""
        for start in range(0, max(len(sources), 1), BLOCK_ROWS):
            source = sources[start : start + BLOCK_ROWS]
            block = np.empty((len(source), self._dimensions), np.float32)
            block[source >= 0] = self._rows[source[source >= 0]]
            block[source < 0] = fresh[-1 - source[source < 0]]
            yield block

    def _open(self) -> None:
        self.reset()
        found = read_arrays(self._path)
        if found and self._fits(found.arrays.get("ids"), found.arrays.get("rows")):
            self._state = found.state
            self._ids = found.arrays["ids"]
            self._rows = found.arrays["rows"]

    def _fits(self, ids: NDArray[Any] | None, rows: NDArray[Any] | None) -> bool:
        return ids is not None and rows is not None and rows.shape == (len(ids), self._dimensions)


def _as_bytes(ids: Sequence[str]) -> NDArray[np.bytes_]:
    """UTF-8 sorts as Python's text does, by code point."""
    return np.array([id.encode() for id in ids], dtype=np.bytes_)
