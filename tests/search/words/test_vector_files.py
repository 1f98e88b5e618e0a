"""Word vectors in all common forms, whole and damaged."""

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors

from indexer.errors import BadValue, NotFound
from search.words import WordFiles, load_thesaurus
from search.words.vector_files import read_vectors

WORDS = ["zebra", "foo", "hot_dog"]
ROWS = np.random.default_rng(0).standard_normal((3, 5)).astype(np.float32)
KEYED = KeyedVectors(5)
KEYED.add_vectors(WORDS, ROWS)


def write_text(path: Path) -> None:
    KEYED.save_word2vec_format(str(path))


def write_binary(path: Path) -> None:
    KEYED.save_word2vec_format(str(path), binary=True)


def write_glove(path: Path) -> None:
    KEYED.save_word2vec_format(str(path), write_header=False)


def write_keyed(path: Path) -> None:
    KEYED.save(str(path))


FORMS = {"a.txt": write_text, "a.bin": write_binary, "g.txt": write_glove, "a.kv": write_keyed}


@pytest.mark.parametrize(("name", "write"), FORMS.items(), ids=FORMS)
def test_every_form_gives_the_same_vectors(
    tmp_path: Path, name: str, write: Callable[[Path], None]
) -> None:
    write(tmp_path / name)
    vectors = read_vectors(tmp_path / name, trust_pickle=True)
    assert vectors.index_to_key == WORDS
    assert np.allclose(vectors.vectors, ROWS, atol=1e-5)


def test_the_form_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    write_binary(tmp_path / "vectors.txt")
    assert np.allclose(read_vectors(tmp_path / "vectors.txt").vectors, ROWS)


@pytest.mark.parametrize(("name", "write"), FORMS.items(), ids=FORMS)
@pytest.mark.parametrize("lost", [20, 40])
def test_a_truncated_file_is_refused_in_one_line(
    tmp_path: Path, name: str, write: Callable[[Path], None], lost: int
) -> None:
    file = tmp_path / name
    write(file)
    file.write_bytes(file.read_bytes()[:-lost])
    with pytest.raises(BadValue) as caught:
        read_vectors(file, trust_pickle=True)
    message = str(caught.value)
    assert str(file) in message and "\n" not in message and "KeyedVectors" in message


DAMAGED = {
    "empty": b"",
    "blank": b"\n\n\n",
    "prose": b"Dear friends,\nthis is not a file of vectors.\n",
    "picture": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)),
    "two lengths": b"a 1 2 3\nb 1 2\n",
    "two lengths under a header": b"2 3\na 1 2 3\nb 1 2\n",
    "one number": b"a 1\nb 2\n",
    "too few": b"3 2\na 1 2\nb 1 2\n",
    "a promise of terabytes": b"99999999999 300\na 1 2 3\n",
    "no numbers": b"2 2\na x y\nb x y\n",
    "not a number": b"a nan 1\nb 2 3\n",
    "infinite": b"a inf 1\nb 2 3\n",
    "nothing but zeros": b"a 0 0\nb 0 0\n",
    "none": b"0 5\n",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_vectors_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "damaged.txt"
    file.write_bytes(content)
    with pytest.raises(BadValue) as caught:
        read_vectors(file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"nope", pickle.dumps([1, 2]), b""])
def test_a_kv_file_that_holds_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "own.kv"
    file.write_bytes(content)
    with pytest.raises(BadValue):
        read_vectors(file, trust_pickle=True)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.txt", tmp_path):
        with pytest.raises(NotFound, match=str(path)):
            read_vectors(path)


def test_vectors_of_two_lengths_are_called_that(tmp_path: Path) -> None:
    file = tmp_path / "own.txt"
    file.write_bytes(DAMAGED["two lengths"])
    with pytest.raises(BadValue, match="not all of one length"):
        read_vectors(file)


class Runs:
    """Pickled, it makes a file when it is loaded."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Callable[..., None], tuple[Path]]:
        return Path.touch, (self.file,)


def test_a_pickle_is_not_loaded_unless_it_is_trusted(tmp_path: Path) -> None:
    file, made = tmp_path / "own.kv", tmp_path / "made"
    file.write_bytes(pickle.dumps(Runs(made)))
    for load in (read_vectors, lambda file: load_thesaurus(WordFiles(file))):
        with pytest.raises(BadValue, match="--trust-pickle"):
            load(file)
    assert not made.exists()
    with pytest.raises(BadValue, match="cannot read"):
        read_vectors(file, trust_pickle=True)
    assert made.exists()  # so that this test can fail
