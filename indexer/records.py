"""What everything else speaks of: photos, labels, neighbours, queries, hits, events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.defaults import ANONYMOUS as ANONYMOUS
from indexer.defaults import DEFAULT_LIMIT as DEFAULT_LIMIT
from indexer.filters import Filter
from indexer.kinds import EventKind, Kind

Vector = NDArray[np.float32]
"""float32, shape (d,), L2 norm 1; d is 2,048 for Inception v3, 1,280 for EfficientNet-Lite0."""

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
        format: "jpeg", "png", "webp", "gif", "bmp", "tiff" or "heif".
        colour: mean colour, "#rrggbb".
        modified: modification time, ISO 8601 with milliseconds in UTC ("2024-05-01T12:00:00.000Z").
        captured: EXIF capture time, ISO 8601 without a zone, as cameras write it; or None.
        camera: EXIF make and model; or None.
        labels: the 50 most probable, most probable first, ties by wnid, quantised.
        vector: see `Vector`.
        neighbours: the 50 nearest photos, nearest first, ties by id, never the photo itself.
        model: name of the network that made labels and vector.
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
    version: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read once: which photo it holds, or why it could not be read.

    Exactly one of `photo` (an id) and `reason` is given. As long as `bytes` and `modified_ns` stay
    the same, the file is not opened again.
    """

    path: str
    bytes: int
    modified_ns: int
    photo: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What made a store: a single network, so that its vectors and labels can be compared.

    Attributes:
        model: name of the network.
        weights: sha256 of its weights, hex.
        dimensions: length of its vectors.
    """

    model: str
    weights: str
    dimensions: int

    def __str__(self) -> str:
        return f"{self.model} (weights {self.weights[:8]}, {self.dimensions} dimensions)"


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


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a store holds.

    Attributes:
        photos: distinct photos.
        linked: photos whose neighbours are stored.
        files: files that hold a photo.
        unreadable: files that could not be read.
    """

    photos: int
    linked: int
    files: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Query:
    """What a store ranks by, in numbers only.

    score(photo) = (sum over labels of weights[wnid] x probability + boosts[id]) x damping[id],
    computed as Lucene does: each product of float32 values, summed in float64, cast to float32.
    Photos of score 0 are not hits. Ties by id.

    Attributes:
        weights: wnid -> weight > 0.
        boosts: photo id -> addend >= 0.
        damping: photo id -> factor in [0, 1]; 1 where absent.
        filters: what leaves photos out, whatever their scores.
        limit, offset: the slice of the ranking to return.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    boosts: Mapping[str, float] = field(default_factory=dict)
    damping: Mapping[str, float] = field(default_factory=dict)
    filters: tuple[Filter, ...] = ()
    limit: int = DEFAULT_LIMIT
    offset: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether no photo can have a score above 0."""
        return not any(self.weights.values()) and not any(self.boosts.values())


@dataclass(frozen=True, slots=True)
class Request:
    """A search as it is sent to Elasticsearch.

    Attributes:
        index: the index or alias that is searched.
        body: of the request, in JSON types.
    """

    index: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Match:
    """A photo that a store found: what a hit shows of it, and its score.

    `labels` has those of its labels that the query weighs.
    """

    id: str
    score: float
    paths: tuple[str, ...]
    width: int
    height: int
    colour: str
    labels: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a score."""

    kind: Kind
    what: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A photo that answers a query; the scores of its reasons add up to its score."""

    id: str
    path: str
    score: float
    reasons: tuple[Reason, ...] = ()
    width: int = 0
    height: int = 0
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """An item of a batch that was not written; `conflict` if a newer version was in the way."""

    id: str
    reason: str
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """An example that is not in the library: all that is kept of its file.

    Attributes:
        id: content hash, so that the photo is known as the same one if it is indexed later.
        name: the path or file name that it was given by.
        labels, vector: what the network saw, as in `Photo`.
        thumbnail: JPEG, at most 320 pixels a side: what another network will look at.
        weights: sha256 of the network's weights, hex; "" in older events, which do not have it.
    """

    id: str
    name: str
    labels: tuple[Label, ...]
    vector: Vector = field(compare=False)
    thumbnail: bytes = field(repr=False)
    weights: str = ""

    def fits(self, info: StoreInfo) -> bool:
        """Whether it can be compared with the photos of the store that `info` made."""
        return len(self.vector) == info.dimensions and self.weights in ("", info.weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that a user taught; the log of events is the truth about all learned words.

    Attributes:
        id: random hex; "" before it is in a log.
        time: when, ISO 8601 with microseconds in UTC; "" before it is in a log. Events count in
            order of (time, id).
        kind: what the user did.
        user: who; "anonymous" where nobody was named.
        word: what was taught, in the normal form under which it is found again.
        query: what the user typed.
        good, bad: ids of photos that show the word, and that do not.
        shown: ids of the photos that the user saw.
        target: the new word of a rename or merge; the event that an undo takes back; the network
            that describes.
        uploads: those of `good` and `bad` that were not in the library; of a "describe" the
            examples as the network sees them, without their thumbnails.
        number: place in the store's log, which need not be the order of time.
    """

    id: str = ""
    time: str = ""
    kind: EventKind
    user: str
    word: str = ""
    query: str = ""
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    target: str = ""
    uploads: tuple[Upload, ...] = ()
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Searched:
    """One search: an entry of the search log.

    Attributes:
        time: when, ISO 8601 with milliseconds in UTC.
        user: who; "anonymous" where none was named.
        query: the words as they were typed.
        familiar: whether any word was understood.
        unfamiliar: the unknown words, in normal form.
        hits: photos on the first page.
        milliseconds: from the query to the answer.
        number: position in the log that it was read from, from 1; 0 until it is written.
    """

    time: str
    user: str
    query: str
    familiar: bool
    unfamiliar: tuple[str, ...]
    hits: int
    milliseconds: float
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An unfamiliar word, and how many searches asked for it."""

    word: str
    searches: int


@dataclass(frozen=True, slots=True)
class Learned:
    """A learned word in numbers: the document that mappings/words.json describes.

    Attributes:
        word: in normal form.
        good, bad: numbers of photos with more good than bad votes, and with more bad than good.
        uploads: how many of the good ones were not in the library.
        users: how many judged photos for it.
        changed: time of the last event.
        examples: ids of the best of the good ones, most votes first, ties by id.
    """

    word: str
    good: int
    bad: int
    uploads: int
    users: int
    changed: str
    examples: tuple[str, ...] = ()
