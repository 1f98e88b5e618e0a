"""Words to labels: any word finds its photos, or is honestly called unfamiliar."""

from search.words.records import Part, Understanding
from search.words.spelling import normalise
from search.words.understanding import EXCLUDED_LEAST, Words, load_words

__all__ = ["EXCLUDED_LEAST", "Part", "Understanding", "Words", "load_words", "normalise"]
