"""Find the filters in the text of a search: `camera:nikon`, `-in:2019`, and dates in words."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from indexer.errors import BadValue
from search.filters.asked import KINDS, OTHER_NAMES, Asked
from search.filters.dates import LONGEST_DATE, is_date, is_range
from search.words.parsing import LONGEST_NAME, NEGATIONS, OR, WEIGHT, check_weights, straight
from search.words.spelling import find_form, tidy

NOT = rf"(?:{'|'.join(sorted(NEGATIONS))})\s+"
KIND = "|".join(KINDS)
OPERATOR = re.compile(
    rf"""(?<!\S)(?P<not>{NOT})?(?P<minus>[-−–]?)(?P<kind>{KIND}):
    (?:(?P<equal>=?)"(?P<quoted>[^"]*)"|'(?P<single>[^'"]+)'(?!\S)|(?P<plain>\S+))""",
    re.IGNORECASE | re.VERBOSE,
)
WEIGHTED = re.compile(rf"""(?<!\S){WEIGHT}:[-−–]?(?:{KIND}):(?:"[^"]*"|[^\s"]\S*)""", re.IGNORECASE)
MISNAMED = re.compile(
    rf"""(?<!\S)([-−–]?)({"|".join(OTHER_NAMES)}):(?=[^\s/])(\S*)""", re.IGNORECASE
)
"""What is meant to be a filter, but "file://"."""
QUOTED = re.compile(r'"[^"]*"')

BEFORE_DATE = r"(?:(?:taken|made|shot|in|on|from|of|during|the)\s+)*"
DATED = re.compile(
    rf"""\(?(?:(?P<not>{NOT}{BEFORE_DATE}\(?)|(?P<minus>[-−–]))?(?:(?P<way>before|after|since|until|till)\s+)?
    (?P<date>\w.*?)[,.;!?)]*""",
    re.IGNORECASE | re.VERBOSE,
)
"""A date, and what may stand around it."""
MOST_AROUND = 6
"""Words of them that are not the date's."""
MAY_BE_DATE = re.compile(r"\d|last\b|past\b|this\b|today\b|yesterday\b|ago\b", re.IGNORECASE)
WAYS = {"before": "before", "after": "after", "since": "after", "": "in"}
"""What the word before a date makes of it. What is "until" a year may hold the year or not, so that
such a date stays words."""

NOT_A_MONTH = "this may"
"""Words that are hardly ever a date: "this may be a dog"."""

Span = tuple[int, int]
Found = tuple[Span, Asked]


def split(text: str, taught: Collection[str]) -> tuple[str, tuple[Asked, ...]]:
    """Return the text without its filters, and the filters in the order of the text.

    Args:
        text: as typed. In quotation marks, dates are words.
        taught: names in normal form that were taught on purpose: dates in them are words.

    Raises:
        BadValue: a quotation mark is missing, or a filter has a weight or a name that there is not.
    """
    text = straight(text)
    check_weights(text, WEIGHTED, "a filter")
    found = list(_operators(text))
    hidden = _hide(text, [span for span, _ in found])
    _refuse_misnamed(text, hidden)
    hidden = _hide(hidden, [one.span() for one in QUOTED.finditer(hidden)])
    hidden = _hide(hidden, list(_taught_in(hidden, taught)))
    found += _dates(hidden)
    found = list(_alternatives(text, sorted(found, key=lambda one: one[0])))
    words = _hide(text, [span for span, _ in found], " ")
    return " ".join(words.split()), tuple(dict.fromkeys(asked for _, asked in found))


def _alternatives(text: str, found: list[Found]) -> Iterator[Found]:
    """Exclude what follows "or" after an excluded filter, as with words: "not 2018 or 2019"."""
    end, excluded = 0, False
    for (start, stop), asked in found:
        if excluded and text[end:start].strip().lower() == OR:
            start, asked = end, replace(asked, negative=True)
        end, excluded = stop, asked.negative
        yield (start, stop), asked


def _operators(text: str) -> Iterator[tuple[Span, Asked]]:
    for one in OPERATOR.finditer(text):
        value = next(one[name] for name in ("quoted", "single", "plain") if one[name] is not None)
        if value.removeprefix("=").startswith('"'):
            raise BadValue(f"{one[0]!r} lacks a closing quotation mark: add it")
        if value.strip():
            negative, value = bool(one["not"] or one["minus"]), (one["equal"] or "") + value.strip()
            yield one.span(), Asked(one["kind"].lower(), value, negative, one[0])


def _refuse_misnamed(text: str, hidden: str) -> None:
    """Tell the right name of a filter; in quotation marks it would be words."""
    if found := MISNAMED.search(QUOTED.sub(lambda one: one[0].replace(" ", "_"), hidden)):
        kind, value = OTHER_NAMES[found[2].lower()], text[found.start(3) : found.end(3)]
        raise BadValue(f"there is no filter {found[2]!r}: write {found[1]}{kind}:{value}")


def _dates(text: str) -> Iterator[tuple[Span, Asked]]:
    """Yield the dates among words, from the left, each as long as it can be."""
    words = [one.span() for one in re.finditer(r"\S+", text)]
    first = 0
    while first < len(words):
        last = min(len(words), first + LONGEST_DATE + MOST_AROUND)
        for end in range(last, first, -1):
            span = words[first][0], words[end - 1][1]
            found = _dated(text[slice(*span)])
            if found is None:
                continue
            if (way := (found["way"] or "").lower()) in WAYS:
                negative = bool(found["not"] or found["minus"])
                typed = _plain(text[slice(*span)])
                date = _plain(found["date"])
                kind = "in" if is_range(date) else WAYS[way]  # "since 2018 until 2020"
                yield span, Asked(kind, date, negative, typed)
            first = end - 1
            break
        first += 1


def _dated(text: str) -> re.Match[str] | None:
    """Return what there is of a date and around it; None where some words are not a date."""
    if "\0" in text or not MAY_BE_DATE.search(text):
        return None
    found = DATED.fullmatch(text)
    if found is None or _plain(found["date"]).lower() == NOT_A_MONTH:
        return None
    return found if is_date(found["date"]) else None


def _hide(text: str, spans: list[Span], by: str = "\0") -> str:
    """Put signs in the place of parts of a text, which keeps its length."""
    for start, end in spans:
        text = text[:start] + by * (end - start) + text[end:]
    return text


def _taught_in(text: str, taught: Collection[str]) -> Iterator[Span]:
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
    return " ".join(text.split()).strip("(").rstrip(",.;!?)")
