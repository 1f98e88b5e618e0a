"""What the SQLite store promises beyond the contract: bad places, full disks, sudden death."""

import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from store_samples import INFO, photos

from indexer.errors import BadValue, Conflict, NotFound, StoreAway
from indexer.queries import Query
from indexer.stores import open_store
from indexer.stores.sqlite.lists import NEWER


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library" / "photos.db"


@pytest.fixture
def store(path):
    store = open_store(f"sqlite:///{path}")
    store.identity.create(INFO)
    yield store
    store.close()


def one_line(caught):
    message = str(caught.value)
    assert "\n" not in message
    return message


def python(code, *arguments, before=()):
    """Run code as another process that can use the samples; return the process."""
    folders = [str(folder) for folder in Path(__file__).parents[:5]]
    program = "import sys\n" + textwrap.dedent(code)
    return subprocess.Popen(
        [*before, sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_store_that_is_just_being_made_is_not_taken_for_another_program_s(tmp_path):
    for number in range(100):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        making = threading.Thread(target=create, args=[url])
        making.start()
        with closing(open_store(url)) as store:
            while store.identity.info() is None:
                pass
        making.join()


def create(url):
    with closing(open_store(url)) as store:
        store.identity.create(INFO)


def test_a_store_may_be_closed_while_other_threads_read_and_write(store, path):
    store.photos.put(photos(3))
    wrong, ended = [], threading.Event()

    def use():
        while not ended.is_set():
            try:
                assert store.photos.count() == 3
                store.photos.put(photos(3))
            except BaseException as error:
                wrong.append(error)

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(200):
        store.close()
    ended.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_relative_path_is_taken_from_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///my photos #1?.db")
    store.identity.create(INFO)
    store.close()
    assert (tmp_path / "my photos #1?.db").is_file()


@pytest.mark.parametrize("url", ["sqlite:///", "sqlite://photos.db", "sqlite:photos.db"])
def test_a_url_without_a_file_is_refused(url):
    with pytest.raises(BadValue) as caught:
        open_store(url)
    assert url in one_line(caught)


def test_a_folder_is_refused(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}")
    for use in (store.identity.info, lambda: store.identity.create(INFO)):
        with pytest.raises(BadValue) as caught:
            use()
        assert str(tmp_path) in one_line(caught)
        assert "folder" in one_line(caught)


def test_looking_at_a_missing_store_makes_nothing(path):
    store = open_store(f"sqlite:///{path}")
    assert store.identity.info() is None
    assert store.size() == 0
    for use in (store.photos.scan, store.files.read, store.lists.read):
        with pytest.raises(NotFound) as caught:
            list(use())
        assert "magpie index" in one_line(caught)
    for use in (
        lambda: store.ranking.search(Query()),
        store.photos.vectors,
        lambda: store.photos.put(photos(1)),
    ):
        with pytest.raises(NotFound):
            use()
    store.close()
    assert not path.parent.exists()


@pytest.mark.parametrize("content", [b"holiday pictures\n" * 100, b"\0" * 5000, os.urandom(8192)])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path, content):
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    store = open_store(f"sqlite:///{file}")
    for use in (
        store.identity.info,
        lambda: store.identity.create(INFO),
        lambda: store.photos.put(photos(1)),
    ):
        with pytest.raises(BadValue) as caught:
            use()
        assert str(file) in one_line(caught)
        assert "--store" in one_line(caught)
    store.close()
    assert file.read_bytes() == content


def test_another_programs_database_is_refused_and_left_alone(tmp_path):
    file = tmp_path / "other.db"
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE photos (id)")
    other.close()
    before = file.read_bytes()
    store = open_store(f"sqlite:///{file}")
    with pytest.raises(BadValue) as caught:
        store.identity.create(INFO)
    assert "not a Magpie store" in one_line(caught)
    store.close()
    assert file.read_bytes() == before


def test_an_empty_file_becomes_a_store(tmp_path):
    (tmp_path / "photos.db").touch()
    store = open_store(f"sqlite:///{tmp_path}/photos.db")
    assert store.identity.info() is None
    store.identity.create(INFO)
    assert store.identity.info() == INFO
    store.close()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    store = open_store(f"sqlite:///{tmp_path}/file/photos.db")
    with pytest.raises(StoreAway) as caught:
        store.identity.create(INFO)
    assert f"{tmp_path}/file" in one_line(caught)
    assert "permissions" in one_line(caught)


@pytest.mark.parametrize("mode", [0o000, 0o555], ids=["no access", "read only"])
def test_a_folder_without_permission_is_named(path, store, mode):
    store.photos.put(photos(1))
    store.close()
    # Root may do everything, unless it gives up its capabilities.
    before = ["setpriv", "--bounding-set=-all"] if os.getuid() == 0 else []
    if before and not shutil.which("setpriv"):
        pytest.skip("root cannot give up its rights without setpriv")
    code = """
        from indexer.errors import MagpieError
        from indexer.stores import open_store
        from store_samples import photos
        try:
            open_store(f"sqlite:///{sys.argv[1]}").photos.put(photos(1, seed=1))
        except MagpieError as error:
            print(type(error).__name__, error)
    """
    path.parent.chmod(mode)
    try:
        with python(code, path, before=before) as process:
            answer = process.communicate()[0]
    finally:
        path.parent.chmod(0o755)
    assert answer.startswith(("StoreAway", "ReadOnly"))
    assert str(path) in answer
    assert "permissions" in answer
    assert answer.count("\n") == 1
    assert store.photos.count() == 1


def test_another_mapping_version_is_refused_with_both_and_the_way_out(path, store):
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE info SET photos_mapping = 99")
    connection.close()
    again = open_store(f"sqlite:///{path}")
    for use in (again.identity.info, lambda: again.identity.create(INFO)):
        with pytest.raises(Conflict) as caught:
            use()
        assert "99" in one_line(caught)
        assert "this Magpie reads 2 to 6" in one_line(caught)
        assert "--store" in one_line(caught)
    again.close()


def test_a_damaged_database_is_named(path, store):
    store.photos.put(photos(300))
    store.close()
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 200_000)
    again = open_store(f"sqlite:///{path}")
    with pytest.raises(StoreAway) as caught:
        list(again.photos.scan())
    assert "damaged" in one_line(caught)
    again.close()


