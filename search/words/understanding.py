"""Text to an `Understanding`: what each part of a query means in labels."""

from collections.abc import Collection
from pathlib import Path

from search.words.phrases import Find, Term, parse
from search.words.records import Part, Understanding
from search.words.spelling import find_form, fold
from search.words.tree import Tree, load_tree

EXCLUDED_LEAST = 0.15
"""Photos whose weighted probability for an excluded word reaches this are left out."""


class Words:
    """Everything that is known about words. Use `load_words`."""

    def __init__(self, tree: Tree) -> None:
        """Take the sources, most trusted first."""
        self.tree = tree

    def understand(self, text: str, taught: Collection[str] = ()) -> Understanding:
        """Say what a query means.

        Args:
            text: as a person typed it.
            taught: words that were learned from examples, in normal form (see `normalise`).

        Raises:
            BadValue: the text is too long.
        """
        terms = parse(text, self._find(taught)) or _nothing(text)
        parts = tuple(self._part(term, taught) for term in terms)
        familiar = any(part.kind not in ("excluded", "unfamiliar") for part in parts)
        return Understanding(text, familiar, parts)

    def _find(self, taught: Collection[str]) -> Find:
        def find(name: str) -> str | None:
            return find_form(name, taught) or self.tree.find(name)

        return find

    def _part(self, term: Term, taught: Collection[str]) -> Part:
        labels = self.tree.closure(term.word)
        if not labels and term.word not in taught:
            return Part(term.word, "unknown", "excluded" if term.excluded else "unfamiliar", 0.0)
        kind = "taught" if term.word in taught else self.tree.kind(term.word)
        return Part(
            word=term.word,
            meaning=self.tree.describe(sorted(labels, key=lambda wnid: -labels[wnid])),
            kind="excluded" if term.excluded else kind,
            weight=1.0,
            labels=labels,
            reasons=self.tree.reasons(term.word),
        )


def _nothing(text: str) -> list[Term]:
    """A query of stop words or signs only is one unknown word; a blank one is none."""
    words = fold(text) or text.strip() if text.isprintable() else fold(text)
    return [Term(words, known=False)] if words else []


def load_words(vectors_file: Path | None = None) -> Words:
    """Load the bundled data, and in place of the bundled word vectors those of a file.

    Raises:
        NotFound, BadValue: the file cannot be read as word vectors.
    """
    return Words(load_tree())
