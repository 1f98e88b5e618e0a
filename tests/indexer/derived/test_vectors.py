"""The vector file: right for the state it names, at any time, for every process."""

import os
import time
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.derived import array_file, checksums, vector_file
from indexer.derived.array_file import damage_of, read_arrays, write_arrays
from indexer.derived.vector_file import BLOCK_ROWS, VectorFile


def row(number):
    return np.array([number, 1, 2], np.float32)


def content(file):
    vectors = file.load()
    assert vectors.take().shape == (len(vectors), 3)
    return {id: float(r[0]) for id, r in zip(vectors.ids, vectors.take(), strict=True)}


def rows_file(folder):
    (file,) = folder.glob("rows-*.bin")
    return file


def test_a_missing_file_has_no_state_and_no_rows(tmp_path):
    file = VectorFile(tmp_path / "nowhere", 3)
    assert file.state is None
    assert content(file) == {}
    assert not (tmp_path / "nowhere").exists()


def test_what_is_applied_is_loaded_by_this_object_and_the_next(tmp_path):
    file = VectorFile(tmp_path / "new", 3)
    file.apply([("b", row(2)), ("a", row(1))], [], "first")
    for seen in (file, VectorFile(tmp_path / "new", 3)):
        assert seen.state == "first"
        assert seen.load().ids == ("a", "b")
        assert content(seen) == {"a": 1, "b": 2}


ids = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40)
changes = st.lists(st.tuples(st.lists(st.tuples(ids, st.integers(0, 99))), st.lists(ids)))


@settings(max_examples=50, deadline=None)
@given(changes=changes)
def test_any_changes_give_what_a_dict_gives(tmp_path_factory, changes):
    folder, expected = tmp_path_factory.mktemp("vectors"), {}
    file = VectorFile(folder, 3)
    for number, (changed, removed) in enumerate(changes):
        file.apply([(id, row(value)) for id, value in changed], removed, str(number))
        expected = {id: value for id, value in expected.items() if id not in removed}
        expected.update(changed)
        assert content(VectorFile(folder, 3)) == expected
        assert file.load().ids == tuple(sorted(expected))


def test_more_rows_than_one_block_keep_their_places(tmp_path):
    file, count = VectorFile(tmp_path, 3), 2 * BLOCK_ROWS + 7
    file.apply(((f"{n * 7919 % count:06}", row(n * 7919 % count)) for n in range(count)), [], "1")
    file.apply([("000003", row(-1))], ["000004"], "2")
    rows = file.load().take()
    assert rows[:5, 0].tolist() == [0, 1, 2, -1, 5]
    assert rows[5:, 0].tolist() == list(range(6, count))


def test_rows_stay_when_another_process_replaces_the_file(tmp_path):
    mine = VectorFile(tmp_path, 3)
    mine.apply([("a", row(1))], [], "1")
    before = mine.load()
    VectorFile(tmp_path, 3).apply([("b", row(2))], ["a"], "2")
    assert (mine.state, content(mine)) == ("1", {"a": 1})
    assert before.take()[0, 0] == 1


def test_of_two_that_apply_at_once_the_last_wins_and_is_right(tmp_path):
    VectorFile(tmp_path, 3).apply([("a", row(1))], [], "1")
    one, two = VectorFile(tmp_path, 3), VectorFile(tmp_path, 3)
    one.apply([("b", row(2)), ("c", row(3))], [], "3")
    two.apply([("b", row(2))], [], "2")
    after = VectorFile(tmp_path, 3)
    assert (after.state, content(after)) == ("2", {"a": 1, "b": 2})


def test_reset_starts_over(tmp_path):
    file = VectorFile(tmp_path, 3)
    file.apply([("a", row(1))], [], "1")
    file.reset()
    assert (file.state, content(file)) == (None, {})
    file.apply([("b", row(2))], [], "2")
    assert content(VectorFile(tmp_path, 3)) == {"b": 2}


def test_vectors_of_another_length_are_refused_and_nothing_changes(tmp_path):
    file = VectorFile(tmp_path, 3)
    file.apply([("a", row(1))], [], "1")
    with pytest.raises(ValueError, match="vector of b"):
        file.apply([("b", np.ones(4, np.float32))], [], "2")
    assert VectorFile(tmp_path, 3).state == "1"
    assert rows_file(tmp_path).stat().st_size == 12


def test_a_file_of_other_dimensions_counts_as_missing(tmp_path):
    VectorFile(tmp_path, 3).apply([("a", row(1))], [], "1")
    assert VectorFile(tmp_path, 4).state is None


