"""Count photos by their facts: a million of them in a few passes over columns."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.facets import Facets, by_count, by_time
from indexer.stores.sqlite.facts.columns import UNKNOWN, FactColumns, Rows


def facets_of(parts: Iterable[tuple[FactColumns, Rows]]) -> Facets:
    """Count photos.

    Args:
        parts: some columns each, and which of their rows to count; no photo is in two of them.
    """
    photos = undated = 0
    months, cameras, places, folders, formats = (Counter[str]() for _ in range(5))
    for facts, rows in parts:
        photos += len(rows)
        undated += len(rows) - int(np.count_nonzero(facts.dated[rows]))
        months += _months(facts.taken[rows])
        cameras += _named(facts.written_cameras, np.bincount(facts.cameras[rows]))
        places += _named(facts.written_places, np.bincount(facts.places[rows]))
        formats += _named(facts.format_names, np.bincount(facts.formats[rows]))
        folders += _named(facts.written_folders, _in_folders(facts, rows))
    nameless, placeless = cameras.pop(UNKNOWN, 0), places.pop(UNKNOWN, 0)
    return Facets(
        photos, by_time(months), undated, by_count(cameras), nameless, by_count(folders),
        by_count(formats), by_count(places), placeless,
    )  # fmt: skip


def _months(taken: NDArray[np.int64]) -> Counter[str]:
    known = taken[taken != np.iinfo(np.int64).min]  # which is what is not a moment
    if len(known) == 0:
        return Counter()
    months = known.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)
    first = int(months.min())
    counts = np.bincount(months - first)
    found = np.flatnonzero(counts)
    names = (found + first).astype("datetime64[M]").astype(str)
    return Counter(dict(zip(names.tolist(), counts[found].tolist(), strict=True)))


def _in_folders(facts: FactColumns, rows: Rows) -> NDArray[np.int64]:
    """Count the photos of some rows in each folder, each photo once."""
    if len(facts.path_folders) == len(facts.ids):  # one path each
        return np.bincount(facts.path_folders[rows])
    chosen = np.zeros(len(facts.ids), bool)
    chosen[rows] = True
    owners = np.repeat(np.arange(len(facts.ids)), np.diff(facts.path_starts))
    wanted = chosen[owners]
    owners, folders = owners[wanted], facts.path_folders[wanted].astype(np.int64)
    places = np.unique(owners * (folders.max(initial=0) + 1) + folders)
    return np.bincount(places % (folders.max(initial=0) + 1))


def _named(names: NDArray[np.uint8], counts: Sequence[int] | NDArray[np.int64]) -> Counter[str]:
    """Say numbers of names by the names; those of no photo are left out."""
    written = names.tobytes().decode("utf-8", "surrogatepass").split("\0")
    return Counter({written[n]: int(counts[n]) for n in np.flatnonzero(counts).tolist()})