FULL_DISK = """
    from indexer.errors import StoreAway
    from indexer.stores import open_store
    from store_samples import INFO, photos
    store = open_store(f"sqlite:///{sys.argv[1]}/photos.db")
    store.identity.create(INFO)
    written = 0
    try:
        while True:
            store.photos.put(photos(256, seed=written))
            written += 256
            if sys.argv[2] == "vectors":
                store.photos.vectors()
    except StoreAway as error:
        print(error)
    assert written > 0
    store.close()
    again = open_store(f"sqlite:///{sys.argv[1]}/photos.db")
    print(again.photos.count() - written, len(list(again.photos.scan())) - written)
"""


@pytest.fixture
def small_disk(tmp_path):
    """What to put before a command for which `tmp_path` is a disk of 4 MB."""
    mount = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    script = 'mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@"'
    before = [*mount, script, str(tmp_path)]
    if not shutil.which("unshare") or subprocess.run([*before, "true"], check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    return before


@pytest.mark.parametrize("work", ["tables", "vectors"])
def test_a_full_disk_is_one_line_and_loses_nothing_that_was_written(tmp_path, small_disk, work):
    with python(FULL_DISK, tmp_path, work, before=small_disk) as process:
        message, difference = process.communicate()[0].splitlines()
    assert process.returncode == 0
    assert "no space left" in message
    assert str(tmp_path) in message
    # A batch whose derived file found no room was itself written.
    assert difference in ("0 0", "256 256" if work == "vectors" else "0 0")


def test_a_disk_that_is_full_to_the_last_byte_is_read_and_named_by_who_writes(tmp_path, small_disk):
    code = """
        from pathlib import Path
        from indexer.errors import StoreAway
        from indexer.stores import open_store
        from store_samples import INFO, photos
        store, rest = open_store(f"sqlite:///{sys.argv[1]}/photos.db"), Path(sys.argv[1], "rest")
        store.identity.create(INFO)
        store.close()  # the last one takes the log of SQLite away, which has no room then
        try:
            with rest.open("wb") as file:
                while True:
                    file.write(bytes(4096))
        except OSError:
            pass
        print(store.identity.info() == INFO)
        try:
            store.photos.put(photos(1))
        except StoreAway as error:
            print(error)
        print(store.photos.count())
        rest.unlink()
        store.photos.put(photos(1))
        print(store.photos.count())
    """
    with python(code, tmp_path, before=small_disk) as process:
        is_read, message, none, one = process.communicate()[0].splitlines()
    assert f"the disk of {tmp_path}/photos.db failed" in message
    assert "check whether it is full" in message
    assert (is_read, none, one) == ("True", "0", "1")


def test_sudden_death_loses_nothing_that_was_reported(path, store):
    code = """
        from indexer.stores import open_store
        from store_samples import photos
        store = open_store(f"sqlite:///{sys.argv[1]}")
        for seed in range(10_000):
            store.photos.put(photos(5, seed))
            store.photos.vectors()
            print(seed, flush=True)
    """
    with python(code, path) as process:
        for _ in range(20):
            last = int(process.stdout.readline())
        process.kill()
    found = {photo.id for photo in store.photos.scan()}
    assert found >= {photo.id for seed in range(last + 1) for photo in photos(5, seed)}
    assert set(store.photos.vectors().ids) == found
    assert len(found) % 5 == 0, "half a batch was written"


def test_two_processes_lose_no_path(path, store):
    (photo,) = photos(1)
    store.photos.put([photo])
    code = """
        from indexer.stores import open_store
        from test_store_concurrency import add_paths
        add_paths(open_store(f"sqlite:///{sys.argv[1]}"), sys.argv[2], sys.argv[3])
    """
    writers = [python(code, path, photo.id, name) for name in "ab"]
    for writer in writers:
        with writer:
            assert writer.wait() == 0
    assert len(store.photos.get([photo.id])[photo.id].paths) == 1 + 2 * 10


def test_a_busy_store_is_waited_for(path, store):
    with sqlite3.connect(path, isolation_level=None, check_same_thread=False) as other:
        other.execute("BEGIN IMMEDIATE")
        writer = python(
            """
            from indexer.stores import open_store
            from store_samples import photos
            print("begin", flush=True)
            open_store(f"sqlite:///{sys.argv[1]}").photos.put(photos(1))
            """,
            path,
        )
        with writer:
            assert writer.stdout.readline() == "begin\n"
            assert store.photos.count() == 0, "readers must not wait"
            other.execute("COMMIT")
            assert writer.wait() == 0
    other.close()
    assert store.photos.count() == 1


def test_threads_that_ended_leave_no_connection_open(path, store):
    for _ in range(10):
        thread = threading.Thread(target=store.photos.count)
        thread.start()
        thread.join()
    opened = [file for file in psutil.Process().open_files() if file.path == str(path)]
    assert len(opened) <= 4  # of this thread and the last ones; SQLite closes some later


def test_a_store_that_replaces_another_is_seen(path, store, tmp_path):
    assert store.photos.put(photos(3)) == []
    assert len(store.ranking.search(Query(boosts={photos(3)[0].id: 1.0}))) == 1
    with closing(open_store(f"sqlite:///{tmp_path}/other.db")) as other:
        other.identity.create(INFO)
        assert other.photos.put(photos(2, seed=9)) == []
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    (tmp_path / "other.db").replace(path)
    assert store.photos.count() == 2
    assert store.ranking.search(Query(boosts={photos(3)[0].id: 1.0})) == []
    assert len(store.photos.vectors().ids) == 2


def test_only_lists_that_were_written_since_are_read(path, store):
    many = sorted(photos(600), key=lambda photo: photo.id)
    store.photos.put(many)
    state = store.photos.state()
    changed = [many[599], many[3], many[300]]
    store.lists.replace({photo.id: many[0].neighbours for photo in changed})
    found = [id for id, _ in store.lists.read(state)]
    assert found == [many[3].id, many[300].id, many[599].id]  # in order of ids
    with closing(sqlite3.connect(path)) as connection:
        steps = connection.execute("EXPLAIN QUERY PLAN " + NEWER, (1,)).fetchall()
    assert ["USING INDEX photos_version" in step[-1] for step in steps] == [True]
