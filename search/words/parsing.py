"""Parses a query: text to the names in it, known names of several words first; "-word" excludes."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.errors import BadValue
from search.words.spelling import singular, tidy

Find = Callable[[str], str | None]

LONGEST_QUERY = 1000  # characters
LONGEST_NAME = 5  # words; WordNet's longer names are not everyday words
WEIGHT = r"(?:\d+(?:\.\d+)?|\.\d+)"
TOKEN = re.compile(rf"""(?<!\S)([-−–]?)(?:({WEIGHT}):(?=["\w])(?!\d))?(?:"([^"]*)"|(\S+))""")
"""A hyphen, minus sign or en dash excludes; a number before a colon is a weight, but "16:9" is
none; quotation marks hold words together."""

WEIGHTED_EXCLUSION = re.compile(rf"""(?<!\S){WEIGHT}:[-−–](?=["\w])(?!\d)(?:"[^"]*"|\S+)""")

CURLY = re.compile(r'"[^"]*"|[“„‟«＂]([^"“”„‟«»＂]*)[”“‟»＂]')
"""Words between straight quotation marks, and between others."""

LEAST_WEIGHT, MOST_WEIGHT = 0.01, 100.0

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
NEGATIONS = frozenset(("no", "not", "without", "neither", "nor", "except", "excluding"))
"""Words that exclude the name after them, as "-" does ("a cat without a collar")."""
OR = "or"
"""What goes on with an exclusion: "without dogs or cats"."""
PICTURES = frozenset(("image", "photo", "photograph", "pic", "picture", "snapshot"))
"""Words that do not say what is to be seen, unless nothing else is asked for."""

ANYTHING = frozenset(("anything", "everything", "taken", "made", "shot", "year", "month", "week"))
"""Words that say nothing more beside filters alone: "everything taken in 2019"."""


@dataclass(frozen=True, slots=True)
class Term:
    """A name in a query, in its known form, or an unknown word in its normal form.

    A name that was typed with accents keeps them, and means what it means without them. `weight` is
    how much it counts beside the others, 1 where nothing was said.
    """

    word: str
    known: bool
    excluded: bool = False
    weight: float = 1.0

    @property
    def name(self) -> str:
        """As `Part.name`."""
        return f"-{self.word}" if self.excluded else self.word


def parse(text: str, find: Find) -> list[Term]:
    """Split a query into names, the excluded ones last, none twice.

    Args:
        text: as typed; `-word`, `-"two words"` and "not a word" exclude, a hyphen inside a word
            joins; `2:word` and `2:"two words"` count twice as much.
        find: returns the known form of a tidy word or phrase, or None; for words of another
            language a word of NEGATIONS, or "" where it says nothing.

    Raises:
        BadValue: the text is over 1,000 characters, or a weight is not from .01 to 100, or that of
            something to leave out.
    """
    check_length(text)
    text = straight(text)
    check_weights(text, WEIGHTED_EXCLUSION, "what is left out")
    wanted: list[str] = []
    weights: list[float] = []
    unwanted: list[list[str]] = []
    for minus, weight, quoted, plain in TOKEN.findall(text):
        words = tidy(quoted or plain).split()
        if minus:
            unwanted.append(words)
        else:
            wanted += words
            weights += [_weight(weight, quoted or plain)] * len(words)
    named = list(_names(wanted, find, weights))
    terms = _without_pictures(term for term in named if not term.excluded)
    terms += [term for term in named if term.excluded]
    for words in unwanted:
        terms += [replace(term, excluded=True) for term in _names(words, find)]
    first = dict[str, Term]()
    for term in terms:
        first.setdefault(term.name, term)
    return list(first.values())


def _weight(number: str, word: str) -> float:
    if not number:
        return 1.0
    weight = float(number)
    if not LEAST_WEIGHT <= weight <= MOST_WEIGHT:
        raise BadValue(
            f"the weight {number} of {word[:20]!r} is not from .01 to 100: change it, or leave the "
            f"word out by -{word[:20]}"
        )
    return weight


def parts_of_text(text: str, excluded: Collection[str] = ()) -> tuple[str, list[str]]:
    """Return what of a query is asked for, as it was typed, and each phrase that it excludes.

    Args:
        text: as typed.
        excluded: names that `parse` found to be excluded; a negation before one goes with it.
    """
    found = TOKEN.findall(straight(text))
    wanted = [quoted or plain for minus, _, quoted, plain in found if not minus]
    unwanted = [quoted or plain for minus, _, quoted, plain in found if minus and (quoted or plain)]
    start, after = 0, -1
    while start < len(wanted):
        goes_on = start == after and wanted[start].lower() == OR
        end = _end_of_negated(wanted, start, excluded, goes_on)
        if end:
            unwanted.append(" ".join(wanted[start + 1 : end]))
            del wanted[start:end]
            after = start
        else:
            start += 1
    return " ".join(wanted), unwanted


def _end_of_negated(
    words: Sequence[str], start: int, excluded: Collection[str], goes_on: bool
) -> int:
    """Return where the excluded name ends whose negation is at `start`; 0 where there is none.

    A word that goes on with an exclusion counts as a negation.
    """
    if not goes_on and words[start].lower() not in NEGATIONS:
        return 0
    for first in range(start + 1, len(words)):
        for end in range(min(len(words), first + LONGEST_NAME), first, -1):
            if singular(tidy(" ".join(words[first:end]))) in excluded:
                return end
        if words[first].lower() not in STOP_WORDS:
            break
    return 0


def straight(text: str) -> str:
    """Write curly quotation marks, which phones put in by themselves, and others as straight ones.

    The text keeps its length; what stands in straight ones already stays as it is.
    """
    return CURLY.sub(lambda one: one[0] if one[1] is None else f'"{one[1]}"', text)


def check_length(text: str) -> None:
    """Refuse a text that is too long for a query.

    Raises:
        BadValue: it is over 1,000 characters.
    """
    if len(text) > LONGEST_QUERY:
        raise BadValue(
            f"the query has {len(text)} characters ({text[:20]!r}...): give at most {LONGEST_QUERY}"
        )


def is_common(text: str) -> bool:
    """Tell whether a text has words, and none but those that are too common to search for."""
    words = tidy(text).split()
    return bool(words) and STOP_WORDS.issuperset(words)


def only_excludes(text: str) -> bool:
    """Tell whether a text has nothing but words to leave out, whatever they mean."""
    terms = parse(text, lambda phrase: phrase if " " not in phrase else None)
    return bool(terms) and all(term.excluded for term in terms)


def says_nothing(text: str) -> bool:
    """Tell whether a text does not say what is to be seen: "show me all photos taken in"."""
    words = map(singular, f"{tidy(text)} ".removeprefix("show me ").split())
    return all(word in STOP_WORDS or word in PICTURES or word in ANYTHING for word in words)


def check_weights(text: str, weighted: re.Pattern[str], what: str) -> None:
    """Refuse weights of what has none.

    Raises:
        BadValue: the pattern holds somewhere.
    """
    found = weighted.search(text)
    if found:
        plain = re.sub(rf"{WEIGHT}:", "", found[0], count=1)
        raise BadValue(f"{found[0][:30]!r}: {what} has no weight: write {plain[:30]}")


def _without_pictures(terms: Iterable[Term]) -> list[Term]:
    terms = list(terms)
    return [term for term in terms if term.word not in PICTURES] or terms


def _names(words: Sequence[str], find: Find, weights: Sequence[float] = ()) -> Iterator[Term]:
    """Take the longest known name from the left, again and again; skip stop words between them.

    A name after a negation, or after "or" behind an excluded one, is excluded, if it is known: "no"
    may be a part of an unknown one. A name of several words weighs what the first of them weighs.
    """
    start, negated, after_excluded = 0, False, None
    while start < len(words):
        name, end = _longest(words, start, find)
        weight = weights[start] if weights and not negated else 1.0
        if name and name not in NEGATIONS:
            yield Term(name, known=True, excluded=negated, weight=weight)
            after_excluded = end if negated else None
            negated = False
        elif {words[start], name} & NEGATIONS or (words[start] == OR and start == after_excluded):
            negated = True
        elif name is None and words[start] not in STOP_WORDS:
            yield Term(singular(words[start]), known=False, weight=weight)
            negated = False
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
