"""Which words are known, in which form, and which of them an unknown word may stand for."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from functools import cache, cached_property
from importlib import resources
from itertools import islice

from search.words.parsing import STOP_WORDS
from search.words.spelling import base_forms, fold, singular

ALIKE = 75.0
"""Least likeness of words that sound alike, rapidfuzz's ratio from 0 to 100."""
LETTERS_A_MISTAKE = 3
"""A suggested spelling differs by one mistake for each of so many letters at most."""


class Lexicon:
    """All known names in folded form, the most trusted source first.

    Attributes:
        names: all of them, the most frequent first.
    """

    def __init__(self, named: Collection[str], expanded: Iterable[str]) -> None:
        """Take the names in the label tree, and all words by frequency."""
        self._named = named
        self._joined = {name.replace(" ", ""): name for name in named}
        singulars = ((singular(name), name) for name in named)
        self._plurals = {one: name for one, name in singulars if one not in named}
        self.names = tuple(dict.fromkeys((*expanded, *named)))
        self._known = frozenset(self.names)

    @cached_property
    def suggested(self) -> tuple[str, ...]:
        """The names that may be suggested, none of them offensive or too common to search for.

        Those in the label tree, which photos show, come before all others; each of both the most
        frequent first.
        """
        inside = [name for name in self.names if name in self._named]
        hidden = offensive() | STOP_WORDS
        others = [name for name in self.names if name not in hidden]
        return tuple(dict.fromkeys((*inside, *others)))

    def find(
        self,
        phrase: str,
        taught: Container[str] = (),
        carries: Callable[[str], bool] = lambda word: False,
    ) -> str | None:
        """Return the known name that a tidy phrase is a form of, or None.

        Taught names come first, then the label tree ("bananas" are fruit before they are mad),
        where spaces may be missing or too many, then all others; `carries` knows more words.
        Of a plural and its singular the singular is found, so that both find the same photos, but
        "glasses" are not several of a glass. Only taught names have accents; a phrase with accents
        may be a form of a name without.
        """
        folded = fold(phrase)
        close = dict.fromkeys((folded, singular(folded)))
        for source, forms in ((taught, (singular(phrase), phrase, *close)), (self._named, close)):
            found = next((form for form in forms if form in source), None)
            if found is not None:
                return found
        if folded in self._plurals:  # a "cow", where the tree has "cows" alone
            return self._plurals[folded]
        joined = (form.replace(" ", "") for form in close)
        found = next((self._joined[form] for form in joined if form in self._joined), None)
        return found or next(self._forms(folded, carries), None)

    def _forms(self, phrase: str, carries: Callable[[str], bool]) -> Iterator[str]:
        for form in base_forms(phrase):
            if form in self._known or carries(form):
                yield form
            elif form in self._joined:
                yield self._joined[form]

    def complete(self, prefix: str, limit: int, first: Iterable[str] = ()) -> list[str]:
        """Return names with a folded prefix: those of `first`, then what photos show, then others.

        Half of the rest are names in the label tree, half single words in their base form, as far
        as there are enough of both; the most frequent come first.
        """
        names = [name for name in sorted(first) if fold(name).startswith(prefix)]
        found = [name for name in self.names if name.startswith(prefix)]
        fresh = [name for name in found if name not in names and name not in offensive()]
        inside = [name for name in fresh if name in self._named]
        rest = max(0, limit - len(names))
        plain = (name for name in fresh if name not in self._named and self._is_plain(name))
        others = list(islice(plain, rest))
        shown = max(rest - rest // 2, rest - len(others))
        return [*names, *inside[:shown], *others, *inside[shown:]][:limit]

    def _is_plain(self, name: str) -> bool:
        """Tell whether a name is one word that people search for, in its base form."""
        stem = name.removesuffix("ed")
        bases = {singular(name), *((stem, f"{stem}e") if stem != name else ())} - {name}
        return " " not in name and name not in STOP_WORDS and not bases & self._known

    def sounds_like(self, word: str, limit: int) -> list[str]:
        """Return the names that are written like a word once letters of one sound agree."""
        from rapidfuzz import fuzz, process

        names = {name: _sound(name) for name in self.names}
        found = process.extract(
            _sound(word), names, scorer=fuzz.ratio, limit=limit, score_cutoff=ALIKE
        )
        return [name for _, _, name in found]

    def alike(self, word: str, limit: int, more: Iterable[str] = ()) -> list[str]:
        """Return the names that a word may be a misspelling of, the likeliest first.

        Those with the fewest mistakes: letters missing, too many, wrong or in wrong order (the
        restricted Damerau-Levenshtein distance). Among equals those of the same letters come first,
        because letters in wrong order are the commonest mistake; then `more`, then names in the
        label tree, which photos show, then the most frequent.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = max(1, len(word) // LETTERS_A_MISTAKE)
        names = tuple(dict.fromkeys((*more, *self.suggested)))
        near = process.extract(word, names, scorer=OSA.distance, score_cutoff=most, limit=None)
        letters = sorted(word)
        near.sort(key=lambda found: (found[1], sorted(found[0]) != letters, found[2]))
        return [name for name, _, _ in near[:limit]]


@cache
def offensive() -> frozenset[str]:
    """Return the words that are never shown unless a person types them."""
    data = resources.files("search.words.data").joinpath("offensive.txt")
    return frozenset(data.read_text(encoding="utf-8").splitlines())


def _sound(word: str) -> str:
    """Write letters of one sound alike, and none twice in a row ("gryphon", "griffin")."""
    for letters, sound in (("ph", "f"), ("ck", "k"), ("y", "i"), ("z", "s")):
        word = word.replace(letters, sound)
    return "".join(letter for at, letter in enumerate(word) if letter != word[at - 1 : at])
