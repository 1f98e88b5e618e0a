"""A library that is taught one word by somebody whose opinions are known; in memory only."""

import time
from collections.abc import Callable

from indexer.records import Event
from search.answers import Question
from search.evaluation.truth import Truth
from search.library import Library
from search.teaching.meanings import key_of
from search.teaching.vocabulary import Vocabulary

RANKED = 10_000
SHOWN = 20


class Pupil:
    """A library that is taught one word, in memory only."""

    def __init__(self, library: Library, truth: Truth, word: str) -> None:
        """Know nothing yet."""
        self._library = library
        self._truth = truth
        self._word = word
        self._vocabulary = Vocabulary()
        self._key = key_of(library.engine.words.understand(word, self._vocabulary))
        self.judged: set[str] = set()

    @staticmethod
    def words(library: Library) -> Callable[[str], bool]:
        """Return what tells whether a word is known without teaching."""
        words, nothing = library.engine.words, Vocabulary()
        return lambda text: words.understand(text, nothing).familiar

    def judge(self, good: list[str], bad: list[str]) -> None:
        """Take a user's clicks."""
        if good or bad:
            self.judged |= {*good, *bad}
            number = f"{len(self.judged):09}"
            self._vocabulary = self._vocabulary.copy()  # what was given out is remembered by others
            self._vocabulary.apply(
                Event(number, number, "click", "user", self._key, good=tuple(good), bad=tuple(bad))
            )

    def rank(self) -> tuple[float, list[str]]:
        """Return the seconds that the first 20 take, and the ranking of all labelled photos."""
        engine = self._library.engine
        began = time.perf_counter()
        engine.search(Question(self._word, limit=SHOWN), self._vocabulary)
        seconds = time.perf_counter() - began
        ranking = engine.ranking(self._word, self._vocabulary, RANKED)
        return seconds, [id for id in ranking if id in self._truth.categories]
