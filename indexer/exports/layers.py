"""The last two layers of a network for every photo of a folder, written to one file."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from indexer import imagenet
from indexer.errors import BadValue, NotFound
from indexer.exports.row_files import Row, write_rows
from indexer.network.describer import Describer, describe_photos
from indexer.photos.finding import Entry, Found, Skipped, check_folder, find
from indexer.photos.paths import absolute, to_text
from indexer.photos.reading import PhotoReader, Ready, Unread
from indexer.progress import Progress
from indexer.records import Label

PROBABILITIES, VECTORS = "probabilities", "vectors"
"""The output layer and the transfer layer, by their names in `engines.Description`."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        photos: number of rows, one for each file, copies included.
        failed: files and folders that could not be read, with the reason.
        file: its path.
        model: name of the network.
        seconds: duration.
        photos_per_second: photos / seconds.
    """

    photos: int
    failed: tuple[Skipped, ...]
    file: str
    model: str
    seconds: float
    photos_per_second: float


@dataclass(slots=True)
class Layers:
    """Photos in, rows out, in the order of the files.

    Attributes:
        describer: the network.
        threads: files read at the same time.
        progress: told about every file that is done.
        failed: what could not be read so far.
    """

    describer: Describer
    threads: int
    progress: Progress
    failed: list[Skipped] = field(default_factory=list)

    def write(self, images: Path, layer: str, out: Path) -> Written:
        """Write `layer` of all photos of a folder, or of one photo, to `out` (see `write_rows`).

        Raises:
            NotFound: there is no such folder or file.
            BadValue: no photo can be read, or `out` cannot be written.
        """
        began = time.monotonic()
        files = (one for one in images_of(images) if isinstance(one, Found | Skipped))
        total = sum(1 for _ in files)  # not a list, which would be large
        wnids = {"wnids": np.array(imagenet.classes())} if layer == PROBABILITIES else {}
        facts = {"model": np.array(self.describer.info.model)} | wnids
        with self.progress.over(total):
            photos = write_rows(out, layer, self._rows(images, layer), facts)
        if not photos:
            raise self._nothing(images)
        seconds = time.monotonic() - began
        return Written(
            photos=photos,
            failed=tuple(self.failed),
            file=to_text(absolute(out)),
            model=self.describer.info.model,
            seconds=round(seconds, 3),
            photos_per_second=round(photos / seconds, 2),
        )

    def top_labels(self, image: Path, count: int) -> tuple[Label, ...]:
        """Return the labels that the network finds most probable for one photo.

        Raises:
            NotFound: there is no such file.
            BadValue: it is a folder, or not a photo.
        """
        if image.is_dir():
            raise BadValue(f"{str(image)!r} is a folder: name a file OUT to write to")
        for _, description in describe_photos(self.describer, self._photos(image)):
            return imagenet.most_probable(description.probabilities[0], count)
        raise self._nothing(image)

    def _rows(self, images: Path, layer: str) -> Iterator[Row]:
        for batch, description in describe_photos(self.describer, self._photos(images)):
            for ready, numbers in zip(batch, getattr(description, layer), strict=True):
                yield ready.found.path, ready.photo.id, numbers
            self.progress.advance(len(batch))

    def _photos(self, images: Path) -> Iterator[Ready]:
        reader = PhotoReader(self.describer.prepare, self.describer.side, frozenset(), self.threads)
        for result in reader.read_all(self._files(images)):
            if isinstance(result, Ready):
                yield result
            elif isinstance(result, Unread):  # nothing counts as known here
                self._fail(Skipped(result.found.path, result.reason))

    def _files(self, images: Path) -> Iterator[Found]:
        for entry in images_of(images):
            if isinstance(entry, Found):
                yield entry
            elif isinstance(entry, Skipped):
                self._fail(entry)

    def _fail(self, trouble: Skipped) -> None:
        self.failed.append(trouble)
        self.progress.advance(1)

    def _nothing(self, images: Path) -> BadValue:
        reason = f": {self.failed[0].reason}" if self.failed else ""
        return BadValue(f"no photo in {str(images)!r} could be read{reason}")


def images_of(images: Path) -> Iterator[Entry]:
    """Yield the photos of a folder, as `find` does, or the one file that `images` is.

    Raises:
        NotFound: nothing has that name.
        BadValue: it may not be opened.
    """
    if images.is_dir():
        yield from find([check_folder(images)])
        return
    try:
        status = images.stat()
    except FileNotFoundError:
        raise NotFound(f"no file or folder {str(images)!r}: check the name") from None
    except OSError as error:
        raise BadValue(f"cannot open {str(images)!r}: {error.strerror}") from None
    yield Found(to_text(absolute(images)), status.st_size, status.st_mtime_ns)
