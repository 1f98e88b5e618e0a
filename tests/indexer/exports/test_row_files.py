"""Files of one row a photo: what is written is read, however large, and nothing else is."""

import pickle
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import BadValue, NotFound
from indexer.exports.row_files import BLOCK_TEXTS, read_rows, write_rows

ENDINGS = (".npz", ".pickle", ".pkl", ".PKL", "")
numbers = st.floats(width=32, allow_nan=False)
paths = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


def write(out, rows, **facts):
    return write_rows(out, "vectors", rows, {name: np.array(fact) for name, fact in facts.items()})


def load(file):
    """Read a file as users do, with numpy or pickle alone."""
    if file.suffix.lower() in (".pickle", ".pkl"):
        return pickle.loads(file.read_bytes())
    with np.load(file) as arrays:
        return dict(arrays)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 5).flatmap(
        lambda width: st.lists(
            st.tuples(
                paths,
                st.text("0123456789abcdef", min_size=1, max_size=32),
                st.lists(numbers, min_size=width, max_size=width),
            ),
            min_size=1,
            max_size=30,
        )
    ),
    ending=st.sampled_from(ENDINGS),
)
def test_what_is_written_is_read_by_magpie_numpy_and_pickle(tmp_path_factory, rows, ending):
    file = tmp_path_factory.mktemp("rows") / f"features{ending}"
    given_rows = [(path, id, np.array(row, np.float32)) for path, id, row in rows]
    assert write(file, given_rows, model="network") == len(rows)
    expected = np.array([row for _, _, row in rows], np.float32)
    np.testing.assert_array_equal(read_rows(file, "vectors"), expected)
    arrays = load(file)
    np.testing.assert_array_equal(arrays["vectors"], expected)
    assert arrays["vectors"].dtype == np.float32
    assert arrays["paths"].tolist() == [path for path, _, _ in rows]
    assert arrays["ids"].tolist() == [id for _, id, _ in rows]
    assert arrays["model"] == "network"


@pytest.mark.parametrize("ending", [".npz", ".pkl"])
def test_more_texts_than_one_block_keep_their_rows(tmp_path, ending):
    file, count = tmp_path / f"rows{ending}", 2 * BLOCK_TEXTS + 3
    write(file, ((f"/é/{n}.jpg", f"{n:x}", np.full(2, n, np.float32)) for n in range(count)))
    arrays = load(file)
    assert arrays["paths"].tolist() == [f"/é/{n}.jpg" for n in range(count)]
    assert arrays["ids"].tolist() == [f"{n:x}" for n in range(count)]
    assert arrays["vectors"][:, 1].tolist() == list(range(count))


def test_memory_does_not_grow_with_the_file(tmp_path):
    file, width, count = tmp_path / "rows.npz", 25_000, 1_500  # 150 MB
    tracemalloc.start()
    try:
        write(file, (("/a.jpg", "0", np.full(width, n, np.float32)) for n in range(count)))
        rows = read_rows(file, "vectors")
        assert rows.shape == (count, width) and rows[-1, -1] == count - 1
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert file.stat().st_size > 150_000_000


def test_what_numpy_writes_is_read(tmp_path):
    rows = np.random.default_rng(0).random((7, 5), np.float32)
    np.savez(tmp_path / "plain.npz", ids=np.array(["a"] * 7), vectors=rows)
    np.savez_compressed(tmp_path / "packed.npz", vectors=rows)
    for name in ("plain.npz", "packed.npz"):
        np.testing.assert_array_equal(read_rows(tmp_path / name, "vectors"), rows)


def test_no_rows_leave_an_older_file_as_it_was(tmp_path):
    file = tmp_path / "rows.npz"
    file.write_text("older")
    assert write(file, []) == 0
    assert file.read_text() == "older"


def test_an_interrupted_run_leaves_an_older_file_and_nothing_beside_it(tmp_path):
    file = tmp_path / "rows.npz"
    file.write_text("older")

    def rows():
        yield "/a.jpg", "0", np.zeros(3, np.float32)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(file, rows())
    assert file.read_text() == "older" and list(tmp_path.iterdir()) == [file]


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    for out in (tmp_path / "nowhere" / "rows.npz", tmp_path):
        with pytest.raises(BadValue, match=f"cannot write '{out}'"):
            write(out, [("/a.jpg", "0", np.zeros(3, np.float32))])


class Evil:
    """Would make a file while it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_a_pickle_cannot_run_anything(tmp_path):
    file = tmp_path / "evil.pkl"
    file.write_bytes(pickle.dumps({"vectors": Evil(tmp_path / "made")}))
    with pytest.raises(BadValue, match=r"it wants .*open"):
        read_rows(file, "vectors")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"text", b"PK\x05\x06" + bytes(18), b"\x80\x05}."],
    ids=["empty", "text", "an empty zip", "an empty pickle"],
)
@pytest.mark.parametrize("ending", [".npz", ".pkl"])
def test_other_files_are_one_line(tmp_path, content, ending):
    file = tmp_path / f"rows{ending}"
    file.write_bytes(content)
    with pytest.raises(BadValue, match="is not a file of vectors") as trouble:
        read_rows(file, "vectors")
    assert len(str(trouble.value).splitlines()) == 1


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(3, np.float32),
        np.zeros((2, 2)),
        np.zeros((0, 2), np.float32),
        np.asfortranarray(np.zeros((2, 3), np.float32)),
        np.array([["a"]]),
        np.array([[{}]]),
    ],
)
def test_other_arrays_are_refused(tmp_path, array):
    np.savez(tmp_path / "rows.npz", vectors=array)
    with pytest.raises(BadValue, match="is not a file of vectors"):
        read_rows(tmp_path / "rows.npz", "vectors")


@pytest.mark.parametrize("ending", [".npz", ".pkl"])
def test_a_file_that_was_cut_short_is_refused(tmp_path, ending):
    file = tmp_path / f"rows{ending}"
    write(file, [("/a.jpg", "0", np.zeros(1000, np.float32))] * 20)
    whole = file.read_bytes()
    for length in (len(whole) - 1, len(whole) // 2, 100):
        file.write_bytes(whole[:length])
        with pytest.raises(BadValue, match="is not a file of vectors"):
            read_rows(file, "vectors")


def test_a_missing_file_says_how_one_is_made(tmp_path):
    for name in ("rows.npz", "rows.pkl"):
        with pytest.raises(NotFound, match="magpie features IMAGES FILE makes one"):
            read_rows(tmp_path / name, "vectors")
