"""That the code of the checkout runs which a benchmark names."""

from pathlib import Path

import pytest

from benchmarks import older
from benchmarks.older import Build, builds, in_turn, ratio

SOURCE = "import indexer; print(indexer.__file__, end='')"


def checkout(folder: Path) -> Path:
    for package in ("indexer", "search", "search/commands"):
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    main = "import sys\n\ndef main():\n    print('older', *sys.argv[1:], end='')\n"
    (folder / "search/commands/__init__.py").write_text(main)
    return folder


def test_each_build_runs_its_own_code(tmp_path, monkeypatch):
    monkeypatch.setenv(older.VARIABLE, str(checkout(tmp_path)))
    now, before = builds()
    assert now.python(SOURCE) == str(older.ROOT / "indexer/__init__.py")
    assert before.python(SOURCE) == str(tmp_path / "indexer/__init__.py")
    assert before.magpie("index", "folder") == "older index folder"


def test_without_an_older_build_this_one_is_measured_alone(monkeypatch):
    monkeypatch.delenv(older.VARIABLE, raising=False)
    assert in_turn(lambda build: build.root, 2) == {builds()[0]: [older.ROOT, older.ROOT]}
    assert ratio({builds()[0]: [3.0]}) == ""


def test_builds_take_turns_and_the_first_round_does_not_count(tmp_path, monkeypatch):
    monkeypatch.setenv(older.VARIABLE, str(checkout(tmp_path)))
    seen: list[str] = []

    def measure(build: Build) -> float:
        seen.append(build.name)
        return len(seen)

    measured = in_turn(measure, 2)
    assert seen == ["before", "now", "now", "before", "before", "now"]
    assert [*measured.values()] == [[3, 6], [4, 5]]
    assert ratio(measured) == "1.00"


def test_what_is_not_a_checkout_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv(older.VARIABLE, str(tmp_path))
    with pytest.raises(SystemExit, match="is not a checkout of Magpie: name its folder"):
        builds()
