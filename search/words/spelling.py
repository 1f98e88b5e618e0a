"""One spelling for each word: case, accents, hyphens, plurals, British and American."""

import json
import re
import unicodedata
from collections.abc import Container, Iterator
from functools import cache
from importlib import resources
from itertools import product

from indexer.letters import PLAIN

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

SHARP = re.compile("(ss|ß)")
MOST_SHARP = 4
"""Places of a word that are spelled in both ways: 16 spellings."""

NO_PLURAL = ("ss", "us", "is", "'s")
SHORTEST_PLURAL = 4
VERB_ENDS = (("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"))


def sharp_spellings(word: str) -> Iterator[str]:
    """Yield the spellings of a word that differ in its first four "ss" and "ß", itself among them.

    Germans write "Straße" and "Fluss", before 1996 they wrote "Fluß", and Swiss write "Strasse".
    """
    parts = SHARP.split(word, MOST_SHARP)
    every = product(*(("ß", "ss") if at % 2 else (part,) for at, part in enumerate(parts)))
    yield from map("".join, every)


def fold(text: str) -> str:
    """Return words in lower case between single spaces, nothing but letters and digits in them.

    Compatibility forms are unified (NFKC), accents and strokes of Latin letters dropped,
    apostrophes and full stops removed; everything else that is not a letter or a digit separates
    words.
    """
    bare: list[str] = []
    for letter in unicodedata.normalize("NFKD", tidy(text).casefold()).translate(PLAIN):
        if not (unicodedata.combining(letter) and bare and bare[-1].isascii()):
            bare.append(letter)
    return tidy("".join(bare))


def tidy(text: str) -> str:
    """Do as `fold`, and keep accents: "Bär" is not "bar"."""
    letters: list[str] = []
    for letter in unicodedata.normalize("NFKC", text).lower():
        if letter in "'’.":
            continue
        is_mark = unicodedata.category(letter).startswith("M")
        if is_mark and (not letters or letters[-1] == " "):  # an accent by itself
            continue
        letters.append(letter if is_mark or letter.isalnum() else " ")
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
    return singular(tidy(word))


def variants(word: str) -> Iterator[str]:
    """Yield the British or American spellings that a word may also have, one change each."""
    for british, american in VARIANTS:
        for old, new in ((british, american), (american, british)):
            start = word.find(old)
            while start >= 0:
                yield word[:start] + new + word[start + len(old) :]
                start = word.find(old, start + 1)


def base_forms(word: str) -> Iterator[str]:
    """Yield the singular of a folded word, the word, other spellings and its verb, best first.

    The singular comes first, so that "bats" are what a bat is, not a word of their own.

    Of several words only the singular is tried: "cat sleeping" is not a form of "cat sleep". There
    the last word may be a plural that is a word of its own elsewhere: "disc brakes".
    """
    one = singular(word)
    yield one
    yield word
    rest, _, last = word.rpartition(" ")
    if rest:
        by_rule = f"{rest} {singular_by_rule(last)}"
        if by_rule not in (one, word):
            yield by_rule
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
