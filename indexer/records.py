"""What a library holds: photos with labels, vectors and neighbours, files, and what made it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
"""float32, shape (d,), L2 norm 1; d is 2,048 for Inception v3, 1,280 for EfficientNet-Lite0. Those
of photos have the numbers that halves.py makes of them."""

Matrix = NDArray[np.float32]
"""float32, shape (n, d), one row a photo."""


class Label(NamedTuple):
    """An ImageNet class by its WordNet id ("n02391049") and how probable the network finds it.

    It is a named tuple, as is `Neighbour`, because those are made in two thirds of the time of
    frozen dataclasses: a photo that is read has fifty of each.
    """

    wnid: str
    probability: float


class Neighbour(NamedTuple):
    """A photo that looks similar; `cosine` in [-1, 1], rounded to 6 decimals."""

    id: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Photo:
    """One distinct photo content: the document of the store.

    Attributes:
        id: hex of the content hash: same bytes, same id.
        paths: every place where the file lies, sorted; at least one in an indexed photo.
        width, height: pixels, upright.
        bytes: size of the file.
        format: one that `photos.formats.FAMILIES` name, such as "jpeg".
        colour: mean colour, "#rrggbb".
        modified: modification time, ISO 8601 with milliseconds in UTC ("2024-05-01T12:00:00.000Z").
        captured: EXIF capture time, ISO 8601 without a zone, as cameras write it; or None.
        camera: EXIF make and model; or None.
        labels: the 50 most probable, most probable first, ties by wnid, quantised.
        vector: see `Vector`.
        neighbours: the 50 nearest photos, nearest first, ties by id, never the photo itself.
        model: name of the network that made labels and vector.
        damaged: whether a part of the picture is missing.
        duration: seconds, of a film that the picture is a frame of; None for a photo.
        preview: whether labels, vector and colour are those of a preview that the file carries,
            until the photo itself is described.
        location: latitude and longitude in degrees, 6 decimals, as EXIF tells; or None.
        place: town, region and country of the location (photos.places); or None.
        version: the store's token of the state this photo was read in; None before it was stored.
    """

    id: str
    paths: tuple[str, ...]
    width: int
    height: int
    bytes: int
    format: str
    colour: str
    modified: str
    captured: str | None
    camera: str | None
    labels: tuple[Label, ...]
    vector: Vector = field(compare=False)
    neighbours: tuple[Neighbour, ...] = ()
    model: str = ""
    damaged: bool = False
    duration: float | None = None
    preview: bool = False
    location: tuple[float, float] | None = None
    place: str | None = None
    version: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read once: which photo it holds, or why it could not be read.

    Exactly one of `photo` (an id) and `reason` is given. As long as the other fields stay the same,
    the file is not opened again.

    Attributes:
        bytes: its size.
        modified_ns, changed_ns: times of the last change of its content, and of anything about it,
            in nanoseconds since 1970; programs can set the first one, but not the second.
        inode, device: numbers of the file and of its disk, as signed 64-bit integers. Those of a
            disk may be others after each mount.
        refused_by: what could not read it (`photos.formats.decoders`), where there is a `reason`.
    """

    path: str
    bytes: int
    modified_ns: int
    photo: str | None = None
    reason: str | None = None
    changed_ns: int | None = None  # it and what follows is missing in older stores
    inode: int | None = None
    device: int | None = None
    refused_by: str | None = None


class LeftOut(NamedTuple):
    """How many files of a folder were left out because of their ending.

    Attributes:
        folder: in which they lie, not below it.
        ending: as `photos.left_out.ending` gives it.
        files: how many.
    """

    folder: str
    ending: str
    files: int


class LinksOut(NamedTuple):
    """How many symbolic links of a folder lead to the same place outside the library.

    Attributes:
        folder: in which the links lie, not below it.
        leads_to: the folder that they name, or in which the files lie that they name; without
            links in its path.
        links: how many.
    """

    folder: str
    leads_to: str
    links: int


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What made a store: a single network, so that its vectors and labels can be compared.

    Attributes:
        model: name of the network.
        weights: sha256 of its weights, hex.
        dimensions: length of its vectors.
        looks: at how many squares of a photo it looked (see indexer/network/looks.py); older stores
            do not say, because there it was always one.
    """

    model: str
    weights: str
    dimensions: int
    looks: int = 1

    def __str__(self) -> str:
        looks = f", {self.looks} looks" if self.looks != 1 else ""
        return f"{self.model} (weights {self.weights[:8]}, {self.dimensions} dimensions{looks})"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a store is a copy of.

    Attributes:
        library: what tells the copied library from all others.
        place: where it was, for messages.
        copied: the state of the copy when it was complete; "" until then.
    """

    library: str
    place: str
    copied: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a store came to be: what made it, and what it is a copy of, if anything."""

    info: StoreInfo
    origin: Origin | None


MOST_FOLDERS = 20
"""Links may lead to thousands of folders, and status is asked for again and again."""


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """Links that lead out of a library.

    Attributes:
        links: how many.
        folders: to how many folders outside; among thousands, Elasticsearch may be some off.
        most: folder -> links that lead there, of the `MOST_FOLDERS` to which most lead, most first,
            ties by name.
    """

    links: int = 0
    folders: int = 0
    most: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a store holds.

    Attributes:
        photos: distinct photos.
        linked: photos whose neighbours are stored.
        files: files that hold a photo.
        unreadable: files that could not be read.
        left_out: ending -> files that were left out, most first.
        previews: photos that are described by a preview so far.
        links_out: links that lead out of the library.
    """

    photos: int
    linked: int
    files: int
    unreadable: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    previews: int = 0
    links_out: LinkCounts = field(default_factory=LinkCounts)


@dataclass(frozen=True, slots=True)
class Failure:
    """An item of a batch that was not written; `conflict` if a newer version was in the way."""

    id: str
    reason: str
    conflict: bool = False
