"""Words to labels: any word finds its photos, or is honestly called unfamiliar."""

from search.words.parsing import is_common, parts_of_text
from search.words.records import LearnedNames, Part, Understanding, WordFiles
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
    "WordFiles",
    "is_common",
    "key_of",
    "load_thesaurus",
    "normalise",
    "parts_of_text",
]
