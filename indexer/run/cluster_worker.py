"""One worker of a Ray cluster: describes blocks of files and writes the photos to the store."""

from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import MagpieError
from indexer.network.describer import Describer, open_describer
from indexer.network.options import NetworkOptions
from indexer.photos.finding import Found
from indexer.progress import Silence
from indexer.run.describing import Described, Describing
from indexer.stores import Store

if TYPE_CHECKING:
    import pyarrow as pa

INDEXED, KNOWN, UNREADABLE, REFUSED = "indexed", "known", "unreadable", "refused"
"""What became of a file: the lists of `Described`."""
DAMAGED = "damaged"
"""The reason that an indexed file has where a part of its picture is missing."""
FAILED = "failed"
"""The outcome of a whole block whose worker could not work."""

COLUMNS = ("outcome", "path", "photo", "reason")


@dataclass(frozen=True, slots=True)
class SortedIds(Container[str]):
    """Ids of photos in an array, which the workers of one machine share in memory.

    Attributes:
        ids: ASCII, ascending, shape (n,).
    """

    ids: NDArray[np.bytes_]

    def __contains__(self, id: object) -> bool:
        """Tell whether `id` is among them."""
        wanted = str(id).encode()
        position = int(np.searchsorted(self.ids, np.bytes_(wanted)))
        return position < len(self.ids) and bytes(self.ids[position]) == wanted


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker of a run has to know.

    Attributes:
        store: reachable from all machines; it can be pickled.
        network: options that name the network of the store.
        threads: files that a worker reads at the same time; 0 = one per core.
    """

    store: Store
    network: NetworkOptions
    threads: int


class Worker:
    """Ray Data calls it with block after block; it keeps its network and connections.

    If it dies, another worker does the block again. What this one had written then comes back as
    known, because photos are written only once.
    """

    def __init__(self, job: Job, known: Any) -> None:
        """Load nothing yet, because errors must come back as answers.

        Args:
            job: see `Job`.
            known: Ray's reference to an array as in `SortedIds`.
        """
        self._job = job
        self._reference = known

    def __call__(self, block: "pa.Table") -> "pa.Table":
        """Describe files, a column per field of `Found`; answer with rows of `COLUMNS`."""
        files = [Found(**row) for row in block.to_pylist()]
        try:
            job = self._job
            work = Describing(job.store, self._describer, Silence(), job.threads)
            done = work.run(files, self._known)
        except MagpieError as error:
            return _table([(FAILED, "", None, str(error))])
        return _table(_rows(done))

    @cached_property
    def _describer(self) -> Describer:
        return open_describer(self._job.network, self._job.store.identity.info())

    @cached_property
    def _known(self) -> SortedIds:
        import ray

        return SortedIds(ray.get(self._reference))


Row = tuple[str, str, str | None, str | None]


def _rows(done: Described) -> list[Row]:
    files = ((INDEXED, done.indexed), (KNOWN, done.known), (UNREADABLE, done.unreadable))
    reasons = dict.fromkeys(done.damaged, DAMAGED)
    rows: list[Row] = [
        (outcome, file.path, file.photo, file.reason or reasons.get(file.path))
        for outcome, held in files
        for file in held
    ]
    return rows + [(REFUSED, skipped.path, None, skipped.reason) for skipped in done.refused]


def _table(rows: list[Row]) -> "pa.Table":
    import pyarrow as pa

    columns = zip(*rows, strict=True)
    return pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip(COLUMNS, columns, strict=True)}
    )
