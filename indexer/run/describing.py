"""From files to stored photos on one machine: read ahead, described in batches, written behind."""

from collections import deque
from collections.abc import Container, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from indexer.imagenet import most_probable
from indexer.network.describer import Describer, describe_photos
from indexer.network.engines import Description
from indexer.photos.finding import Found, Skipped
from indexer.photos.reading import Known, PhotoReader, Ready, Unread
from indexer.progress import Progress
from indexer.records import File, Photo
from indexer.stores import Store

_BEHIND = 4
"""Batches that may wait to be written before the network has to wait for the store."""


@dataclass(slots=True)
class Described:
    """What became of the files of one run, so far.

    Attributes:
        indexed: records of files whose photo is new in the library.
        known: records of files whose content was there already, or came earlier in this run.
        unreadable: records of files whose content is not a photo, with the reason.
        refused: files that could not be opened, and photos that the store did not take; the next
            run tries them again.
    """

    indexed: list[File] = field(default_factory=list)
    known: list[File] = field(default_factory=list)
    unreadable: list[File] = field(default_factory=list)
    refused: list[Skipped] = field(default_factory=list)


@dataclass(slots=True)
class Describing:
    """The busy part of one run: files in, stored photos out.

    A photo is written before the record of its file: if the run dies in between, the file is read
    again, and no photo is lost.

    Attributes:
        store: of the network of `describer`.
        describer: the network.
        progress: told about every file that is done.
        threads: files read at the same time; 0 = one per core.
        result: what became of the files so far.
    """

    store: Store
    describer: Describer
    progress: Progress
    threads: int
    result: Described = field(default_factory=Described)

    def run(self, files: Iterable[Found], known: Container[str]) -> Described:
        """Describe and store `files`; photos whose ids are in `known` need no network."""
        reader = PhotoReader(self.describer.prepare, self.describer.side, known, self.threads)
        writes: deque[Future[None]] = deque()
        with ThreadPoolExecutor(1, "write") as writer:
            fresh = self._fresh(reader.read_all(files))
            for batch, description in describe_photos(self.describer, fresh):
                writes.append(writer.submit(self._write, batch, description))
                if len(writes) > _BEHIND:
                    writes.popleft().result()
            while writes:
                writes.popleft().result()
        return self.result

    def _fresh(self, results: Iterable[Ready | Known | Unread]) -> Iterator[Ready]:
        """Yield what the network has to see; set everything else aside."""
        seen: set[str] = set()
        for result in results:
            if not isinstance(result, Ready):
                self._set_aside(result)
            elif result.photo.id in seen:
                self._set_aside(Known(result.found, result.photo.id))
            else:
                seen.add(result.photo.id)
                yield result

    def _set_aside(self, result: Known | Unread) -> None:
        match result:
            case Known(found, id):
                self.result.known.append(record_of(found, id))
            case Unread(found, reason, lasting=True):
                self.result.unreadable.append(record_of(found, reason=reason))
            case Unread(found, reason):
                self.result.refused.append(Skipped(found.path, reason))
        self.progress.advance(1)

    def _write(self, batch: list[Ready], description: Description) -> None:
        rows = zip(batch, description.probabilities, description.vectors, strict=True)
        photos = [self._fill(ready.photo, labels, vector) for ready, labels, vector in rows]
        failures = {failure.id: failure for failure in self.store.photos.put(photos)}
        written = []
        for ready in batch:
            failure = failures.get(ready.photo.id)
            if failure is None:
                written.append(record_of(ready.found, ready.photo.id))
            elif failure.conflict:  # another machine, or a run that died, wrote it
                self.result.known.append(record_of(ready.found, ready.photo.id))
            else:
                self.result.refused.append(Skipped(ready.found.path, failure.reason))
        self.store.files.put(written)
        self.result.indexed += written
        self.progress.advance(len(batch))

    def _fill(
        self, photo: Photo, probabilities: NDArray[np.float32], vector: NDArray[np.float32]
    ) -> Photo:
        model = self.describer.info.model
        return replace(photo, labels=most_probable(probabilities), vector=vector, model=model)


def record_of(found: Found, photo: str | None = None, reason: str | None = None) -> File:
    """Return the record of a file that holds `photo`, or that is unreadable for `reason`."""
    return File(found.path, found.bytes, found.modified_ns, photo, reason)
