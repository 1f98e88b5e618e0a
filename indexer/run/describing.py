"""From files to stored photos on one machine: read ahead, described in batches, written behind."""

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from indexer.derived.thumbnail_file import ThumbnailFile
from indexer.imagenet import most_probable
from indexer.network.describer import Describer, describe_photos
from indexer.network.engines import Description
from indexer.photos.exif import Facts
from indexer.photos.finding import Found, Skipped
from indexer.photos.formats import decoders
from indexer.photos.reading import Known, PhotoReader, Ready, Unread
from indexer.photos.thumbnails import Size
from indexer.progress import Progress
from indexer.records import Failure, File, Photo
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
        damaged: paths of those of `indexed` of which a part is missing.
        refused: files that could not be opened, and photos that the store did not take; the next
            run tries them again.
        refined: ids of photos that were described by their previews before.
        previewed: (path, photo) of files of which a first pass of this run read the preview.
        told: what photos of `known` tell together with their sidecars, by id.
    """

    indexed: list[File] = field(default_factory=list)
    known: list[File] = field(default_factory=list)
    unreadable: list[File] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    refused: list[Skipped] = field(default_factory=list)
    refined: set[str] = field(default_factory=set)
    previewed: set[tuple[str, str]] = field(default_factory=set)
    told: dict[str, Facts] = field(default_factory=dict)


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
        thumbnails: where those of new photos go; None = none are made.
        previews: ids of photos that are described by their previews so far, and get replaced.
        result: what became of the files so far.
    """

    store: Store
    describer: Describer
    progress: Progress
    threads: int
    thumbnails: ThumbnailFile | None = None
    previews: Set[str] = frozenset()
    result: Described = field(default_factory=Described)

    def run(self, files: Iterable[Found], known: Container[str]) -> Described:
        """Describe and store `files`; photos whose ids are in `known` need no network."""
        describer, thumbnails = self.describer, self.thumbnails is not None
        reader = PhotoReader(describer.prepare, describer.side, known, self.threads, thumbnails)
        write_behind(describer, self._fresh(reader.read_all(files)), self._write)
        return self.result

    def _fresh(self, results: Iterable[Ready | Known | Unread]) -> Iterator[Ready]:
        """Yield what the network has to see; set everything else aside."""
        seen: set[str] = set()
        for result in results:
            if not isinstance(result, Ready):
                self._set_aside(result)
            elif result.photo.id in seen:
                self._set_aside(Known(result.found, result.photo.id, result.told))
            else:
                seen.add(result.photo.id)
                yield result

    def _set_aside(self, result: Known | Unread) -> None:
        match result:
            case Known(found, id, told):
                self.result.known.append(record_of(found, id))
                if told is not None:
                    self.result.told[id] = told
            case Unread(found, reason, lasting=True):
                self.result.unreadable.append(record_of(found, reason=reason))
            case Unread(found, reason):
                self.result.refused.append(Skipped(found.path, reason))
        self.progress.advance(1)

    def _write(self, batch: list[Ready], description: Description) -> None:
        photos = described(self.describer, batch, description)
        failures = self._put(photos)
        written = []
        for ready in batch:
            failure = failures.get(ready.photo.id)
            if failure is None:
                written.append(record_of(ready.found, ready.photo.id))
            elif failure.conflict:  # another machine, or a run that died, wrote it
                self.result.known.append(record_of(ready.found, ready.photo.id))
            else:
                self.result.refused.append(Skipped(ready.found.path, failure.reason))
        self._keep_thumbnails(batch)
        self.store.files.put(written)
        self.result.indexed += written
        stored = {file.path for file in written}
        self.result.damaged += [
            one.found.path for one in batch if one.photo.damaged and one.found.path in stored
        ]
        self.progress.advance(len(batch))

    def _keep_thumbnails(self, batch: list[Ready]) -> None:
        made = {ready.photo.id: ready.thumbnail for ready in batch if ready.thumbnail}
        if self.thumbnails is not None and made:
            self.thumbnails.put(Size.GRID, made)

    def _put(self, photos: Sequence[Photo]) -> dict[str, Failure]:
        """Store photos, some in the place of what their previews told; return what failed."""
        ids = [photo.id for photo in photos if photo.id in self.previews]
        old = self.store.photos.get(ids) if ids else {}
        old = {id: photo for id, photo in old.items() if photo.preview}
        given = [_instead_of(old[one.id], one) if one.id in old else one for one in photos]
        failures = {failure.id: failure for failure in self.store.photos.put(given)}
        for id in old.keys() & failures.keys():  # never known, or it would stay as it is for good
            failures[id] = replace(failures[id], conflict=False)
        self.result.refined |= old.keys() - failures.keys()
        return failures


def write_behind(
    describer: Describer,
    photos: Iterable[Ready],
    write: Callable[[list[Ready], Description], None],
) -> None:
    """Describe photos in batches, and let a thread write each while the next is described."""
    writes: deque[Future[None]] = deque()
    with ThreadPoolExecutor(1, "write") as writer:
        for batch, description in describe_photos(describer, photos):
            writes.append(writer.submit(write, batch, description))
            if len(writes) > _BEHIND:
                writes.popleft().result()
        while writes:
            writes.popleft().result()


def described(describer: Describer, batch: list[Ready], description: Description) -> list[Photo]:
    """Return photos with what a network saw in them."""
    model = describer.info.model
    rows = zip(batch, description.probabilities, description.vectors, strict=True)
    return [
        replace(ready.photo, labels=most_probable(labels), vector=vector, model=model)
        for ready, labels, vector in rows
    ]


def _instead_of(old: Photo, photo: Photo) -> Photo:
    """Return a photo as it takes the place of another state of it."""
    paths = sorted({*old.paths, *photo.paths})
    return replace(photo, paths=tuple(paths), version=old.version)


def record_of(found: Found, photo: str | None = None, reason: str | None = None) -> File:
    """Return the record of a file that holds `photo`, or that is unreadable for `reason`."""
    return File(
        found.path,
        found.bytes,
        found.modified_ns,
        photo,
        reason,
        found.changed_ns,
        found.inode,
        found.device,
        decoders() if reason is not None else None,
    )
