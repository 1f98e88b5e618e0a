"""What Magpie keeps is for its owner alone, also what an earlier one made."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.derived.private import mend
from indexer.stores import open_store
from indexer.stores.sqlite.erasing import overwrite_copies
from indexer.stores.sqlite.event_backups import EventBackups

MAGPIE = Path(sys.executable).with_name("magpie")


def opened_to_others(*folders):
    """The files and folders that group or others may do something with, links apart."""
    things = [thing for folder in folders for thing in (folder, *folder.rglob("*"))]
    return {thing for thing in things if not thing.is_symlink() and thing.stat().st_mode & 0o077}


@pytest.fixture
def library(indexed_photos, tmp_path):
    """A library that everybody may read, as earlier ones were, and what runs commands on it."""
    home, cache = tmp_path / "home", tmp_path / "cache"
    (home / "photos.db.events").mkdir(parents=True)
    shutil.copy(indexed_photos / "photos.db", home)
    (home / "photos").symlink_to(indexed_photos / "photos")
    (home / "photos.db.events" / "20240501T120000000000Z-1.jsonl").write_text("")
    (home / "photos.db.thumbnails").touch()
    (cache / "locks").mkdir(parents=True)
    (cache / "locks" / "old").touch()
    for thing in (*home.rglob("*"), *cache.rglob("*")):
        if not thing.is_symlink():
            thing.chmod(0o755 if thing.is_dir() else 0o644)

    def run(*words, **environment):
        store = f"sqlite:///{home}/photos.db"
        subprocess.run(
            [MAGPIE, *words, "--store", store],
            check=True,
            capture_output=True,
            env={**os.environ, "MAGPIE_CACHE": str(cache), **environment},
            umask=0o022,
        )

    return home, cache, run


@pytest.mark.slow
def test_what_commands_make_and_find_is_for_the_owner_alone(library, free_photos, tmp_path):
    home, cache, run = library
    more = tmp_path / "more"
    more.mkdir()
    shutil.copy(free_photos[-1], more)
    run("index", str(more))
    run("teach", "griffin", str(more / free_photos[-1].name))
    run("search", "griffin")
    run("export", f"{home}/taught.jsonl")
    assert opened_to_others(home, cache) <= {home, cache}  # which Magpie did not make
    assert {"locks", "openvino"} <= {one.name for one in cache.iterdir()} or cache.exists()
    assert stat.S_IMODE((home / "taught.jsonl").stat().st_mode) == 0o600


@pytest.mark.slow
def test_shared_libraries_keep_their_permissions(library):
    home, _, run = library
    run("search", "cat", MAGPIE_SHARED="yes")
    assert home / "photos.db" in opened_to_others(home)


def test_a_library_is_made_for_its_owner_by_programs_too(tmp_path, indexed_photos):
    from contextlib import closing

    before = os.umask(0o022)
    try:
        with (
            closing(open_store(f"sqlite:///{indexed_photos}/photos.db")) as source,
            closing(open_store(f"sqlite:///{tmp_path}/new.db")) as new,
        ):
            new.identity.create(source.identity.info())
            assert not opened_to_others(tmp_path) - {tmp_path}
    finally:
        os.umask(before)


class EmptyLog:
    """Stands in for the log of a store: it has no events."""

    def texts(self):
        return iter(())


@pytest.mark.parametrize(
    ("shared", "of_folder", "of_file"), [("yes", 0o775, 0o664), ("", 0o700, 0o600)]
)
def test_copies_of_events_are_shared_as_their_library_is(
    tmp_path, monkeypatch, shared, of_folder, of_file
):
    monkeypatch.setenv("MAGPIE_SHARED", shared)
    copies = EventBackups(tmp_path / "photos.db.events")
    before = os.umask(0o002)
    try:
        copies.add(['{"id": "a"}'], 1, EmptyLog(), is_first=True)
        overwrite_copies(copies, {"a": '{"id": "a", "gone": true}'})
    finally:
        os.umask(before)
    (copy,) = copies.all()
    assert "gone" in copy.read_text()
    modes = [
        stat.S_IMODE(path.stat().st_mode) for path in (copy.parent, copy, copy.parent / "lock")
    ]
    assert modes == [of_folder, of_file, of_file]


def test_mending_leaves_links_and_what_they_lead_to_alone(tmp_path):
    target = tmp_path / "target"
    target.touch()
    target.chmod(0o644)
    (tmp_path / "link").symlink_to(target)
    mend([tmp_path / "link", tmp_path / "missing"])
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
