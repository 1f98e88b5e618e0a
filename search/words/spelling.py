"""One spelling for each word: case, accents, hyphens, plurals, British and American."""

import json
import unicodedata
from collections.abc import Container, Iterator
from functools import cache
from importlib import resources

# British and American forms differ by these letters (Oxford and Merriam-Webster usage notes); a
# variant counts only where it is a known word, so that a wrong one does no harm.
VARIANTS = (
    ("our", "or"),
    ("re", "er"),
    ("is", "iz"),
    ("ys", "yz"),
    ("ogue", "og"),
    ("ae", "e"),
    ("oe", "e"),
    ("ll", "l"),
    ("ence", "ense"),
    ("grey", "gray"),
    ("plough", "plow"),
    ("tyre", "tire"),
    ("pyja", "paja"),
    ("ould", "old"),
    ("mous", "mus"),
    ("que", "ck"),
    ("ough", "o"),
    ("ugh", "f"),
    ("amme", "am"),
    ("ellery", "elry"),
    ("ium", "um"),
    ("aero", "air"),
)

PLURAL_ENDS = (
    ("men", "man"),
    ("sses", "ss"),
    ("xes", "x"),
    ("zes", "z"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("ies", "y"),
    ("ses", "se"),
    ("s", ""),
)
"""Tried in this order; the detachment rules of WordNet's morphy(7WN)."""

NO_PLURAL = ("ss", "us", "is", "'s")
SHORTEST_PLURAL = 4
VERB_ENDS = (("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("d", ""))


def fold(text: str) -> str:
    """Return words in lower case between single spaces, nothing but letters and digits in them.

    Compatibility forms are unified (NFKC), accents of Latin letters dropped, apostrophes and full
    stops removed; everything else that is not a letter or a digit separates words.
    """
    letters: list[str] = []
    for letter in unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()):
        if unicodedata.combining(letter) and letters and letters[-1].isascii():
            continue
        if letter in "'’.":
            continue
        kept = letter.isalnum() or unicodedata.category(letter).startswith("M")
        letters.append(letter if kept else " ")
    return " ".join(unicodedata.normalize("NFC", "".join(letters)).split())


@cache
def _irregular() -> dict[str, str]:
    data = resources.files("search.words.data").joinpath("forms.json")
    forms: dict[str, str] = json.loads(data.read_text(encoding="utf-8"))
    return forms


def singular_by_rule(word: str) -> str:
    """Return the singular of one folded word by the rules of English spelling alone."""
    if len(word) < SHORTEST_PLURAL or word.endswith(NO_PLURAL):
        return word
    for end, stem in PLURAL_ENDS:
        if word.endswith(end):
            return word.removesuffix(end) + stem
    return word


def singular(word: str) -> str:
    """Return the singular of a folded word; of several words the last one changes.

    Irregular plurals, and words that only look like plurals, come from WordNet.
    """
    known = _irregular().get(word)
    if known is not None:
        return known
    rest, _, last = word.rpartition(" ")
    return f"{rest} {singular(last)}" if rest else singular_by_rule(word)


def normalise(word: str) -> str:
    """Return the form under which a word is learned and found: "Griffins" and "griffin" agree."""
    return singular(fold(word))


def variants(word: str) -> Iterator[str]:
    """Yield the British or American spellings that a word may also have, one change each."""
    for british, american in VARIANTS:
        for old, new in ((british, american), (american, british)):
            start = word.find(old)
            while start >= 0:
                yield word[:start] + new + word[start + len(old) :]
                start = word.find(old, start + 1)


def base_forms(word: str) -> Iterator[str]:
    """Yield a folded word, its singular, its other spellings and its verb, best guess first.

    Of several words only the singular is tried: "cat sleeping" is not a form of "cat sleep".
    """
    yield word
    one = singular(word)
    yield one
    if " " in word:
        return
    for form in dict.fromkeys((word, one)):
        yield from variants(form)
    for end, stem in VERB_ENDS:
        if word.endswith(end):
            root = word.removesuffix(end) + stem
            yield root
            if len(root) > 3 and root[-1] == root[-2]:
                yield root[:-1]  # "running"


def find_form(word: str, known: Container[str]) -> str | None:
    """Return the first form of a folded word that is known, or None."""
    return next((form for form in base_forms(word) if form in known), None)
