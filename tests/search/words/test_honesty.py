"""Known words are known, and absent ones called unfamiliar, on the labelled lists."""

import csv
from pathlib import Path

import pytest

from search.words import Thesaurus


def column(file: Path, column: str, key: str, values: tuple[str, ...]) -> list[str]:
    with file.open(encoding="utf-8") as lines:
        return [row[column] for row in csv.DictReader(lines) if row[key] in values]


def share_unfamiliar(words: Thesaurus, queries: list[str]) -> float:
    return sum(not words.understand(query).familiar for query in queries) / len(queries)


def test_absent_words_are_called_unfamiliar(words: Thesaurus, photos_folder: Path) -> None:
    kinds = ("abstract", "nonword", "name")
    absent = column(photos_folder / "absent.csv", "word", "why", kinds)
    assert share_unfamiliar(words, absent) >= 0.95


@pytest.mark.parametrize(
    ("kinds", "most"),
    [(("name", "synonym", "hypernym"), 0.01), (("topic",), 0.05), (("phrase",), 0.0)],
)
def test_known_words_are_familiar(
    words: Thesaurus, photos_folder: Path, kinds: tuple[str, ...], most: float
) -> None:
    queries = column(photos_folder / "queries.csv", "query", "kind", kinds)
    assert share_unfamiliar(words, queries) <= most
