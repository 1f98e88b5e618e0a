"""From files to stored photos on a Ray cluster: workers write photos, this machine keeps track."""

import importlib.util
import logging
import os
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from indexer.errors import BadValue, StoreAway
from indexer.network.describer import Describer
from indexer.photos.finding import Found, Skipped
from indexer.progress import Progress
from indexer.records import File
from indexer.run.cluster_worker import (
    COLUMNS,
    DAMAGED,
    FAILED,
    INDEXED,
    REFUSED,
    UNREADABLE,
    Job,
    Worker,
)
from indexer.run.describing import Described, record_of
from indexer.stores import Store
from indexer.times import iso_utc

if TYPE_CHECKING:
    import pyarrow as pa

LARGEST_BLOCK = 512
"""Files that a worker gets at once; if it dies, they are done again."""
BLOCKS_A_WORKER = 8
"""At least this many, even for few files, so that all workers end at about the same time."""

CONNECT_SECONDS = 10


class FileAnswer(NamedTuple):
    """What a worker answered about a file (`cluster_worker.COLUMNS`); each file has one."""

    outcome: str
    photo: str = ""
    reason: str = ""


Answers = Mapping[str, FileAnswer]
"""Path -> what a worker answered about the file."""


def check_cluster(address: str, store: Store) -> None:
    """Refuse what cannot work on a cluster, before anything is read or written.

    Raises:
        BadValue: Ray is not installed, `address` is malformed, or the store is a file of this
            machine.
        StoreAway: nothing answers at `address`.
    """
    if not store.is_remote:
        raise BadValue(
            f"--ray needs a store that all machines reach, and {store.location} is a file of this "
            "one: give --store http://HOST:9200/NAME"
        )
    if importlib.util.find_spec("ray") is None:
        raise BadValue("Ray is not installed: pip install 'ray[data]', or omit --ray")
    host, _, port = address.rpartition(":")
    if address == "auto":
        return
    if not host or "/" in host or not port.isdecimal():
        raise BadValue(f"{address!r} is not the address of a Ray cluster: give HOST:6379, or auto")
    try:  # Ray itself would try for two minutes
        socket.create_connection((host, int(port)), CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise StoreAway(
            f"no Ray cluster at {address} ({error}): start one there with `ray start --head`"
        ) from None


@dataclass(frozen=True, slots=True)
class Cluster:
    """What `Describing` does, but on many machines, all of which see the photos at the same paths.

    Attributes:
        address: "HOST:PORT" of the cluster, or "auto" for the one that this machine belongs to.
        store: see `check_cluster`.
        describer: the network of the store; it is not loaded here.
        progress: told about files as workers answer.
        threads: files that each worker reads at the same time; 0 = one per core.
    """

    address: str
    store: Store
    describer: Describer
    progress: Progress
    threads: int

    def run(self, files: Sequence[Found], known: Set[str]) -> Described:
        """Describe and store `files`; photos whose ids are in `known` need no network.

        The result is that of one machine: of several new files with the same content the first is
        the indexed one, and the photo has its time.

        Raises:
            StoreAway: the cluster cannot be reached or fails, or the store does not answer the
                workers; what was written is kept.
        """
        job = Job(self.store, self.describer.options, self.threads)
        with _connected(self.address) as ray:
            answers: dict[str, FileAnswer] = {}
            for table in _answers(ray, job, files, known):
                outcomes, paths, photos, reasons = (table[name].to_pylist() for name in COLUMNS)
                if FAILED in outcomes:
                    raise StoreAway(f"a worker of {self.address} failed: {reasons[0]}")
                same = map(sys.intern, outcomes)
                answers.update(zip(paths, map(FileAnswer, same, photos, reasons), strict=True))
                self.progress.advance(len(table))
        done = account(files, answers, known)
        self._put_right(files, answers, done)
        return done

    def _put_right(self, files: Sequence[Found], answers: Answers, done: Described) -> None:
        """Write what a worker that died could not, or what the worker of a copy wrote instead."""
        times = {found.path: iso_utc(found.modified_ns) for found in files}
        copied = {file.photo for file in done.known}
        first = {file.photo: file.path for file in done.indexed if file.photo in copied}
        wrong = []
        for id, photo in self.store.photos.get(id for id in first if id).items():
            paths = tuple(sorted({*photo.paths, first[id]}))
            right = replace(photo, paths=paths, modified=times[first[id]])
            if right != photo:
                wrong.append(right)
        for failure in self.store.photos.put(wrong):
            raise StoreAway(f"{self.store.location} refused {failure.id}: {failure.reason}")
        self.store.files.put(file for file in done.indexed if answers[file.path].outcome != INDEXED)


def account(files: Sequence[Found], answers: Answers, known: Set[str]) -> Described:
    """Tell what became of every file, in their order, no matter how often it was described.

    Args:
        files: all that were given to the cluster.
        answers: those of the workers.
        known: ids of photos that were in the store before.
    """
    done = Described()
    seen = set(known)
    for found in files:
        answer = answers.get(found.path, FileAnswer(REFUSED, reason="no worker answered"))
        if answer.outcome == UNREADABLE:
            done.unreadable.append(record_of(found, reason=answer.reason))
        elif answer.outcome == REFUSED:
            done.refused.append(Skipped(found.path, answer.reason))
        else:
            _hold(done, seen, record_of(found, answer.photo))
    damaged = {path for path, answer in answers.items() if answer.reason == DAMAGED}
    done.damaged = [file.path for file in done.indexed if file.path in damaged]
    return done


def _hold(done: Described, seen: set[str], file: File) -> None:
    assert file.photo is not None
    (done.known if file.photo in seen else done.indexed).append(file)
    seen.add(file.photo)


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Give the module ray, connected to the cluster at `address`."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Magpie sends nothing anywhere
    import ray

    logging.getLogger("ray.data").setLevel(logging.WARNING)
    with redirect_stdout(sys.stderr):  # what Ray says about dead machines is not part of an answer
        try:
            ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
            yield ray
        except (ray.exceptions.RayError, ConnectionError, RuntimeError, ValueError) as error:
            reason = str(error).strip().splitlines() or [type(error).__name__]
            raise StoreAway(
                f"the Ray cluster {address} failed ({reason[-1]}): what was written is kept; run "
                "the command again when the cluster is well"
            ) from error
        finally:
            ray.shutdown()


def _answers(ray: Any, job: Job, files: Sequence[Found], known: Set[str]) -> Iterator["pa.Table"]:
    """Yield the answers of the workers, block by block, as they come."""
    cores, workers = _room(ray)
    size = max(1, min(LARGEST_BLOCK, len(files) // (BLOCKS_A_WORKER * workers)))
    ray.data.DataContext.get_current().enable_progress_bars = False
    ids = ray.put(np.array(sorted(known), dtype=np.bytes_))
    described = ray.data.from_arrow(list(_blocks(files, size))).map_batches(
        Worker,
        fn_constructor_args=(job, ids),
        batch_size=None,  # a block as it is
        batch_format="pyarrow",
        num_cpus=cores,
        concurrency=(1, workers),
    )
    yield from described.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0)


def _room(ray: Any) -> tuple[int, int]:
    """Return the cores of a worker, which are those of the smallest machine, and how many fit.

    A worker uses all cores of its machine, as the network's runtime does.
    """
    cores = [int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"]]
    smallest = min((count for count in cores if count), default=0)
    if not smallest:
        raise ConnectionError("none of its machines offers a core")
    return smallest, sum(count // smallest for count in cores)


def _blocks(files: Sequence[Found], size: int) -> Iterator["pa.Table"]:
    import pyarrow as pa

    for start in range(0, len(files), size):
        block = files[start : start + size]
        numbers = ("bytes", "modified_ns", "changed_ns", "inode", "device")
        columns = {
            name: pa.array([getattr(found, name) for found in block], pa.int64())
            for name in numbers
        }
        yield pa.table({"path": pa.array([found.path for found in block], pa.string()), **columns})
