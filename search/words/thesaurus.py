"""What is known about words without teaching: which labels each part of a query means."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.kinds import Kind
from search.words.combining import combine
from search.words.expansions import Expansion
from search.words.lexicon import Lexicon
from search.words.parsing import Term, parse
from search.words.records import Part, Understanding
from search.words.spelling import fold, normalise
from search.words.tree import Tree, load_tree

if TYPE_CHECKING:
    from search.words.table import Table
    from search.words.vectors import NamedVectors, WordVectors

# All constants were chosen on every second query of each kind; benchmarks/QUALITY.md has the rest.
EXCLUDED_LEAST = 0.1
"""Photos whose weighted probability for an excluded word reaches this are left out: 84 % of those
that show it, and .2 % of the others."""

WIDENING = 0.45
"""How much related labels add to a word that names labels in its most frequent meaning."""
WIDENING_RARE = 0.5
"""The same where it names them in a rarer meaning only, so that the other may be meant."""
WIDENING_POWER, EXPANSION_POWER = 1.3, 0.75
"""What weights of related labels are raised to, beside labels of the word's own and without."""
WEAKEST = 0.003
"""Weights of related labels under this are dropped: they cost time and change nothing."""

PHRASE_POWER, PHRASE_LEAST, PHRASE_MOST = 0.7, -1.0, 10.0
SUGGESTIONS = 3
NEAR_COSINE = 0.5


class Thesaurus:
    """All words that mean labels. Use `load_thesaurus`."""

    def __init__(self, tree: Tree, own_vectors: "WordVectors | None" = None) -> None:
        """Take the label tree and, where the user has some, other word vectors."""
        self.tree = tree
        self._own = own_vectors

    @cached_property
    def table(self) -> "Table":
        """The expansions of common words."""
        from search.words.table import load_table

        return load_table()

    @cached_property
    def vectors(self) -> "WordVectors":
        """The bundled word vectors."""
        from search.words.vectors import bundled_vectors

        return bundled_vectors(self.tree)

    @cached_property
    def lexicon(self) -> Lexicon:
        """All names that find something."""
        return Lexicon(self.tree.names, self.table.words)

    @cached_property
    def _findable(self) -> "NamedVectors":
        """All names that find something, by meaning."""
        return self.vectors.among(self.lexicon.names)

    def understand(
        self, text: str, taught: Collection[str] = (), switched_off: Collection[str] = ()
    ) -> Understanding:
        """Say what a query means.

        Args:
            text: as a person typed it.
            taught: words that were learned from examples, in normal form (see `normalise`).
            switched_off: names of parts (see `Part.name`) to leave aside, as if not asked for.

        Raises:
            BadValue: the text is too long.
        """
        known: Collection[str] = frozenset(taught)
        terms = parse(text, lambda name: self.lexicon.find(name, known, self._carries))
        terms = terms or _nothing(text)
        terms = [term for term in terms if term.name not in switched_off]
        parts = [self._part(term, known) for term in terms]
        if len(parts) > 1:
            parts = combine(parts, self.tree.names, self._fit)
        wanted = [part for part in parts if part.kind != Kind.EXCLUDED]
        unknown = [part.word for part in wanted if part.kind == Kind.UNFAMILIAR]
        familiar = len(unknown) < len(wanted)
        if familiar:
            guessed = [part.word for part in wanted if part.kind == Kind.RELATED]
            suggestions = [name for word in guessed for name in self.near(word, known)]
        else:
            suggestions = self._suggest(unknown, known)
        return Understanding(text, familiar, tuple(parts), tuple(suggestions))

    def complete(self, prefix: str, limit: int = 10, taught: Collection[str] = ()) -> list[str]:
        """Return known words that begin with `prefix`, taught ones first, then by frequency."""
        folded = fold(prefix)
        return self.lexicon.complete(folded, limit, taught) if folded else []

    def near(self, word: str, among: Collection[str], count: int = 3) -> list[str]:
        """Return the words of `among` that mean most nearly the same, or are spelled alike."""
        name = normalise(word)
        spelled = Lexicon(among, ()).sounds_like(name, count)
        meant = (self._own or self.vectors).among(among).nearest(name, count, NEAR_COSINE)
        return list(dict.fromkeys((*meant, *spelled)))[:count]

    def _carries(self, word: str) -> bool:
        """Whether the user's own vectors say what a word means."""
        own = self._own
        return own is not None and word in own and own.expand(word) is not None

    def _part(self, term: Term, taught: Collection[str]) -> Part:
        """Understand one word by itself; `combine` weighs several."""
        closure = self.tree.closure(term.word)
        related = self._related(term.word)
        if term.excluded:
            return _excluded(term.word, closure or dict(related.weights), self.tree)
        if not (closure or related.weights or term.word in taught):
            return Part(term.word, "unknown", Kind.UNFAMILIAR, 0.0)
        part = (
            self._named(term.word, closure, related) if closure else self._meant(term.word, related)
        )
        return _taught(part) if term.word in taught else part

    def _named(self, word: str, closure: Mapping[str, float], related: Expansion) -> Part:
        """A word with labels of its own, widened by related ones."""
        frequent = min(self.tree.names[word].values()) == 1
        share = WIDENING if frequent else WIDENING_RARE
        labels = dict(closure)
        for wnid, weight in related.weights.items():
            more = share * weight**WIDENING_POWER
            if more >= WEAKEST:
                labels[wnid] = labels.get(wnid, 0.0) + more
        added = labels.keys() - closure.keys()
        return Part(
            word=word,
            meaning=self.tree.describe(_heaviest(closure)),
            kind=self.tree.kind(word),
            weight=1.0,
            labels=labels,
            reasons={wnid: related.reasons[wnid] for wnid in added} | self.tree.reasons(word),
            kinds={wnid: related.kinds.get(wnid, Kind.RELATED) for wnid in added},
        )

    def _meant(self, word: str, related: Expansion) -> Part:
        """A word without labels of its own."""
        weights = {wnid: weight**EXPANSION_POWER for wnid, weight in related.weights.items()}
        kind = Kind.RELATED if word in self.table else Kind.WORD2VEC
        return Part(
            word=word,
            meaning=self.tree.describe(_heaviest(weights)),
            kind=kind,
            weight=1.0,
            labels=weights,
            reasons=related.reasons,
            kinds={wnid: other for wnid, other in related.kinds.items() if other != kind},
        )

    def _related(self, word: str) -> Expansion:
        """The table's expansion, the user's own vectors' where it has none, or the mean of both."""
        told = self.table.expand(word) if word in self.table else None
        near = self._own.expand(word) if self._own else None
        if told and near:
            return _mean(told, near)
        return told or near or Expansion({}, {})

    def _fit(self, words: Sequence[str]) -> dict[str, float]:
        """Label -> factor by how near it is to all words together; {} where none has a vector."""
        import numpy as np

        scores = self.vectors.zscores(words)
        if scores is None:
            return {}
        factors = np.exp(PHRASE_POWER * np.clip(scores, PHRASE_LEAST, PHRASE_MOST))
        return dict(zip(self.tree.labels, factors.tolist(), strict=True))

    def _suggest(self, unknown: Sequence[str], taught: Collection[str]) -> list[str]:
        found: list[str] = []
        for word in unknown:
            spelled = self.lexicon.alike(word, SUGGESTIONS, taught)
            near = self._findable.nearest(word, SUGGESTIONS, NEAR_COSINE)
            # What has a vector is a word itself, and hardly a misspelling of another.
            found += [name for name in spelled if name in taught or not near] + near
        return list(dict.fromkeys(found))


