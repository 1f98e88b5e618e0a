"""Every file name survives the trip through a store."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.photos.paths import absolute, to_path, to_text

names = st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name)


@given(names)
@example("\U0010ff80".encode())
@example("\U0010ffff\U0010ff7f".encode())
@example(b"\xff\xf4\x8f\xbe\x80")
@example(b"\xed\xb2\x80")  # a surrogate in UTF-8's clothes
@example(b"two\nlines \xe9.jpg")
def test_any_name_comes_back_and_is_valid_unicode(name: bytes) -> None:
    path = Path(os.fsdecode(name))
    text = to_text(path)
    assert to_path(text) == path
    assert json.loads(json.dumps(text)) == text
    assert text.encode("utf-8").decode("utf-8") == text


@given(names, names)
@example(b"\xc3\xa9", "\U0010ffc3\U0010ffa9".encode())
def test_different_names_have_different_texts(one: bytes, other: bytes) -> None:
    paths = Path(os.fsdecode(one)), Path(os.fsdecode(other))
    assert (paths[0] == paths[1]) == (to_text(paths[0]) == to_text(paths[1]))


@given(st.text(st.characters(exclude_categories=["Cs", "Co"], exclude_characters="\0"), min_size=1))
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert to_text(Path(name)) == str(Path(name))


def test_one_odd_byte_is_one_private_character() -> None:
    assert to_text(Path(os.fsdecode(b"/photos/caf\xe9.jpg"))) == "/photos/caf\U0010ffe9.jpg"


def test_absolute_keeps_links_but_follows_them_for_two_dots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real" / "inner")
    monkeypatch.chdir(tmp_path)
    assert absolute(Path("link/./x.jpg")) == tmp_path / "link" / "x.jpg"
    assert absolute(Path("link/../x.jpg")) == (tmp_path / "real" / "x.jpg").resolve()
    assert absolute(Path()) == tmp_path
