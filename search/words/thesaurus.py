"""What is known about words without teaching: which labels each part of a query means."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.kinds import Kind
from search.words.combining import combine
from search.words.expansions import Expansion
from search.words.lexicon import Lexicon
from search.words.parsing import Term, parse
from search.words.records import Part, Understanding, WordFiles
from search.words.spelling import fold, sharp_spellings, singular, tidy
from search.words.tree import Tree, load_tree

if TYPE_CHECKING:
    from search.words.dictionaries import Dictionary
    from search.words.table import Table
    from search.words.translating import Translation, Translator
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
WEAKEST_BESIDE = 0.02
"""The same where the word's own meaning is an ancestor, so that related labels are what costs."""
BROAD = 20
"""Labels under an ancestor from which on related ones among them say nothing more."""

MANY, VAGUE = 5, 1.4
"""Labels of a name, and their mean z-score to it beyond that of all labels, under which the name is
vague: "animal" has 1.44, "artifact" .54, and most names over 2."""

PHRASE_POWER, PHRASE_LEAST, PHRASE_MOST = 0.7, -1.0, 10.0
SUGGESTIONS = 3
SHORTEST_HINTED = 4
"""Letters of an unknown word from which on it is worth saying what it may stand for."""
WITHOUT = "without"
"""What a word of another language means that excludes the name after it."""
NEAR_COSINE = 0.5


class Thesaurus:
    """All words that mean labels. Use `load_thesaurus`."""

    def __init__(
        self,
        tree: Tree,
        own_vectors: "WordVectors | None" = None,
        dictionaries: "Sequence[Dictionary]" = (),
    ) -> None:
        """Take the label tree and, where the user has some, word vectors and dictionaries."""
        self.tree = tree
        self._own = own_vectors
        self._dictionaries = dictionaries
        self._vague = dict[str, bool]()

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
    def _translator(self) -> "Translator":
        from search.words.translating import Translator

        return Translator(self._dictionaries, self._find_known, self.tree.names, self.lexicon.names)

    @cached_property
    def _findable(self) -> "NamedVectors":
        """All names that may be suggested, by meaning."""
        return self.vectors.among(self.lexicon.suggested)

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
        accented = (name for name in known if not name.isascii())
        bare = {fold(name): name for name in accented if fold(name) not in known}
        small, negations = self._function_words(text)

        def find(phrase: str) -> str | None:
            if phrase in small or phrase in negations:
                return WITHOUT if phrase in negations else ""
            name = self.lexicon.find(phrase, known, self._carries)
            if name not in known and (translation := self._translated(phrase)):
                return _as_taught(translation.form, known)
            if name is None:
                return bare.get(singular(fold(phrase)))
            return name if name in known else _accented(name, singular(phrase))

        terms = parse(text, find) or _nothing(text)
        terms = [term for term in terms if term.name not in switched_off]
        parts = [self._part(term, known) for term in terms]
        if len(parts) > 1:
            parts = combine(parts, self.tree.names, self._fit, [term.weight for term in terms])
        parts = [replace(part, word=term.word) for part, term in zip(parts, terms, strict=True)]
        wanted = [part for part in parts if part.kind != Kind.EXCLUDED]
        unknown = [part.word for part in wanted if part.kind == Kind.UNFAMILIAR]
        familiar = len(unknown) < len(wanted)
        if familiar:
            parts = [self._hinted(part, known) for part in parts]
            guessed = [part.word for part in wanted if part.kind == Kind.RELATED]
            suggestions = [name for word in guessed for name in self.near(word, known)]
        else:
            suggestions = self._suggest(unknown, known)
        return Understanding(text, familiar, tuple(parts), tuple(suggestions))

    def _hinted(self, part: Part, taught: Collection[str]) -> Part:
        """Say which words an unknown one beside known ones may stand for."""
        if part.kind != Kind.UNFAMILIAR or len(part.word) < SHORTEST_HINTED:
            return part
        near = self._suggest([part.word], taught)[:SUGGESTIONS]
        return replace(part, meaning=f"unknown; nearest words: {', '.join(near)}") if near else part

    def complete(self, prefix: str, limit: int = 10, taught: Collection[str] = ()) -> list[str]:
        """Return known words that begin with `prefix`, taught ones first, then by frequency."""
        folded = fold(prefix)
        return self.lexicon.complete(folded, limit, taught) if folded else []

    def is_vague(self, name: str) -> bool:
        """Tell whether a name of many labels says little of them: "whole", "artifact", "being".

        By the bundled vectors, it is hardly nearer to its own labels than to all of them.
        """
        labels = self.tree.closure(name)
        if len(labels) < MANY:
            return False
        if name not in self._vague:
            scores = self.vectors.zscores([name])
            own = [place for place, wnid in enumerate(self.tree.labels) if wnid in labels]
            self._vague[name] = scores is not None and bool(
                scores[own].mean() - scores.mean() < VAGUE
            )
        return self._vague[name]

    def near(self, word: str, among: Collection[str], count: int = 3) -> list[str]:
        """Return the words of `among` that mean most nearly the same, or are spelled alike."""
        name = singular(fold(word))
        spelled = Lexicon(among, ()).sounds_like(name, count)
        meant = (self._own or self.vectors).among(among).nearest(name, count, NEAR_COSINE)
        return list(dict.fromkeys((*meant, *spelled)))[:count]

    def _carries(self, word: str) -> bool:
        """Whether the user's own vectors say what a word means."""
        own = self._own
        return own is not None and word in own and own.expand(word) is not None

    def _find_known(self, phrase: str) -> str | None:
        return self.lexicon.find(phrase, carries=self._carries)

    def _translated(self, phrase: str) -> "Translation | None":
        """What a phrase means that is not English, or that English has without its accents only."""
        if not self._dictionaries:
            return None
        if not any(map(str.isalpha, phrase)):
            return None
        first = phrase.partition(" ")[0]  # most phrases are not names: their words tell it sooner
        if first.isascii() and self._find_known(first if " " in phrase else phrase):
            return None
        return self._translator.translate(phrase)

    def _function_words(self, text: str) -> tuple[Collection[str], Collection[str]]:
        """Words such as "im" and such as "ohne", of the languages that words of a query are of."""
        found = map(self._translated, tidy(text).split()) if self._dictionaries else ()
        languages = {translation.language for translation in found if translation}
        if not languages:
            return (), ()
        from search.words.dictionaries.function_words import function_words, negations

        return function_words(languages), negations(languages)

    def _part(self, term: Term, taught: Collection[str]) -> Part:
        """Understand one word by itself, without its accents; `combine` weighs several."""
        translation = self._translated(term.word)
        if translation:
            return self._in_english(term, translation, taught)
        meant = term.word if term.word in taught else fold(term.word)
        closure = self.tree.closure(meant)
        related = self._related(meant)
        if term.excluded:
            return _excluded(meant, closure, related, self.tree)
        if not (closure or related.weights or term.word in taught):
            return Part(meant, "unknown", Kind.UNFAMILIAR, 0.0)
        part = self._named(meant, closure, related) if closure else self._meant(meant, related)
        return _taught(part) if term.word in taught else part

    def _in_english(self, term: Term, translation: "Translation", taught: Collection[str]) -> Part:
        """A word of another language as its likeliest meaning, widened by the others."""
        (best, _), *others = translation.meanings
        if term.excluded:
            return self._part(Term(best, known=True, excluded=True), ())
        part = self._part(Term(best, known=True), ())
        labels, reasons = dict(part.labels), {}
        for name, weight in others:
            for wnid, value in self._part(Term(name, known=True), ()).labels.items():
                if weight * value >= WEAKEST_BESIDE and wnid not in labels:
                    labels[wnid], reasons[wnid] = weight * value, f"{term.word} = {name}"
        for wnid in part.labels:
            why = part.reasons.get(wnid)
            reasons[wnid] = f"{why}, {term.word} = {best}" if why else f"{term.word} = {best}"
        part = replace(
            part,
            meaning=f"{best} by {translation.dictionary}: {part.meaning}",
            kind=Kind.TRANSLATED,
            labels=labels,
            reasons=reasons,
            kinds={},
            english=part.kind,
        )
        return _taught(part) if term.word in taught else part

    def _named(self, word: str, closure: Mapping[str, float], related: Expansion) -> Part:
        """A word with labels of its own, widened by related ones."""
        frequent = min(self.tree.names[word].values()) == 1
        share = WIDENING if frequent else WIDENING_RARE
        ancestors = self.tree.shared(word)
        under = [self.tree.below(synset) for synset in ancestors]
        broad = {wnid for labels in under if len(labels) >= BROAD for wnid in labels}
        weakest = WEAKEST_BESIDE if ancestors else WEAKEST
        labels = dict(closure)
        for wnid, weight in related.weights.items():
            more = share * weight**WIDENING_POWER
            if more >= weakest and wnid not in broad:
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
            ancestors=ancestors,
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


