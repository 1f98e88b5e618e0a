"""Words of other languages: which English ones they mean, chosen by what photos can show.

Dictionaries give every sense of a word, and not the likeliest first: for "Hund" one begins with
mining cars. A sense counts by the labels that its words name, and by how early they stand; senses
that say the same add up.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from search.words.dictionaries import Dictionary
from search.words.lexicon import offensive
from search.words.spelling import fold

NAMED, EXPANDED = 1.0, 0.3
"""What an English word counts that names labels, and one that is merely near some."""
LATER_WORD, LATER_SENSE = 0.8, 0.85
"""What each further word of a sense, and each further sense, counts of the one before."""
FREQUENT, RARITY = 500, 0.5
"""How many words are frequent; how much the others count less the rarer they are."""
WEAKEST = 0.25
"""What counts less than this share of the likeliest meaning is left out."""
MOST = 4
SECOND = 0.3
"""How much all meanings but the likeliest are lowered."""

MOST_REMEMBERED = 10_000

Find = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Translation:
    """What a word means in English.

    Attributes:
        form: under which a dictionary knows it.
        dictionary: the name of that one.
        language: its language; "" where that is not known.
        meanings: known English words, the likeliest first, and how much each counts, in (0, 1];
            the first 1.
    """

    form: str
    dictionary: str
    language: str
    meanings: tuple[tuple[str, float], ...]


class Translator:
    """Looks words up that are not English."""

    def __init__(
        self,
        dictionaries: Sequence[Dictionary],
        find: Find,
        named: Container[str],
        frequent: Sequence[str],
    ) -> None:
        """Take dictionaries and what is known about English words.

        Args:
            dictionaries: the most trusted first.
            find: returns the known form of a folded word.
            named: words that name labels.
            frequent: all known words, the most frequent first.
        """
        self._dictionaries = dictionaries
        self._find = find
        self._named = named
        self._places = {word: place for place, word in enumerate(frequent)}
        self._known: dict[str, Translation | None] = {}

    def translate(self, word: str) -> Translation | None:
        """Return what a tidy word means, or an inflected form of it; None if nobody knows it.

        Raises:
            BadValue: a dictionary is damaged.
        """
        if word not in self._known:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[word] = self._looked_up(word)
        return self._known[word]

    def _looked_up(self, word: str) -> Translation | None:
        for dictionary in self._dictionaries:
            for form in _forms(word, dictionary.language):
                if meanings := self._chosen(dictionary.senses(form)):
                    return Translation(form, dictionary.name, dictionary.language, meanings)
        return None

    def _chosen(self, senses: list[list[str]]) -> tuple[tuple[str, float], ...]:
        counts = defaultdict[str, float](float)
        for place, words in enumerate(senses):
            best = dict[str, float]()
            for at, word in enumerate(words):
                name = self._find(fold(word))
                if name is not None and (name in self._named or name not in offensive()):
                    best.setdefault(name, self._worth(name) * LATER_WORD**at)
            for name, count in best.items():
                counts[name] += count * LATER_SENSE**place
        ranked = sorted(counts, key=lambda name: (-counts[name], name))[:MOST]
        most = counts[ranked[0]] if ranked else 1.0
        kept = [name for name in ranked if counts[name] >= WEAKEST * most]
        return tuple(
            (name, 1.0 if name == kept[0] else SECOND * counts[name] / most) for name in kept
        )

    def _worth(self, name: str) -> float:
        place = self._places.get(name, len(self._places))
        usual: float = (1 + place / FREQUENT) ** -RARITY
        return usual * (NAMED if name in self._named else EXPANDED)


def _forms(word: str, language: str) -> Iterator[str]:
    """Yield a word and the form under which dictionaries have it, as far as that can be told."""
    yield word
    if language == "de":  # "Strasse" and "Fluß": Swiss and old spellings
        yield from (word.replace(*pair) for pair in (("ss", "ß"), ("ß", "ss")) if pair[0] in word)
    if not language or " " in word:
        return
    try:
        import simplemma  # the extra `languages`
    except ImportError:
        return
    for form in (word, word.capitalize()):
        lemma = simplemma.lemmatize(form, lang=language).lower()
        if lemma != word:
            yield lemma
