"""The kinds of things that answers and the log of events tell apart; their values are in JSON."""

from enum import StrEnum


class Kind(StrEnum):
    """Why a photo has a part of its score, and what a part of a query was taken for."""

    LABEL = "label"
    """What the network sees bears that name."""
    HYPERNYM = "hypernym"
    """What the network sees is a kind of it."""
    RELATED = "related"
    """What the network sees is near it in WordNet, or often seen with it."""
    WORD2VEC = "word2vec"
    """Its word vector is near."""
    TRANSLATED = "translated"
    """A dictionary of another language says what it means in English."""
    TAUGHT = "taught"
    """Users taught the word."""
    EXCLUDED = "excluded"
    """Photos of the word are left out."""
    UNFAMILIAR = "unfamiliar"
    """Nobody knows the word."""
    TEXT = "text"
    """The network that describes the photos read it: they look like it."""
    NEIGHBOUR = "neighbour"
    """The photo is near to photos that show a taught word."""
    VOTE = "vote"
    """Users marked the photo good."""
    SIMILAR = "similar"
    """The photo is like the one that was searched by."""
    DAMPING = "damping"
    """The photo is like photos that users marked bad."""


class Order(StrEnum):
    """Which hits come first; ties by id."""

    SCORE = "score"
    NEWEST = "newest"
    OLDEST = "oldest"


class EventKind(StrEnum):
    """What an event of the log says."""

    CLICK = "click"
    TEACH = "teach"
    FORGET = "forget"
    RENAME = "rename"
    MERGE = "merge"
    UNDO = "undo"
    DESCRIBE = "describe"
    """Another network tells what it sees in earlier examples."""
    ERASE = "erase"
    """Stands where an event was that was removed for good; and tells processes which those are."""