def load_thesaurus(files: WordFiles | None = None) -> Thesaurus:
    """Load the bundled data and, where given, files of the user's own.

    Raises:
        NotFound, BadValue: a file cannot be read as what it was given for.
    """
    tree, files = load_tree(), files or WordFiles()
    from search.words.dictionaries import open_dictionaries

    dictionaries = open_dictionaries(files.dictionaries, tree)
    if files.vectors is None:
        return Thesaurus(tree, None, dictionaries)
    from search.words.vectors import vectors_of_file

    own = vectors_of_file(files.vectors, tree, files.trust_pickle)
    return Thesaurus(tree, own, dictionaries)


def _as_taught(form: str, taught: Container[str]) -> str:
    """Return a word in its taught spelling with "ß" or "ss"; other accents are other words."""
    spellings = (form, *sharp_spellings(form))
    return next((one for one in spellings if one in taught), form)


def _accented(name: str, typed: str) -> str:
    """Return a known name with the accents that it was typed with, if it is the same word."""
    return typed if typed != name == singular(fold(typed)) else name


def _nothing(text: str) -> list[Term]:
    """A query of nothing but stop words or signs is one unknown word; a blank one has no words."""
    words = fold(text) or (text.strip() if text.isprintable() else "")
    return [Term(words, known=False)] if words else []


def _heaviest(weights: Mapping[str, float]) -> list[str]:
    return sorted(weights, key=lambda wnid: -weights[wnid])


def _excluded(word: str, closure: Mapping[str, float], related: Expansion, tree: Tree) -> Part:
    """Weigh labels to leave out relative to the largest, so that one threshold fits all words."""
    weights = closure or related.weights
    most = max(weights.values(), default=1.0)
    labels = {wnid: weight / most for wnid, weight in weights.items()}
    ancestors = {synset: weight / most for synset, weight in tree.shared(word).items()}
    meaning = tree.describe(_heaviest(labels)) if labels else "unknown"
    reasons = tree.reasons(word)
    return Part(word, meaning, Kind.EXCLUDED, 1.0, labels, reasons, ancestors=ancestors)


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