def test_a_source_that_fails_changes_nothing(tmp_path):
    def broken():
        yield "b", row(2)
        raise RuntimeError("store away")

    file = VectorFile(tmp_path, 3)
    file.apply([("a", row(1))], [], "1")
    with pytest.raises(RuntimeError):
        file.apply(broken(), ["a"], "2")
    assert content(file) == content(VectorFile(tmp_path, 3)) == {"a": 1}


def test_a_few_new_rows_are_written_behind_those_there_are(tmp_path):
    file = VectorFile(tmp_path, 3)
    file.apply([(f"{n:03}", row(n)) for n in range(100)], [], "1")
    before, content_before = rows_file(tmp_path), rows_file(tmp_path).read_bytes()
    file.apply([("050", row(-1)), ("0505", row(7))], ["010"], "2")
    assert rows_file(tmp_path) == before
    assert before.read_bytes() == content_before + row(-1).tobytes() + row(7).tobytes()


def test_a_vector_that_is_read_again_unchanged_keeps_its_row(tmp_path):
    file = VectorFile(tmp_path, 3)
    file.apply([("a", row(1)), ("b", row(2))], [], "1")
    file.apply([("a", row(1)), ("b", row(3)), ("b", row(2))], [], "2")
    assert content(file) == {"a": 1, "b": 2}
    assert file.load().row_of[0] == 0
    assert len(file.load().rows) == 4


@pytest.mark.parametrize("value", [1, 5], ids=["the same", "another"])
def test_one_that_was_removed_and_put_again_is_there_with_its_last_vector(tmp_path, value):
    """As if both happened between two reads of a store, which tells of both."""
    file = VectorFile(tmp_path, 3)
    file.apply([("a", row(1)), ("b", row(2))], [], "1")
    file.apply([("a", row(value))], ["a"], "2")
    for seen in (file, VectorFile(tmp_path, 3)):
        assert content(seen) == {"a": value, "b": 2}
        assert seen.load().position_of[seen.load().row_of].tolist() == [0, 1]
    file.apply([], ["a"], "3")
    assert content(VectorFile(tmp_path, 3)) == {"b": 2}


@pytest.mark.parametrize("value", [1, 5], ids=["the same", "another"])
def test_one_that_left_and_comes_back_later_is_there_once(tmp_path, value):
    file = VectorFile(tmp_path, 3)
    file.apply([("a", row(1)), ("b", row(2))], [], "1")
    file.apply([], ["a"], "2")
    file.apply([("a", row(value))], [], "3")
    assert content(VectorFile(tmp_path, 3)) == {"a": value, "b": 2}
    assert (file.load().position_of >= 0).sum() == 2


def test_one_that_is_new_and_was_removed_before_it_came_is_there(tmp_path):
    """Put, removed and put again between two reads: the file never had it."""
    file = VectorFile(tmp_path, 3)
    file.apply([("a", row(1))], [], "1")
    file.apply([("b", row(2)), ("b", row(3))], ["b"], "2")
    assert content(VectorFile(tmp_path, 3)) == {"a": 1, "b": 3}


def test_rows_are_copied_when_most_of_their_photos_left(tmp_path):
    file, count = VectorFile(tmp_path, 3), 2 * BLOCK_ROWS
    file.apply([(f"{n:05}", row(n)) for n in range(count)], [], "1")
    old = file.load()
    file.apply([], [f"{n:05}" for n in range(count - 10)], "2")
    file.apply([("new", row(-1))], [], "3")
    assert rows_file(tmp_path).stat().st_size == 11 * 12
    assert content(VectorFile(tmp_path, 3)) == {f"{n:05}": n for n in range(count - 10, count)} | {
        "new": -1
    }
    assert old.take()[count - 1, 0] == count - 1


def test_a_process_whose_rows_another_removed_starts_a_file_of_its_own(tmp_path):
    VectorFile(tmp_path, 3).apply([("a", row(1))], [], "1")
    mine, other = VectorFile(tmp_path, 3), VectorFile(tmp_path, 3)
    other.reset()
    other.apply([("z", row(26))], [], "other")
    mine.apply([("b", row(2))], [], "2")
    assert content(mine) == content(VectorFile(tmp_path, 3)) == {"a": 1, "b": 2}


def test_what_a_process_that_died_left_after_the_rows_does_no_harm(tmp_path):
    VectorFile(tmp_path, 3).apply([("a", row(1))], [], "1")
    with rows_file(tmp_path).open("ab") as file:
        file.write(b"half a row"[:5])
    VectorFile(tmp_path, 3).apply([("b", row(2))], [], "2")
    assert content(VectorFile(tmp_path, 3)) == {"a": 1, "b": 2}


