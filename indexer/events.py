"""What users taught: the events of the log, the examples in them, and the words that follow."""

from dataclasses import dataclass, field

from indexer.kinds import EventKind
from indexer.records import Label, StoreInfo, Vector


@dataclass(frozen=True, slots=True)
class Upload:
    """An example that is not in the library: all that is kept of its file.

    Attributes:
        id: content hash, so that the photo is known as the same one if it is indexed later.
        name: the path or file name that it was given by.
        labels, vector: what the network saw, as in `Photo`.
        thumbnail: JPEG, at most 320 pixels a side: what another network will look at.
        weights: sha256 of the network's weights, hex; "" in older events, which do not have it.
        looks: as in `StoreInfo`; vectors of the same photo by other looks have a cosine of .98.
    """

    id: str
    name: str
    labels: tuple[Label, ...]
    vector: Vector = field(compare=False)
    thumbnail: bytes = field(repr=False)
    weights: str = ""
    looks: int = 1

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
        shown: ids of the photos that the user saw; of an "erase" those of the events that are gone.
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
