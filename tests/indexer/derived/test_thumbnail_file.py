"""The file of thumbnails: it may be missing, busy or damaged, and is never believed blindly."""

import os
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing

import pytest

from indexer.derived.thumbnail_file import ThumbnailFile

GRID, LARGE = 400, 1280

WRITER = """
import sys
import zlib
from pathlib import Path
from indexer.derived.thumbnail_file import ThumbnailFile
file = ThumbnailFile(Path(sys.argv[1]))
for batch in range(60):
    jpegs = {f"{batch}-{n}": f"jpeg {batch}-{n} ".encode() * 1000 for n in range(16)}
    file.put(400, jpegs)
    if batch % 3 == 2:
        file.keep_only({f"{kept}-{n}" for kept in range(batch + 1) for n in range(15)})
    print(batch, flush=True)
"""


@pytest.fixture
def file(tmp_path):
    return ThumbnailFile(tmp_path / "photos.db.thumbnails")


def change(file, statement, *values):
    with closing(sqlite3.connect(file.path)) as connection, connection:
        assert connection.execute(statement, values).rowcount == 1


def test_what_was_put_is_there_by_photo_and_size(file):
    file.put(GRID, {"a": b"small a", "b": b"small b"})
    file.put(LARGE, {"a": b"large a"})
    assert (file.get("a", GRID), file.get("b", GRID)) == (b"small a", b"small b")
    assert (file.get("a", LARGE), file.get("b", LARGE)) == (b"large a", None)
    file.put(GRID, {"a": b"other"})
    assert file.get("a", GRID) == b"other"


def test_the_file_may_be_missing_and_may_be_removed_at_any_time(file):
    assert file.get("a", GRID) is None
    file.keep_only(set())
    assert not file.path.exists()
    file.put(GRID, {"a": b"jpeg"})
    file.path.unlink()
    assert file.get("a", GRID) is None
    file.put(GRID, {"a": b"jpeg"})
    assert file.get("a", GRID) == b"jpeg"


def test_one_file_holds_all(file, tmp_path):
    for number in range(50):
        file.put(GRID, {f"{number}": b"jpeg"})
    assert list(tmp_path.iterdir()) == [file.path]


def test_removed_photos_have_no_thumbnail_of_any_size_and_take_no_space(file):
    file.put(GRID, {f"{number}": bytes(20_000) for number in range(1, 1_501)})
    file.put(LARGE, {"1": b"large"})
    full = file.path.stat().st_size
    file.keep_only({"7", "never seen"})
    assert file.get("7", GRID) == bytes(20_000)
    assert file.get("1", LARGE) is file.get("1", GRID) is file.get("1500", GRID) is None
    assert file.path.stat().st_size < full / 20


def test_only_the_newest_of_a_size_are_kept_where_there_is_a_limit(file):
    file.put(GRID, {"a": b"small a"})
    for id in ("a", "b", "c", "a", "d"):
        file.put(LARGE, {id: b"large " + id.encode()}, most=2)
    assert [file.get(id, LARGE) for id in "abcd"] == [b"large a", None, None, b"large d"]
    assert file.get("a", GRID) == b"small a"


def test_an_empty_picture_is_neither_kept_nor_given(file):
    file.put(GRID, {"a": b"", "b": b"jpeg of b"})
    assert (file.get("a", GRID), file.get("b", GRID)) == (None, b"jpeg of b")
    fitting = zlib.crc32(f"b {GRID}".encode())  # as if one had been kept
    change(file, "UPDATE thumbnails SET jpeg = ?, checksum = ?", b"", fitting)
    assert file.get("b", GRID) is None


@pytest.mark.parametrize(
    "damage, value",
    [
        ("jpeg = ?", b"jpfg of a"),
        ("jpeg = ?", b"jpeg of"),
        ("jpeg = ?", "jpeg of a!"),
        ("jpeg = ?", 7),
        ("jpeg = ?", b""),
        ("checksum = checksum + ?", 1),
        ("photo = ?", "b"),  # that of another photo
        ("size = ?", LARGE),
    ],
)
def test_a_damaged_row_is_never_given_and_can_be_put_again(file, damage, value):
    file.put(GRID, {"a": b"jpeg of a"})
    change(file, f"UPDATE thumbnails SET {damage}", value)
    for id in ("a", "b"):
        for size in (GRID, LARGE):
            assert file.get(id, size) is None
            file.put(size, {id: b"jpeg again"})
            assert file.get(id, size) == b"jpeg again"


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.95])
def test_a_file_that_is_cut_short_gives_nothing_wrong_and_is_made_again(file, share):
    whole = {f"{number}": os.urandom(3_000) for number in range(200)}
    file.put(GRID, whole)
    data = file.path.read_bytes()
    file.path.write_bytes(data[: int(share * len(data))])
    for id, jpeg in whole.items():
        assert file.get(id, GRID) in (None, jpeg)
    for _ in range(2):  # the first may meet the damage
        file.put(GRID, whole)
    assert all(file.get(id, GRID) == jpeg for id, jpeg in whole.items())


def test_whatever_lies_in_its_place_is_replaced(file):
    file.path.write_bytes(b"this is not a database, and longer than a header of one " * 20)
    assert file.get("a", GRID) is None
    file.put(GRID, {"a": b"jpeg"})
    assert file.get("a", GRID) == b"jpeg"


def test_a_folder_of_an_older_version_is_replaced(file):
    (file.path / "320" / "ab").mkdir(parents=True)
    (file.path / "320" / "ab" / "abc.jpg").write_bytes(b"jpeg")
    assert file.get("a", GRID) is None
    file.put(GRID, {"a": b"jpeg"})
    assert file.get("a", GRID) == b"jpeg" and file.path.is_file()


@pytest.mark.parametrize("mode, wanted", [(0o640, 0o640), (0o600, 0o600), (0o444, 0o644)])
def test_it_is_as_private_as_the_store_and_its_owner_may_write_it(tmp_path, mode, wanted):
    owner = tmp_path / "photos.db"
    owner.touch()
    owner.chmod(mode)
    file = ThumbnailFile(tmp_path / "photos.db.thumbnails", owner)
    file.put(GRID, {"a": b"jpeg"})
    assert file.path.stat().st_mode & 0o777 == wanted
    assert file.get("a", GRID) == b"jpeg"


def test_a_disk_without_room_costs_the_thumbnail_and_nothing_else(file, monkeypatch):
    file.put(GRID, {"a": b"jpeg"})
    connect = sqlite3.connect

    def cramped(*given, **named):
        connection = connect(*given, **named)
        connection.execute("PRAGMA max_page_count = 8")
        return connection

    monkeypatch.setattr(sqlite3, "connect", cramped)
    file.put(GRID, {"b": bytes(1_000_000)})
    assert (file.get("a", GRID), file.get("b", GRID)) == (b"jpeg", None)


def test_a_place_where_no_file_can_be_made_costs_nothing_else(tmp_path):
    (tmp_path / "occupied").touch()
    file = ThumbnailFile(tmp_path / "occupied" / "thumbnails")
    file.put(GRID, {"a": b"jpeg"})
    file.keep_only(set())
    assert file.get("a", GRID) is None


def test_another_process_writes_while_this_one_reads(file):
    command = [sys.executable, "-c", WRITER, str(file.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            for number in range(15):
                id = f"{int(line)}-{number}"
                assert file.get(id, GRID) == f"jpeg {id} ".encode() * 1000
    assert writer.returncode == 0
    assert file.get("0-0", GRID) and file.get("0-15", GRID) is None
