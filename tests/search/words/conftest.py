"""One set of words for all tests of this folder: nothing in it changes."""

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
