"""Names that somebody may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from search.words.spelling import fold

MOST_NAMED = 5


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that are spelled most like one, or have its words; none where none.

    Case does not matter, nor do accents.
    """
    small: dict[str, str] = {}
    for one in known:
        small.setdefault(fold(one) or one, one)
    wanted = fold(name) or name
    found = get_close_matches(wanted, small, MOST_NAMED, 0.6)
    words = wanted.split()
    found += [one for one in small if one not in found and any(word in one for word in words)]
    return [small[one] for one in found[:MOST_NAMED]]