def load_thesaurus(vectors_file: Path | None = None) -> Thesaurus:
    """Load the bundled data and, where given, word vectors of the user's own.

    Raises:
        NotFound, BadValue: the file cannot be read as word vectors.
    """
    tree = load_tree()
    if vectors_file is None:
        return Thesaurus(tree)
    from search.words.vectors import vectors_of_file

    return Thesaurus(tree, vectors_of_file(vectors_file, tree))


def _nothing(text: str) -> list[Term]:
    """A query of nothing but stop words or signs is one unknown word; a blank one has no words."""
    words = fold(text) or (text.strip() if text.isprintable() else "")
    return [Term(words, known=False)] if words else []


def _heaviest(weights: Mapping[str, float]) -> list[str]:
    return sorted(weights, key=lambda wnid: -weights[wnid])


def _excluded(word: str, weights: Mapping[str, float], tree: Tree) -> Part:
    """Weigh labels to leave out relative to the largest, so that one threshold fits all words."""
    most = max(weights.values(), default=1.0)
    labels = {wnid: weight / most for wnid, weight in weights.items()}
    meaning = tree.describe(_heaviest(labels)) if labels else "unknown"
    return Part(word, meaning, Kind.EXCLUDED, 1.0, labels, tree.reasons(word))


def _taught(part: Part) -> Part:
    """Mark a part as taught; labels that the word has anyway keep their kinds."""
    kinds = {wnid: part.kinds.get(wnid, part.kind) for wnid in part.labels}
    return replace(part, kind=Kind.TAUGHT, kinds=kinds)


def _mean(one: Expansion, other: Expansion) -> Expansion:
    wnids = one.weights.keys() | other.weights.keys()
    weights = {
        wnid: (one.weights.get(wnid, 0.0) + other.weights.get(wnid, 0.0)) / 2
        for wnid in sorted(wnids)
    }
    kinds = {wnid: kind for wnid, kind in other.kinds.items() if wnid not in one.weights}
    return Expansion(weights, {**other.reasons, **one.reasons}, kinds)
