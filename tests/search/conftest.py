"""Word vectors of one's own, for searches and for the words they ask for."""

from pathlib import Path

import pytest


@pytest.fixture
def vector_file(tmp_path: Path) -> Path:
    """A GloVe text file that puts "foo" beside "zebra" and away from all else."""
    lines = ("zebra 1 0.1 0", "foo 1 0.2 0", "dog 0 1 0.1", "banana 0 0 1", "qux 0 -1 -1")
    file = tmp_path / "own.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
