"""Parses a query: text to the names in it, known names of several words first; "-word" excludes."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.errors import BadValue
from search.words.spelling import fold, normalise

Find = Callable[[str], str | None]

LONGEST_QUERY = 1000  # characters
LONGEST_NAME = 5  # words; WordNet's longer names are not everyday words
TOKEN = re.compile(r"""(?<!\S)([-−–]?)(?:"([^"]*)"|(\S+))""")
"""A hyphen, minus sign or en dash excludes; quotation marks hold words together."""

STOP_WORDS = frozenset(
    """a about all am an and any are as at be because been before being between both but by can
    could did do does doing during each few for from had has have having he her here hers him his
    how i if in inside into is it its itself just me my near nor not of on onto or our out over own
    she so some such than that the their them then there these they this those through to too
    towards under until up very via was we were what when where which while who whom why will with
    within without would you your

    behind beside front next lots many much several one two three four five six seven eight nine
    ten""".split()  # noqa: SIM905
)
PICTURES = frozenset(("image", "photo", "photograph", "pic", "picture", "snapshot"))
"""Words that do not say what is to be seen, unless nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Term:
    """A name in a query, in its known form, or an unknown word in its normal form."""

    word: str
    known: bool
    excluded: bool = False

    @property
    def name(self) -> str:
        """As `Part.name`."""
        return f"-{self.word}" if self.excluded else self.word


def parse(text: str, find: Find) -> list[Term]:
    """Split a query into names, the excluded ones last, none twice.

    Args:
        text: as typed; `-word` and `-"two words"` exclude, a hyphen inside a word joins.
        find: returns the known form of a folded word or phrase, or None.

    Raises:
        BadValue: the text is over 1,000 characters.
    """
    check_length(text)
    wanted: list[str] = []
    unwanted: list[list[str]] = []
    for minus, quoted, plain in TOKEN.findall(text):
        words = fold(quoted or plain).split()
        if minus:
            unwanted.append(words)
        else:
            wanted += words
    terms = _without_pictures(_names(wanted, find))
    for words in unwanted:
        terms += [replace(term, excluded=True) for term in _names(words, find)]
    return list(dict.fromkeys(terms))


def check_length(text: str) -> None:
    """Refuse a text that is too long for a query.

    Raises:
        BadValue: it is over 1,000 characters.
    """
    if len(text) > LONGEST_QUERY:
        raise BadValue(
            f"the query has {len(text)} characters ({text[:20]!r}...): give at most {LONGEST_QUERY}"
        )


def _without_pictures(terms: Iterable[Term]) -> list[Term]:
    terms = list(terms)
    return [term for term in terms if term.word not in PICTURES] or terms


def _names(words: Sequence[str], find: Find) -> Iterator[Term]:
    """Take the longest known name from the left, again and again; skip stop words between them."""
    start = 0
    while start < len(words):
        name, end = _longest(words, start, find)
        if name is not None:
            yield Term(name, known=True)
        elif words[start] not in STOP_WORDS:
            yield Term(normalise(words[start]), known=False)
        start = end


def _longest(words: Sequence[str], start: int, find: Find) -> tuple[str | None, int]:
    """Return the longest name that starts at a word, and where the next may start."""
    for end in range(min(len(words), start + LONGEST_NAME), start, -1):
        if end == start + 1 and words[start] in STOP_WORDS:
            break
        name = find(" ".join(words[start:end]))
        if name is not None:
            return name, end
    return None, start + 1
