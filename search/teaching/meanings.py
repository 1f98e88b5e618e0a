"""Under which words something is learned and found again: the same for "Griffins" and "griffin"."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from indexer.errors import BadValue
from search.teaching.vocabulary import Vocabulary
from search.words import Understanding, Words
from search.words.phrases import LONGEST_NAME
from search.words.spelling import find_form, fold

EXCLUDED = "excluded"

LONGEST_PREFIX = 200
"""Characters that are completed; longer ones are no words any more."""


MOST_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """What queries mean with one state of what was taught: question -> understanding."""

    vocabulary: Vocabulary
    understood: dict[tuple[str, frozenset[str]], Understanding] = field(default_factory=dict)


class Meanings:
    """What words mean, learned ones included. One object serves all threads."""

    def __init__(self, words: Words) -> None:
        """Take what is known without teaching."""
        self._words = words
        self._familiar: dict[str, bool] = {}
        self._latest = Remembered(Vocabulary())

    def understand(
        self, text: str, vocabulary: Vocabulary, without: Collection[str] = ()
    ) -> Understanding:
        """Understand a query, the parts named in `without` left aside.

        Further pages of an answer, and queries that many people have, are remembered until
        something is taught.

        A word that has a meaning without being taught keeps it, unless it was taught on purpose:
        what was taught for it is added later.

        Raises:
            BadValue: the text is too long.
        """
        latest = self._latest
        if latest.vocabulary is not vocabulary:
            latest = self._latest = Remembered(vocabulary)
        question = (text, frozenset(without))
        if question not in latest.understood:
            if len(latest.understood) >= MOST_REMEMBERED:
                latest.understood.clear()
            latest.understood[question] = self._understand(text, vocabulary, without)
        return latest.understood[question]

    def _understand(
        self, text: str, vocabulary: Vocabulary, without: Collection[str]
    ) -> Understanding:
        taught = {word for word, lesson in vocabulary.lessons.items() if lesson.has_good()}
        taught -= {
            name
            for name in _learned_in(text, taught)
            if not vocabulary.lessons[name].is_name and self._is_familiar(name)
        }
        return self._suggest(self._words.understand(text, taught, without), taught)

    def _suggest(self, understood: Understanding, taught: Collection[str]) -> Understanding:
        """Suggest learned words that mean or sound like unknown ones before any others."""
        if understood.familiar or not taught:
            return understood
        unknown = [part.word for part in understood.parts if part.kind == "unfamiliar"]
        near = [name for word in unknown for name in self._words.near(word, taught)]
        return replace(
            understood, suggestions=tuple(dict.fromkeys((*near, *understood.suggestions)))
        )

    def complete(self, prefix: str, vocabulary: Vocabulary, limit: int = 10) -> list[str]:
        """Return queries that begin with `prefix`, as typed, with its last words completed.

        The more words a completion goes on from, the earlier it comes; learned words before others.
        """
        learned, found = vocabulary.lessons.keys(), dict[str, None]()
        words = prefix[:LONGEST_PREFIX].split()
        for start in range(max(0, len(words) - LONGEST_NAME), len(words)):
            before = "".join(f"{word} " for word in words[:start])
            ends = self._words.complete(" ".join(words[start:]), limit, learned)
            found |= dict.fromkeys(before + end for end in ends)
        return list(found)[:limit]

    def _is_familiar(self, word: str) -> bool:
        # Remembered, because looking for words like an unknown one takes long.
        if word not in self._familiar:
            self._familiar[word] = self._words.understand(word).familiar
        return self._familiar[word]


def key_of(understanding: Understanding) -> str:
    """Return the word that a whole query is: its parts, those that are left out not counted.

    Raises:
        BadValue: nothing is left.
    """
    key = join(understanding)
    if not key:
        raise BadValue(f"the query {understanding.query!r} names nothing: give a word")
    return key


def join(understanding: Understanding) -> str:
    """As `key_of`, but "" where nothing is left."""
    return " ".join(part.word for part in understanding.parts if part.kind != EXCLUDED)


def _learned_in(text: str, learned: Collection[str]) -> Iterator[str]:
    """Yield the learned words that a text may hold."""
    words = fold(text).split()
    if not words and text.strip() in learned:  # a name of signs only
        yield text.strip()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + LONGEST_NAME) + 1):
            form = find_form(" ".join(words[start:end]), learned)
            if form is not None:
                yield form
