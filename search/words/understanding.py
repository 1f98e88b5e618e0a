"""The step `understand` of a search: a query, learned words included, in parts; remembered."""

import re
from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace

from indexer.errors import BadValue
from indexer.kinds import Kind
from search.filters.asked import Asked
from search.words.parsing import LONGEST_NAME, STOP_WORDS, check_length, says_nothing
from search.words.records import LearnedNames, Understanding
from search.words.spelling import find_form, fold, tidy
from search.words.thesaurus import Thesaurus

LONGEST_PREFIX = 200
"""Characters that are completed; longer texts are not words."""

MOST_REMEMBERED = 1_000

MAY_FILTER = re.compile(
    r":\S|\d{4}|['’]\d\d|\b(?:last|past|this)\s|\b(?:yesterday|today|ago)\b", re.IGNORECASE
)
"""What every text with a filter has; most texts have none of it."""


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
        self._keys: dict[str, str | None] = {}
        self._latest = Remembered(LearnedNames())

    def understand(
        self,
        text: str,
        learned: LearnedNames,
        switched_off: frozenset[str] = frozenset(),
    ) -> Understanding:
        """Understand a query, its filters included.

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
        words, filters = text, tuple[Asked, ...]()
        if MAY_FILTER.search(text) and tidy(text) not in learned.words:
            from search.filters.written import split  # most searches do without it

            check_length(text)
            words, filters = split(text, learned.named)
            if filters and says_nothing(words) and tidy(words) not in learned.words:
                words = ""  # "photos from" is what 2019 leaves
        understood = self._remembered(words, learned, switched_off)
        if not filters:
            return understood
        return replace(understood, query=text, filters=filters)

    def understand_name(self, text: str, learned: LearnedNames) -> Understanding:
        """Understand the name of a word that is taught: "1984" is not a date here."""
        return self._remembered(text, learned, frozenset())

    def is_known(self, text: str) -> bool:
        """Tell whether any word of a text means something without being taught."""
        return self._untaught_key(text) is not None

    def _untaught_key(self, text: str) -> str | None:
        """The key of a text without teaching (see `Understanding.key`); None if it is unknown."""
        # Remembered, because looking for words like an unknown one takes long.
        if text not in self._keys:
            understood = self._thesaurus.understand(text)
            self._keys[text] = understood.key if understood.familiar else None
        return self._keys[text]

    def endings(self, prefix: str, learned: LearnedNames, limit: int) -> list[tuple[str, str]]:
        """Return queries that begin with `prefix`, as typed, with its last words completed.

        The more words a completion goes on from, the earlier it comes; learned words before others.

        Returns:
            what stays as it was typed, and what its last words become: together they are a query.
        """
        found = dict[tuple[str, str], None]()
        words = prefix[:LONGEST_PREFIX].split()
        for start in range(max(0, len(words) - LONGEST_NAME), len(words)):
            before = "".join(f"{word} " for word in words[:start])
            if before and " ".join(words[start:]).lower() in STOP_WORDS:
                continue  # "puppy on" is not about onions
            ends = self._thesaurus.complete(" ".join(words[start:]), limit, learned.words)
            found |= dict.fromkeys((before, end) for end in ends)
        return list(found)[:limit]

    def is_vague(self, name: str) -> bool:
        """Tell whether a name of many labels says little of them: see `Thesaurus.is_vague`."""
        return self._thesaurus.is_vague(name)

    def labels_named(self, name: str) -> Mapping[str, float]:
        """Return the labels under a name, with weights; none for a word that no label bears."""
        return self._thesaurus.tree.closure(name)

    def _remembered(
        self, text: str, learned: LearnedNames, switched_off: frozenset[str]
    ) -> Understanding:
        latest = self._latest
        if latest.learned is not learned:
            latest = self._latest = Remembered(learned)
        question = (text, switched_off)
        if question not in latest.understood:
            if len(latest.understood) >= MOST_REMEMBERED:
                latest.understood.clear()
            understood = self._understand(text, learned, switched_off)
            latest.understood[question] = replace(understood, words=text)
        return latest.understood[question]

    def _understand(
        self, text: str, learned: LearnedNames, switched_off: Collection[str]
    ) -> Understanding:
        # A word that would be looked up under another one keeps what people taught under it.
        kept = {
            name
            for name in _learned_in(text, learned.shown)
            if name not in learned.named and self._untaught_key(name) == name
        }
        taught = learned.shown - kept
        understood = self._thesaurus.understand(text, taught, switched_off)
        return self._suggest(_as_learned(understood, learned.words), taught)

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


def _as_learned(understood: Understanding, learned: Container[str]) -> Understanding:
    """Call words that were typed with accents by the names without, if only those were learned."""
    parts = (
        replace(part, word=fold(part.word))
        if part.word not in learned and fold(part.word) in learned
        else part
        for part in understood.parts
    )
    return replace(understood, parts=tuple(parts))


def _learned_in(text: str, learned: Collection[str]) -> Iterator[str]:
    """Yield the learned words that a text may hold."""
    words = tidy(text).split()
    if not words and text.strip() in learned:  # a name of signs only
        yield text.strip()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + LONGEST_NAME) + 1):
            phrase = " ".join(words[start:end])
            form = find_form(phrase, learned) or find_form(fold(phrase), learned)
            if form is not None:
                yield form
