"""Word vectors of a user's own, and a place for a store of each kind."""

from pathlib import Path

import pytest


@pytest.fixture
def vector_file(tmp_path: Path) -> Path:
    """A GloVe text file that puts "foo" beside "zebra" and away from all else."""
    lines = ("zebra 1 0.1 0", "foo 1 0.2 0", "dog 0 1 0.1", "banana 0 0 1", "qux 0 -1 -1")
    file = tmp_path / "own.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture(params=["sqlite", "elasticsearch"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store of each kind that does not exist yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'photos.db'}"
    found: str = request.getfixturevalue("elasticsearch_store_url")
    return found
