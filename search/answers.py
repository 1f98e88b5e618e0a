"""What Magpie answers: plain records that commands and routes turn into JSON."""

from dataclasses import dataclass

from indexer.records import Hit, Wanted
from search.words import Part


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a search.

    Attributes:
        query: the words as they were given.
        familiar: whether any word was understood.
        words: how each part of the query was understood.
        suggestions: words that would find something, where the query did not.
        hits: best first.
    """

    query: str
    familiar: bool
    words: tuple[Part, ...]
    suggestions: tuple[str, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """What a store holds.

    Attributes:
        store: its URL, without a password.
        photos, files: numbers of photos and of readable files.
        unreadable: number of files that could not be read.
        linked: number of photos whose neighbours are stored.
        model, weights, dimensions: what made it: name, sha256, length of a vector.
        bytes: its size on disk.
        searches: number of searches in its log.
        wanted: unfamiliar words that were asked for, most often first.
    """

    store: str
    photos: int
    files: int
    unreadable: int
    linked: int
    model: str
    weights: str
    dimensions: int
    bytes: int
    searches: int
    wanted: tuple[Wanted, ...]
