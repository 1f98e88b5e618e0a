"""One word that is taught to a library in memory only, by someone whose opinions are known."""

import time

from indexer.events import Event
from indexer.kinds import EventKind
from search.answers import Question
from search.engine import SearchEngine
from search.evaluation.truth import Truth
from search.teaching.vocabulary import Vocabulary
from search.words import key_of

RANKED = 10_000
SHOWN = 20


class TrialLesson:
    """A word, and the photos that were judged for it so far; nothing is written to the store."""

    def __init__(self, engine: SearchEngine, truth: Truth, word: str) -> None:
        """Start without any judgement."""
        self._engine = engine
        self._truth = truth
        self._word = f'"{word}"'  # or "summer 2019" would be a filter
        self._vocabulary = Vocabulary()
        self._key = key_of(engine.meanings.understand(self._word, self._vocabulary.names))
        self.judged: set[str] = set()

    def judge(self, good: list[str], bad: list[str]) -> None:
        """Add a user's clicks."""
        if good or bad:
            self.judged |= {*good, *bad}
            number = f"{len(self.judged):09}"
            self._vocabulary = self._vocabulary.copy()  # others may have kept the last one
            self._vocabulary.apply(
                Event(
                    id=number,
                    time=number,
                    kind=EventKind.CLICK,
                    user="user",
                    word=self._key,
                    good=tuple(good),
                    bad=tuple(bad),
                )
            )

    def rank(self) -> tuple[float, list[str]]:
        """Return the seconds that the first 20 take, and the ranking of all labelled photos."""
        engine = self._engine
        began = time.perf_counter()
        engine.answer(engine.plan(Question(self._word, limit=SHOWN), self._vocabulary))
        seconds = time.perf_counter() - began
        whole = engine.plan(Question(self._word, limit=RANKED), self._vocabulary)
        ranking = engine.rank(whole.query)
        return seconds, [id for id in ranking if id in self._truth.categories]
