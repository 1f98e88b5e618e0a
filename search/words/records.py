"""How a query was understood, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.kinds import Kind

if TYPE_CHECKING:
    from search.filters import Asked


@dataclass(frozen=True, slots=True)
class WordFiles:
    """Files of the user's own that say what words mean.

    Attributes:
        vectors: word vectors; None = the bundled ones.
        dictionaries: from other languages to English, the most trusted first; without any, those
            that the system has.
        trust_pickle: whether the vectors may be a pickle, which can run any program.
    """

    vectors: Path | None = None
    dictionaries: tuple[Path, ...] = ()
    trust_pickle: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """How one word or name of a query was understood.

    Attributes:
        word: in its known or normal form.
        meaning: what it was taken for, for people ("dog: Chihuahua, beagle and 116 more").
        kind: label, hypernym, related, word2vec, taught, text, excluded or unfamiliar.
        weight: how much the part counts; every label's weight contains it. 0 if unfamiliar.
        labels: WordNet id of a label -> weight > 0.
        reasons: WordNet id of a label -> why it is there ("a kind of dog"); "" where the word
            names the label itself.
        kinds: WordNet id of a label -> its kind, where that is not the part's: a hypernym may bring
            in related labels beside those under it.
        ancestors: WordNet id of an ancestor -> weight > 0 that all labels under it have in common,
            as `labels` says too: stores know what these add up to.
        english: the kind of the English word that a translated one stands for.
    """

    word: str
    meaning: str
    kind: Kind
    weight: float
    labels: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    ancestors: Mapping[str, float] = field(default_factory=dict)
    english: Kind | None = None

    @property
    def name(self) -> str:
        """What tells the part from the others of its query: its word, with a sign about it.

        "dog"; "-dog" where it is excluded; in quotation marks where it is the whole text.
        """
        signs = {Kind.EXCLUDED: "-{}", Kind.TEXT: '"{}"'}
        return signs.get(self.kind, "{}").format(self.word)

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
        filters: those that stand in the query, whether they are switched off or not.
        words: the query without them.
    """

    query: str
    familiar: bool
    parts: tuple[Part, ...]
    suggestions: tuple[str, ...] = ()
    filters: "tuple[Asked, ...]" = ()
    words: str = ""

    @property
    def excluded(self) -> frozenset[str]:
        """The words that are excluded."""
        return frozenset(part.word for part in self.parts if part.kind == Kind.EXCLUDED)

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
