"""What a container still has to give, as its files tell (cgroup v2)."""

from pathlib import Path

import pytest

from indexer.photos.memory import _UNKNOWN, _of_container, free


@pytest.mark.parametrize(
    ("most", "stat", "expected"),
    [
        ("1000", "anon 300\nactive_file 400\ninactive_file 200\nshmem 0\n", 700),
        ("1000", "anon 900\n", 100),
        ("1000", "damaged", 100),
        ("1000", None, 100),
        ("800", "active_file 50\n", 0),
        ("max", "active_file 50\n", _UNKNOWN),
    ],
)
def test_memory_that_files_fill_is_free(
    tmp_path: Path, most: str, stat: str | None, expected: int
) -> None:
    (tmp_path / "memory.max").write_text(f"{most}\n")
    (tmp_path / "memory.current").write_text("900\n")
    if stat is not None:
        (tmp_path / "memory.stat").write_text(stat)
    assert _of_container(tmp_path) == expected


def test_without_such_files_there_is_no_limit(tmp_path: Path) -> None:
    assert _of_container(tmp_path) == _UNKNOWN
    assert free() > 0
