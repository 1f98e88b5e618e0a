"""Join label matrices into one: how a saved matrix takes in what was written since."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.stores.sqlite.labels.matrix import LabelMatrix, Rows, starts_of


def join(parts: Sequence[tuple[LabelMatrix, Rows]]) -> LabelMatrix:
    """Return one matrix of the photos of several.

    Args:
        parts: at least one matrix and, for each, the rows to leave out. A column means the same
            in all of them; some may have more columns.
    """
    matrices, numbers = [matrix for matrix, _ in parts], list(_renumbered(parts))
    pairs = list(zip(matrices, [new >= 0 for new in numbers], strict=True))
    ids = np.concatenate([one.ids[alive] for one, alive in pairs])
    lengths = [np.diff(one.photo_starts) for one in matrices]
    entries = [np.repeat(alive, some) for (_, alive), some in zip(pairs, lengths, strict=True)]
    by_photo = list(zip(matrices, entries, strict=True))
    rows, probabilities, halves = _joined_labels(matrices, numbers)
    return LabelMatrix(
        ids=ids,
        order=np.argsort(ids, kind="stable").astype(np.int32),
        wnids=_most_wnids(matrices),
        label_starts=starts_of(halves),
        label_rows=rows,
        label_probabilities=probabilities,
        photo_starts=starts_of(
            np.concatenate([n[alive] for n, (_, alive) in zip(lengths, pairs, strict=True)])
        ),
        photo_columns=np.concatenate([one.photo_columns[some] for one, some in by_photo]),
        photo_probabilities=np.concatenate(
            [one.photo_probabilities[some] for one, some in by_photo]
        ),
        rests=np.concatenate([one.rests[alive] for one, alive in pairs]),
    )


def _most_wnids(matrices: Sequence[LabelMatrix]) -> NDArray[np.bytes_]:
    return max((matrix.wnids for matrix in matrices), key=len)


def _renumbered(parts: Sequence[tuple[LabelMatrix, Rows]]) -> Iterator[NDArray[np.int32]]:
    """For each part the new number of each row, -1 where it is left out."""
    count = 0
    for matrix, gone in parts:
        kept = np.ones(len(matrix.ids), bool)
        kept[gone] = False
        yield np.where(kept, np.cumsum(kept) - 1 + count, -1).astype(np.int32)
        count += int(kept.sum())


def _joined_labels(
    matrices: Sequence[LabelMatrix], numbers: Sequence[NDArray[np.int32]]
) -> tuple[NDArray[np.int32], NDArray[np.float32], Rows]:
    """Rows and probabilities by label, and how many there are in each half of a column."""
    rows, probabilities = [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]
    lengths = np.zeros(2 * len(_most_wnids(matrices)), np.int64)
    for half in range(len(lengths)):
        for matrix, new in zip(matrices, numbers, strict=True):
            if half + 1 < len(matrix.label_starts):
                part = slice(matrix.label_starts[half], matrix.label_starts[half + 1])
                found = new[matrix.label_rows[part]]
                alive = found >= 0
                rows.append(found[alive])
                probabilities.append(matrix.label_probabilities[part][alive])
                lengths[half] += len(rows[-1])
    return np.concatenate(rows), np.concatenate(probabilities), lengths
