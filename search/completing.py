"""What is typed, completed to searches that find something."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from search.browsing import SAMPLE, Browsing

if TYPE_CHECKING:
    from search.words.records import LearnedNames

MOST_COUNTED = 50_000
"""Photos of a library in which those that a completion finds are counted, by a search each."""

TRIED = 100
"""Completions from which those are taken that photos show."""

SEEN = 0.1
"""Probability from which a label is among what photos show."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A search to go on with.

    Attributes:
        words: all of it.
        photos: likely to show it; None where that is not counted.
    """

    words: str
    photos: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What photos show, in one state of the library and of what was taught.

    Attributes:
        state: of the library.
        names: what was taught.
        labels: WordNet id -> photos of a sample.
        counts: word -> likely photos, as far as they were counted.
    """

    state: str
    names: "LearnedNames"
    labels: Mapping[str, int]
    counts: dict[str, int] = field(default_factory=dict)


class Completing(Browsing):
    """A library that completes what is typed."""

    def completions(self, prefix: str, limit: int = 10) -> tuple[Completion, ...]:
        """Return searches that begin with `prefix`, its last words completed.

        Learned words come first, then names of what photos show, other names of labels, other
        words, names that say little, and last what is known to find nothing. Words beside others
        are not counted, nor are words that no label bears: what they find is a guess.
        """
        meanings, names = self._engine.meanings, self.vocabulary().names
        ends = meanings.endings(prefix, names, max(TRIED, limit))
        shown = self._shown(names) if ends and self.exists() else None
        starts = list(dict.fromkeys(before for before, _ in ends))

        def place(one: tuple[str, str]) -> tuple[int, int]:
            before, end = one
            labels = meanings.labels_named(end)
            is_seen = shown is not None and any(label in shown.labels for label in labels)
            kind = 0 if end in names.words else 1 if is_seen else 2 if labels else 3
            if kind and meanings.is_vague(end):
                kind = 4
            return starts.index(before), kind

        found = [Completion(before + end) for before, end in sorted(ends, key=place)[:limit]]
        if shown and self._is_counted():
            found = [
                replace(one, photos=self._photos_of(one.words, shown))
                if one.words in names.words or meanings.labels_named(one.words)
                else one
                for one in found
            ]
        return tuple(sorted(found, key=lambda one: one.photos == 0))

    @cached_property
    def _latest(self) -> list[Shown]:
        return []

    def _shown(self, names: "LearnedNames") -> Shown:
        state = self._store.photos.state()
        for latest in self._latest:
            # `names` is rebuilt whenever anything is taught, though it may hold the same words.
            if latest.state == state and latest.names is names:
                return latest
        sample = self._store.ranking.sample(0, SAMPLE)
        photos = self._store.photos.get([match.id for match in sample]).values()
        labels = Counter(
            label.wnid for photo in photos for label in photo.labels if label.probability >= SEEN
        )
        self._latest[:] = [Shown(state, names, labels)]
        return self._latest[0]

    def _is_counted(self) -> bool:
        """Tell whether a search is cheap, and finds photos by labels alone."""
        is_plain = self.need_store().model in self._label_networks
        return is_plain and self._store.photos.count() <= MOST_COUNTED

    def _photos_of(self, word: str, shown: Shown) -> int:
        from search.answers import Question

        if word not in shown.counts:
            plan = self._engine.plan(Question(word, limit=1), self.vocabulary())
            shown.counts[word] = self._engine.find(plan).likely
        return shown.counts[word]
