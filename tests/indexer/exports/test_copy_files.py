"""Copying what a CSV names: every file is accounted for and none is overwritten."""

import os
from pathlib import Path

import pytest

from indexer.errors import BadValue, NotFound
from indexer.exports.copy_files import copy_files, read_names
from indexer.photos.paths import to_text
from indexer.progress import Silence


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "from"
    (folder / "deep").mkdir(parents=True)
    for name in ("a.jpg", "b.jpg", "deep/c.jpg"):
        (folder / name).write_text(name)
        os.utime(folder / name, ns=(10**18, 10**18))
    return folder


def copied(names, source, target):
    done = copy_files(names, source, target, Silence())
    assert done.copied + done.unchanged + len(done.failed) == len(set(names))
    return done


def test_named_files_are_copied_with_their_folders_and_times(source, tmp_path):
    target = tmp_path / "new" / "to"
    done = copied(["a.jpg", "deep/c.jpg", "a.jpg", str(source / "b.jpg")], source, target)
    assert (done.copied, done.unchanged, done.failed) == (3, 0, ())
    for name in ("a.jpg", "b.jpg", "deep/c.jpg"):
        assert (target / name).read_text() == name
        assert (target / name).stat().st_mtime_ns == 10**18
    assert len([path for path in target.rglob("*") if path.is_file()]) == 3
    again = copied(["a.jpg", "deep/c.jpg"], source, target)
    assert (again.copied, again.unchanged, again.failed) == (0, 2, ())


def test_other_files_in_the_target_are_never_overwritten(source, tmp_path):
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "a.jpg").write_text("mine!")
    done = copied(["a.jpg", "b.jpg"], source, tmp_path / "to")
    assert done.copied == 1 and [trouble.path for trouble in done.failed] == ["a.jpg"]
    assert "another file" in done.failed[0].reason
    assert (tmp_path / "to" / "a.jpg").read_text() == "mine!"


@pytest.mark.parametrize("name", ["none.jpg", "deep", "../secret", "/etc/passwd", "x\0y", ""])
def test_names_that_are_no_file_of_the_folder_are_listed(source, tmp_path, name):
    (tmp_path / "secret").write_text("secret")
    done = copied([name, "a.jpg"], source, tmp_path / "to")
    assert done.copied == 1
    assert [trouble.path for trouble in done.failed] == [name] and done.failed[0].reason
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["a.jpg"]


def test_names_that_are_no_text_are_copied(source, tmp_path):
    name = os.fsdecode(b"caf\xe9.jpg")
    (source / name).write_text("photo")
    assert copied([to_text(Path(name))], source, tmp_path / "to").copied == 1
    assert (tmp_path / "to" / name).read_text() == "photo"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a.jpg\n\ndeep/c.jpg\n", ["a.jpg", "deep/c.jpg"]),
        ("a.jpg,cat\nb.jpg\n", ["a.jpg", "b.jpg"]),
        ("\ufeffcategory,path\r\ncat,a.jpg\r\ndog\r\n", ["a.jpg"]),
        ('"with, comma.jpg",1\n', ["with, comma.jpg"]),
        ("", []),
    ],
)
def test_names_come_from_the_path_column_else_from_the_first(tmp_path, text, names):
    file = tmp_path / "filter.csv"
    file.write_text(text, encoding="utf-8")
    assert read_names(file) == names


def test_a_file_that_is_no_csv_is_named(tmp_path):
    (tmp_path / "filter.csv").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path, tmp_path / "filter.csv"):
        with pytest.raises(BadValue, match=r"cannot read .* as CSV"):
            read_names(path)
    with pytest.raises(NotFound, match="no file"):
        read_names(tmp_path / "none.csv")


def test_folders_that_cannot_be_used_are_named(source, tmp_path):
    with pytest.raises(NotFound, match="no folder"):
        copy_files(["a.jpg"], tmp_path / "nowhere", tmp_path / "to", Silence())
    with pytest.raises(BadValue, match="cannot make folder"):
        copy_files(["a.jpg"], source, source / "a.jpg", Silence())
