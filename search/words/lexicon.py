"""Which words are known, in which form, and which of them an unknown word may stand for."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator

from search.words.spelling import base_forms, singular

ALIKE = 75.0
"""Least likeness of a suggested spelling, rapidfuzz's ratio from 0 to 100."""


class Lexicon:
    """All known names in folded form, the most trusted source first.

    Attributes:
        names: all of them, the most frequent first.
    """

    def __init__(self, named: Collection[str], expanded: Iterable[str]) -> None:
        """Take the names in the label tree, and all words by frequency."""
        self._named = named
        self._joined = {name.replace(" ", ""): name for name in named}
        self.names = tuple(dict.fromkeys((*expanded, *named)))
        self._known = frozenset(self.names)

    def find(
        self,
        phrase: str,
        taught: Container[str] = (),
        carries: Callable[[str], bool] = lambda word: False,
    ) -> str | None:
        """Return the known name that a folded phrase is a form of, or None.

        Taught names come first, then the label tree ("bananas" are fruit before they are mad),
        where spaces may be missing or too many, then all others; `carries` knows more words.
        """
        close = dict.fromkeys((phrase, singular(phrase)))
        for source in (taught, self._named):
            found = next((form for form in close if form in source), None)
            if found is not None:
                return found
        joined = (form.replace(" ", "") for form in close)
        found = next((self._joined[form] for form in joined if form in self._joined), None)
        return found or next(self._forms(phrase, carries), None)

    def _forms(self, phrase: str, carries: Callable[[str], bool]) -> Iterator[str]:
        for form in base_forms(phrase):
            if form in self._known or carries(form):
                yield form
            elif form in self._joined:
                yield self._joined[form]

    def complete(self, prefix: str, limit: int, first: Iterable[str] = ()) -> list[str]:
        """Return the most frequent names with a folded prefix, those of `first` before them."""
        names = dict.fromkeys((*sorted(first), *self.names))
        return [name for name in names if name.startswith(prefix)][:limit]

    def sounds_like(self, word: str, limit: int) -> list[str]:
        """Return the names that are written like a word once letters of one sound agree."""
        from rapidfuzz import fuzz, process

        names = {name: _sound(name) for name in self.names}
        found = process.extract(
            _sound(word), names, scorer=fuzz.ratio, limit=limit, score_cutoff=ALIKE
        )
        return [name for _, _, name in found]

    def alike(self, word: str, limit: int, more: Iterable[str] = ()) -> list[str]:
        """Return the names spelled most like a word, the most alike first."""
        from rapidfuzz import fuzz, process

        names = [*more, *self.names]
        found = process.extract(word, names, scorer=fuzz.ratio, limit=limit, score_cutoff=ALIKE)
        return list(dict.fromkeys(name for name, _, _ in found))


def _sound(word: str) -> str:
    """Write letters of one sound alike, and none twice in a row ("gryphon", "griffin")."""
    for letters, sound in (("ph", "f"), ("ck", "k"), ("y", "i"), ("z", "s")):
        word = word.replace(letters, sound)
    return "".join(letter for at, letter in enumerate(word) if letter != word[at - 1 : at])
