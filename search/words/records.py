"""How a query was understood, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.kinds import Kind


@dataclass(frozen=True, slots=True)
class Part:
    """How one word or name of a query was understood.

    Attributes:
        word: in its known or normal form.
        meaning: what it was taken for, for people ("dog: Chihuahua, beagle and 116 more").
        kind: label, hypernym, related, word2vec, taught, excluded or unfamiliar.
        weight: how much the part counts; every label's weight contains it. 0 if unfamiliar.
        labels: WordNet id of a label -> weight > 0.
        reasons: WordNet id of a label -> why it is there ("a kind of dog"); "" where the word
            names the label itself.
        kinds: WordNet id of a label -> its kind, where that is not the part's: a hypernym may bring
            in related labels beside those under it.
    """

    word: str
    meaning: str
    kind: Kind
    weight: float
    labels: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What tells the part from the others of its query: "dog", "-dog" where it is excluded."""
        return f"-{self.word}" if self.kind == Kind.EXCLUDED else self.word

    @property
    def taken(self) -> str:
        """What the part was taken for, in one line: "dog = Chihuahua and 117 more (hypernym)"."""
        meaning = f" = {self.meaning}" if self.meaning else ""  # a taught word may name no label
        return f"{self.word}{meaning} ({self.kind})"


@dataclass(frozen=True, slots=True)
class Understanding:
    """A query as it was understood; the labels of its parts that are not excluded add up.

    Attributes:
        query: as it was given.
        familiar: whether anything that is asked for, not only excluded, is known.
        parts: in the order of the query, excluded ones last.
        suggestions: known words that look like an unfamiliar one, or mean something near; taught
            ones only, where the query is familiar but names no labels.
    """

    query: str
    familiar: bool
    parts: tuple[Part, ...]
    suggestions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The word that the query is as a whole, excluded parts left out; "" if none is left."""
        return " ".join(part.word for part in self.parts if part.kind != Kind.EXCLUDED)


@dataclass(frozen=True, slots=True)
class LearnedNames:
    """The learned words, in normal form, as far as it takes to understand a query.

    Attributes:
        words: all of them.
        shown: those with a photo that somebody marked good, so that they mean something.
        named: those that were taught on purpose, so that their words are one name in a query.
    """

    words: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
