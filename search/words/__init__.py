"""Words to labels: any word finds its photos, or is honestly called unfamiliar."""

from search.words.records import LearnedNames, Part, Understanding
from search.words.spelling import normalise
from search.words.thesaurus import EXCLUDED_LEAST, Thesaurus, load_thesaurus
from search.words.understanding import Meanings, key_of

__all__ = [
    "EXCLUDED_LEAST",
    "LearnedNames",
    "Meanings",
    "Part",
    "Thesaurus",
    "Understanding",
    "key_of",
    "load_thesaurus",
    "normalise",
]
