"""The nearest neighbours of every row of a features file, by scikit-learn, block by block."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from indexer.derived.array_file import replacing
from indexer.errors import BadValue
from indexer.progress import Progress
from indexer.records import Matrix

METRICS = ("euclidean", "manhattan", "cosine")
BLOCK_ROWS = 1024
NORM_SLACK = 1e-5
"""How far from 1 float32 may leave the norm of a row."""

SPARE = 8
"""Candidates beyond those wanted, because float32 may rank some wrongly."""

Found = tuple[NDArray[np.float64], NDArray[np.int64]]
"""Distances and row numbers of a block of rows, nearest first, shape (rows, neighbours) each."""

Find = Callable[[int], Found]
"""Finds the neighbours of the block of rows that begins at a number, each row itself included."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Which neighbours are wanted.

    Attributes:
        metric: one of `METRICS`.
        count: neighbours of each row, the row itself not among them.
        cores: cores to compute on; -1 = all.
    """

    metric: str = "euclidean"
    count: int = 50
    cores: int = 4


def write_distances(rows: Matrix, folder: Path, nearest: Nearest, progress: Progress) -> None:
    """Write neighbours.npy (int64, row numbers from 0) and distances.npy (float64) into `folder`.

    Both have shape (n, count), nearest first: those of `NearestNeighbors(...).kneighbors()`.
    Memory does not grow with the number of rows if they are mapped and, for the metric cosine, of
    norm 1; rows of other norms are first scaled into a file beside the results.

    Args:
        rows: float32, shape (n, d), n > count.
        folder: made if missing; older files in it are replaced once the new ones are complete.

    Raises:
        BadValue: too few rows, rows that are not finite, or zero rows if the metric is cosine; or
            the disk is full or refuses.
    """
    if len(rows) < 2:
        raise BadValue(
            f"no neighbours among {len(rows)} rows: give the features of at least two photos"
        )
    if not 0 < nearest.count < len(rows):
        raise BadValue(
            f"{len(rows)} rows do not have {nearest.count} neighbours each: give "
            f"N_NEIGHBORS from 1 to {len(rows) - 1}"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if nearest.metric == "cosine":
            rows = _unit_rows(rows, folder)
        shape = (len(rows), nearest.count)
        with (
            _npy(folder / "neighbours.npy", np.int64, shape) as numbers,
            _npy(folder / "distances.npy", np.float64, shape) as distances,
            progress.over(len(rows), "comparing"),
        ):
            for near, far in _neighbours(rows, nearest):
                numbers.write(near.tobytes())
                distances.write(far.tobytes())
                progress.advance(len(near))
    except OSError as error:
        raise BadValue(f"cannot write into {str(folder)!r}: {error.strerror or error}") from error


def _neighbours(
    rows: Matrix, nearest: Nearest
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Yield row numbers and distances of the neighbours of block after block of rows."""
    from threadpoolctl import threadpool_limits

    find = (_cosine_finder if nearest.metric == "cosine" else _finder)(rows, nearest)
    cores = None if nearest.cores == -1 else nearest.cores
    for start in range(0, len(rows), BLOCK_ROWS):
        with threadpool_limits(cores, user_api="openmp"):
            distances, numbers = find(start)
        others = _all_but_themselves(numbers, start)
        shape = (len(numbers), nearest.count)
        yield numbers[others].reshape(shape), distances[others].reshape(shape)


def _finder(rows: Matrix, nearest: Nearest) -> Find:
    from sklearn.neighbors import NearestNeighbors

    count = min(nearest.count + 1, len(rows))
    search = NearestNeighbors(n_neighbors=count, algorithm="brute", metric=nearest.metric)
    try:
        search.fit(rows)
    except ValueError as error:
        raise BadValue(f"cannot compare the rows: {str(error).splitlines()[0]}") from error
    return lambda start: search.kneighbors(rows[start : start + BLOCK_ROWS])


def _cosine_finder(rows: Matrix, nearest: Nearest) -> Find:
    """Rank by squared Euclidean distance, for rows of norm 1 twice the cosine distance.

    scikit-learn's own cosine would copy all rows for each block. In float32 norms differ from 1 in
    the seventh digit, so a few more candidates are taken and ranked by the law of cosines:
    cosine(a, b) = (|a|^2 + |b|^2 - |a - b|^2) / (2 |a| |b|).
    """
    norms = np.concatenate([_norms(block) for block in _blocks(rows)])
    find = _finder(rows, replace(nearest, metric="sqeuclidean", count=nearest.count + SPARE))

    def find_cosines(start: int) -> Found:
        squares, numbers = find(start)
        own, other = norms[start : start + len(numbers), None], norms[numbers]
        distances = 1 - (own**2 + other**2 - squares) / (2 * own * other)
        order = np.argsort(distances, axis=1, kind="stable")[:, : nearest.count + 1]
        return np.take_along_axis(distances, order, 1), np.take_along_axis(numbers, order, 1)

    return find_cosines


def _all_but_themselves(numbers: NDArray[np.int64], start: int) -> NDArray[np.bool_]:
    """Return where `numbers` are not the row's own number.

    If the row itself is not among them, because more rows are equal than neighbours are wanted, the
    first one is left out instead.
    """
    own: NDArray[np.bool_] = numbers == np.arange(start, start + len(numbers))[:, None]
    own[~own.any(axis=1), 0] = True
    return ~own


def _unit_rows(rows: Matrix, folder: Path) -> Matrix:
    """Return rows of norm 1: the same ones if they are, else a copy on disk."""
    norms = np.concatenate([_norms(block) for block in _blocks(rows)])
    if not norms.all():
        raise BadValue(f"row {int(norms.argmin())} is zero: it has no cosine")
    if np.all(np.abs(norms - 1) < NORM_SLACK):
        return rows
    with TemporaryFile(dir=folder) as copy:
        for block in _blocks(rows):
            copy.write((block / _norms(block)[:, None]).astype(np.float32).tobytes())
        copy.flush()
        return np.asarray(
            np.memmap(copy, np.float32, "r", 0, rows.shape)
        )  # stays valid when the file is closed


def _blocks(rows: Matrix) -> Iterator[Matrix]:
    return (rows[start : start + BLOCK_ROWS] for start in range(0, len(rows), BLOCK_ROWS))


def _norms(block: Matrix) -> NDArray[np.float64]:
    norms: NDArray[np.float64] = np.linalg.norm(block.astype(np.float64), axis=1)
    return norms


@contextmanager
def _npy(path: Path, dtype: type, shape: tuple[int, int]) -> Iterator[IO[bytes]]:
    """Open a new .npy file, ready for its rows."""
    with replacing(path) as file:
        header = {
            "descr": npy.dtype_to_descr(np.dtype(dtype)),
            "fortran_order": False,
            "shape": shape,
        }
        npy.write_array_header_2_0(file, header)
        yield file