def test_every_cut_and_every_flipped_byte_of_rows_is_noticed(tmp_path):
    VectorFile(tmp_path, 3).apply([("a", row(1)), ("b", row(2))], [], "1")
    file, whole = rows_file(tmp_path), rows_file(tmp_path).read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place])
        assert VectorFile(tmp_path, 3).state is None
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert VectorFile(tmp_path, 3).state is None


def test_every_cut_and_every_flipped_byte_is_noticed(tmp_path):
    path = tmp_path / "arrays"
    write_arrays(path, "state", {"numbers": [np.arange(5), np.arange(3)]})
    whole = path.read_bytes()
    assert read_arrays(path).arrays["numbers"].tolist() == [0, 1, 2, 3, 4, 0, 1, 2]
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert read_arrays(path) is None
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert read_arrays(path) is None


def test_leftovers_of_the_dead_are_removed_and_those_of_the_living_kept(tmp_path):
    dead, living = tmp_path / "arrays.0123abcd.new", tmp_path / "arrays.4567cdef.new"
    for leftover in (dead, living):
        leftover.write_bytes(b"half")
    os.utime(dead, (time.time() - 7200,) * 2)
    write_arrays(tmp_path / "arrays", "state", {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["arrays", "arrays.4567cdef.new"]


def test_blocks_of_long_arrays_are_checked_at_random_and_all_of_them_by_verify(
    tmp_path, monkeypatch
):
    """Fails if what is longer than a check reads is not checked: a zeroed row stays for ever."""
    monkeypatch.setattr(checksums, "BLOCK", 64)
    monkeypatch.setattr(checksums, "CHECKED_BYTES", 256)
    monkeypatch.setattr(checksums, "SAMPLED_BYTES", 256)
    path = tmp_path / "arrays"
    write_arrays(path, "state", {"numbers": [np.arange(7), np.arange(7, 100), np.arange(100, 200)]})
    assert read_arrays(path).arrays["numbers"].tolist() == [*range(200)]
    assert damage_of(path) == ""
    whole = path.read_bytes()
    for place in range(0, 1600, 40):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert damage_of(path) == "its array 'numbers' is not what was written"
        opened = [read_arrays(path) for _ in range(200)]
        assert any(one is None for one in opened) and any(one is not None for one in opened)


def test_rows_that_are_long_are_checked_too_however_they_grew(tmp_path, monkeypatch):
    monkeypatch.setattr(checksums, "BLOCK", 32)
    monkeypatch.setattr(checksums, "CHECKED_BYTES", 64)
    monkeypatch.setattr(checksums, "SAMPLED_BYTES", 64)
    for number in range(10):
        VectorFile(tmp_path, 3).apply([(str(number), row(number))], [], str(number))
    assert content(VectorFile(tmp_path, 3)) == {str(number): number for number in range(10)}
    file, whole = rows_file(tmp_path), rows_file(tmp_path).read_bytes()
    file.write_bytes(whole[:-6] + bytes(6))
    assert None in [VectorFile(tmp_path, 3).state for _ in range(100)]


def test_files_of_an_earlier_version_have_no_checksums_of_blocks_and_are_read(
    tmp_path, monkeypatch
):
    path = tmp_path / "arrays"
    monkeypatch.setattr(array_file, "BlockChecksums", WithoutBlocks)
    write_arrays(path, "state", {"numbers": [np.arange(200)]})
    for most in (checksums.CHECKED_BYTES, 256):
        monkeypatch.setattr(checksums, "CHECKED_BYTES", most)
        assert read_arrays(path).arrays["numbers"].tolist() == [*range(200)]


@pytest.mark.parametrize("is_damaged", [False, True])
def test_rows_of_an_earlier_version_get_checksums_of_blocks_as_they_grow(
    tmp_path, monkeypatch, is_damaged
):
    """Fails if what was damaged before is vouched for afterwards."""
    with monkeypatch.context() as earlier:
        earlier.setattr(vector_file, "BlockChecksums", WithoutBlocks)
        VectorFile(tmp_path, 3).apply([("a", row(1)), ("b", row(2))], [], "1")
    file = VectorFile(tmp_path, 3)
    if is_damaged:
        rows_file(tmp_path).write_bytes(bytes(24))
    file.apply([("c", row(3))], [], "2")
    assert VectorFile(tmp_path, 3).state == (None if is_damaged else "2")
    assert len(read_arrays(tmp_path / "vectors.bin").arrays["blocks"]) == 1


class WithoutBlocks(checksums.BlockChecksums):
    """As an earlier version computed them."""

    blocks = property(lambda self: [], lambda self, _: None)

    def add(self, content):
        self.whole = zlib.crc32(content, self.whole)
