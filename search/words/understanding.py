"""The step `understand` of a search: a query, learned words included, in parts; remembered."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from indexer.errors import BadValue
from indexer.kinds import Kind
from search.words.parsing import LONGEST_NAME
from search.words.records import LearnedNames, Understanding
from search.words.spelling import find_form, fold
from search.words.thesaurus import Thesaurus

LONGEST_PREFIX = 200
"""Characters that are completed; longer texts are not words."""

MOST_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """What queries mean with one set of learned words: (text, switched off) -> understanding."""

    learned: LearnedNames
    understood: dict[tuple[str, frozenset[str]], Understanding] = field(default_factory=dict)


class Meanings:
    """What words mean, learned ones included. One object serves all threads."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        """Take what is known without teaching."""
        self._thesaurus = thesaurus
        self._familiar: dict[str, bool] = {}
        self._latest = Remembered(LearnedNames())

    def understand(
        self,
        text: str,
        learned: LearnedNames,
        switched_off: frozenset[str] = frozenset(),
    ) -> Understanding:
        """Understand a query.

        Further pages of an answer, and queries that many people have, are remembered until
        something is taught.

        A word that has a meaning without being taught keeps it, unless it was taught on purpose:
        what was taught for it is added by the next step.

        Args:
            text: as a person typed it.
            learned: the learned words.
            switched_off: names of parts (see `Part.name`) to leave aside, as if not asked for.

        Raises:
            BadValue: the text is too long.
        """
        latest = self._latest
        if latest.learned is not learned:
            latest = self._latest = Remembered(learned)
        question = (text, switched_off)
        if question not in latest.understood:
            if len(latest.understood) >= MOST_REMEMBERED:
                latest.understood.clear()
            latest.understood[question] = self._understand(text, learned, switched_off)
        return latest.understood[question]

    def is_known(self, text: str) -> bool:
        """Tell whether any word of a text means something without being taught."""
        # Remembered, because looking for words like an unknown one takes long.
        if text not in self._familiar:
            self._familiar[text] = self._thesaurus.understand(text).familiar
        return self._familiar[text]

    def complete(self, prefix: str, learned: LearnedNames, limit: int = 10) -> list[str]:
        """Return queries that begin with `prefix`, as typed, with its last words completed.

        The more words a completion goes on from, the earlier it comes; learned words before others.
        """
        found = dict[str, None]()
        words = prefix[:LONGEST_PREFIX].split()
        for start in range(max(0, len(words) - LONGEST_NAME), len(words)):
            before = "".join(f"{word} " for word in words[:start])
            ends = self._thesaurus.complete(" ".join(words[start:]), limit, learned.words)
            found |= dict.fromkeys(before + end for end in ends)
        return list(found)[:limit]

    def _understand(
        self, text: str, learned: LearnedNames, switched_off: Collection[str]
    ) -> Understanding:
        kept = {
            name
            for name in _learned_in(text, learned.shown)
            if name not in learned.named and self.is_known(name)
        }
        taught = learned.shown - kept
        return self._suggest(self._thesaurus.understand(text, taught, switched_off), taught)

    def _suggest(self, understood: Understanding, taught: Collection[str]) -> Understanding:
        """Suggest learned words that mean or sound like unknown ones before any others."""
        if understood.familiar or not taught:
            return understood
        unknown = [part.word for part in understood.parts if part.kind == Kind.UNFAMILIAR]
        near = [name for word in unknown for name in self._thesaurus.near(word, taught)]
        return replace(
            understood, suggestions=tuple(dict.fromkeys((*near, *understood.suggestions)))
        )


def key_of(understanding: Understanding) -> str:
    """Return the word under which judgements of a query are kept: see `Understanding.key`.

    Raises:
        BadValue: nothing is asked for.
    """
    if not understanding.key:
        raise BadValue(f"the query {understanding.query!r} names nothing: give a word")
    return understanding.key


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
