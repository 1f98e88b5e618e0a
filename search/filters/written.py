"""Find the filters in the text of a search: `camera:nikon`, `-in:2019`, and dates in words."""

import re
from collections.abc import Collection, Iterator

from indexer.errors import BadValue
from search.filters.asked import KINDS, Asked
from search.filters.dates import DAY, MONTH, TIME, YEAR
from search.words.parsing import LONGEST_NAME, NEGATIONS, check_weights
from search.words.spelling import find_form, tidy

OPERATOR = re.compile(
    rf"""(?<!\S)(?P<minus>[-−–]?)(?P<kind>{"|".join(KINDS)}):(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))""",
    re.IGNORECASE,
)
WEIGHTED = re.compile(
    rf"""(?<!\S)\d+(?:\.\d+)?:([-−–]?(?:{"|".join(KINDS)}):(?:"[^"]*"|[^\s"]\S*))""", re.IGNORECASE
)
QUOTED = re.compile(r'"[^"]*"')

IN_WORDS = re.compile(
    rf"""(?<!\S)(?:(?P<not>{"|".join(sorted(NEGATIONS))})\s+|(?P<minus>[-−–]))?
    (?:(?P<way>before|after|since|until|till)\s+)?(?P<date>
      \d{{4}}[-/.]\d{{1,2}}(?:[-/.]\d{{1,2}})?
    | (?:from\s+)?{YEAR}(?:\s*[-–]\s*|\s+to\s+){YEAR}
    | between\s+{YEAR}\s+and\s+{YEAR}
    | {DAY}\s+(?:of\s+)?(?:{MONTH})\.?,?\s+{YEAR}
    | (?:{MONTH})\.?\s+{DAY},?\s+{YEAR}
    | (?:{TIME})\.?,?\s+(?:of\s+|in\s+)?{YEAR}
    | (?:19|20)\d0s
    | {YEAR}
    | (?:last|this)\s+(?:week|month|year|{TIME})
    | today|yesterday
    )(?=[,.;!?]?(?:\s|$))[,.;!?]?""",
    re.IGNORECASE | re.VERBOSE,
)
WAYS = {"before": "before", "after": "after", "since": "after", None: "in"}
"""What the word before a date makes of it. What is "until" a year may hold the year or not, so that
such a date stays words."""


def split(text: str, taught: Collection[str]) -> tuple[str, tuple[Asked, ...]]:
    """Return the text without its filters, and the filters in the order of the text.

    Args:
        text: as typed. In quotation marks, dates are words.
        taught: names in normal form that were taught on purpose: dates in them are words.

    Raises:
        BadValue: a quotation mark is missing, or a filter has a weight.
    """
    check_weights(text, WEIGHTED, "a filter")
    found = list(_operators(text))
    hidden = _hide(text, [span for span, _ in found])
    hidden = _hide(hidden, [one.span() for one in QUOTED.finditer(hidden)])
    hidden = _hide(hidden, list(_taught_in(hidden, taught)))
    for one in IN_WORDS.finditer(hidden):
        way = (one["way"] or "").lower() or None
        if way in WAYS:
            negative = bool(one["not"] or one["minus"])
            asked = Asked(WAYS[way], _plain(one["date"]), negative, _plain(one[0]))
            found.append((one.span(), asked))
    found.sort(key=lambda one: one[0])
    words = _hide(text, [span for span, _ in found], " ")
    return " ".join(words.split()), tuple(dict.fromkeys(asked for _, asked in found))


def _operators(text: str) -> Iterator[tuple[tuple[int, int], Asked]]:
    for one in OPERATOR.finditer(text):
        value = one["plain"] if one["quoted"] is None else one["quoted"].strip()
        if value.startswith('"'):
            raise BadValue(f"{one[0]!r} lacks a closing quotation mark: add it")
        if value:
            yield one.span(), Asked(one["kind"].lower(), value, bool(one["minus"]), one[0])


def _hide(text: str, spans: list[tuple[int, int]], by: str = "\0") -> str:
    """Put signs in the place of parts of a text, which keeps its length."""
    for start, end in spans:
        text = text[:start] + by * (end - start) + text[end:]
    return text


def _taught_in(text: str, taught: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where taught names stand."""
    if not taught:
        return
    words = [one.span() for one in re.finditer(r"\S+", text)]
    for first in range(len(words)):
        for last in range(first, min(len(words), first + LONGEST_NAME)):
            start, end = words[first][0], words[last][1]
            if find_form(tidy(text[start:end]), taught) is not None:
                yield start, end


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(",.;!?")
