"""One set of words for all tests of this folder: nothing in it changes."""

from pathlib import Path

import pytest

from search.words import Thesaurus, load_thesaurus
from search.words.tree import Tree, load_tree


@pytest.fixture(scope="session")
def words() -> Thesaurus:
    """The bundled words."""
    return load_thesaurus()


@pytest.fixture(scope="session")
def tree() -> Tree:
    """The bundled label tree."""
    return load_tree()


@pytest.fixture
def vector_file(tmp_path: Path) -> Path:
    """A GloVe text file that puts "foo" beside "zebra" and away from all else."""
    lines = ("zebra 1 0.1 0", "foo 1 0.2 0", "dog 0 1 0.1", "banana 0 0 1", "qux 0 -1 -1")
    file = tmp_path / "own.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
