"""What is read of a file, and the id of its content."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import Unreadable
from indexer.photos.content import LARGEST_FILE, content_id, read


def test_a_forbidden_file_cannot_be_read_now(ordinary_user: Path) -> None:
    path = ordinary_user / "x.jpg"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(PermissionError):
        read(str(path))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(Unreadable, match="not a regular file"):
        read(str(tmp_path / "pipe.jpg"))


def test_a_file_too_large_for_a_photo_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "disk.tif"
    path.touch()
    os.truncate(path, LARGEST_FILE + 1)  # sparse
    with pytest.raises(Unreadable, match="500,000,001 bytes is over the limit of 500 MB"):
        read(str(path))


def test_equal_content_has_equal_ids_and_other_content_others() -> None:
    # blake2b of nothing with a digest of 16 bytes, as coreutils' `b2sum -l 128` prints it
    assert content_id(b"") == "cae66941d9efbd404e4d88758ea67670"
    assert content_id(b"photo") == content_id(bytes(bytearray(b"photo")))
    assert len({content_id(bytes([n])) for n in range(256)}) == 256


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_ids_are_stable_and_distinct(one: bytes, other: bytes) -> None:
    assert (content_id(one) == content_id(other)) == (one == other)
    assert len(content_id(one)) == 32
    assert set(content_id(one)) <= set("0123456789abcdef")
