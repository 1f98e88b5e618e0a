"""A store that may not be written sees what others write, and nothing that is half written."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from store_samples import INFO, photos

from indexer.errors import StoreAway
from indexer.stores import open_store
from indexer.stores.sqlite import connections

POWERLESS = ["setpriv", "--bounding-set=-all"] if os.getuid() == 0 else []
"""Root may write everything, unless it gives up its capabilities."""

READER = """
    import sys
    from indexer.errors import MagpieError
    from indexer.stores import open_store
    store = open_store(sys.argv[1])
    for _ in sys.stdin:
        try:
            print(store.photos.count(), len(store.photos.vectors().ids), flush=True)
        except MagpieError as error:
            print(error, flush=True)
"""


@pytest.fixture
def store(tmp_path):
    (tmp_path / "library").mkdir()
    store = open_store(f"sqlite:///{tmp_path}/library/photos.db")
    store.identity.create(INFO)
    store.photos.put(photos(3))
    yield store
    store.close()


@pytest.fixture
def ask(store, own_cache):
    """Asks a process that may not write for the numbers of photos and of vectors."""
    if POWERLESS and not shutil.which("setpriv"):
        pytest.skip("root cannot give up its rights without setpriv")
    process = subprocess.Popen(
        [*POWERLESS, sys.executable, "-c", textwrap.dedent(READER), store.location],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def answer():
        with forbidden(store):
            process.stdin.write("\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

    yield answer
    process.communicate()


class forbidden:
    """No file beside the store may be written meanwhile."""

    def __init__(self, store):
        self.folder = Path(store.location.removeprefix("sqlite:///")).parent

    def __enter__(self):
        self.change(0o555, 0o444)

    def __exit__(self, *_):
        self.change(0o755, 0o644)

    def change(self, folders, files):
        for path in (*self.folder.rglob("*"), self.folder):
            path.chmod(folders if path.is_dir() else files)


def test_a_reader_sees_what_is_written_with_and_without_a_log(store, ask):
    assert ask() == "3 3"  # somebody has it open
    store.photos.put(photos(2, seed=1))
    assert ask() == "5 5"
    store.close()  # which folds the log into the file and removes it
    assert ask() == "5 5"
    again = open_store(store.location)
    again.photos.put(photos(4, seed=2))
    assert ask() == "9 9"
    again.close()
    assert ask() == "9 9"


def test_a_log_that_nobody_can_read_is_named(store, ask, tmp_path):
    path = tmp_path / "library" / "photos.db"
    log = Path(f"{path}-wal").read_bytes()
    store.close()
    Path(f"{path}-wal").write_bytes(log)  # as in a copy of both files
    answer = ask()
    assert f"{path}-wal" in answer
    assert "read-only" in answer


def test_a_file_that_changes_while_it_is_read_without_a_lock_is_not_believed(store, monkeypatch):
    location, path = store.location, Path(store.location.removeprefix("sqlite:///"))
    store.close()
    monkeypatch.setattr(connections, "may_write", lambda path: False)
    reader = open_store(location)
    assert reader.photos.count() == 3
    with pytest.raises(StoreAway, match="changed while it was read"), reader._database.reading():
        os.utime(path)
    assert reader.photos.count() == 3  # opened again
    reader.close()
