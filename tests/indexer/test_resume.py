"""A run that dies at any moment loses nothing and is completed by the next one."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from deaths import Dead, dying
from PIL import Image

from indexer.neighbours import open_index
from indexer.photos.content import content_id
from indexer.run.linking import link
from indexer.stores import open_store
from indexer.verifying import verify

MAGPIE = Path(sys.executable).with_name("magpie")
PHOTOS = 96
BATCH = 8


@pytest.fixture
def many(tmp_path, free_photos, networks):
    """A folder of 96 different small photos, cut out of real ones."""
    home = tmp_path / "many"
    home.mkdir()
    chance = random.Random(5)
    for number in range(PHOTOS):
        with Image.open(chance.choice(free_photos)) as image:
            left, top = chance.randrange(image.width - 150), chance.randrange(image.height - 150)
            piece = image.crop((left, top, left + 150, top + 150)).convert("RGB")
        piece.save(home / f"{number:03}.jpg")
    return home


def start(folder, url):
    command = [
        MAGPIE,
        "index",
        folder,
        "--store",
        url,
        "--batch",
        str(BATCH),
        "--json",
        "--model",
        "efficientnet_lite0",
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def stored(url):
    with closing(open_store(url)) as store:
        return store.photos.count() if store.identity.info() else 0


def test_killed_again_and_again_a_run_ends_with_every_photo_once(many, tmp_path):
    url = f"sqlite:///{tmp_path / 'photos.db'}"
    chance = random.Random(11)
    for _ in range(6):
        run = start(many, url)
        before = stored(url)
        wanted = before + chance.randrange(3 * BATCH)
        while run.poll() is None and stored(url) < min(wanted, PHOTOS):
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        assert stored(url) >= before
    before = stored(url)
    output, errors = start(many, url).communicate()
    report = json.loads(output)
    assert report["failed"] == [] and b"Traceback" not in errors
    assert report["indexed"] == PHOTOS - before  # nothing stored was described again
    with closing(open_store(url)) as store:
        assert store.photos.count() == PHOTOS
        assert list(verify(store)) == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_quietly_with_130_and_keeps_what_was_done(many, tmp_path, sent):
    url = f"sqlite:///{tmp_path / 'photos.db'}"
    run = start(many, url)
    while run.poll() is None and stored(url) < BATCH:
        time.sleep(0.02)
    run.send_signal(sent)
    _, errors = run.communicate()
    assert run.returncode == 130
    assert b"Traceback" not in errors and b"interrupted; what was done is kept" in errors
    assert stored(url) >= BATCH


def test_a_death_between_photo_and_file_record_costs_no_second_document(run, store, folder):
    run()
    store.files.delete([str(folder / "chelsea.png")])  # the state that such a death leaves
    report = run()
    assert (report.indexed, report.failed, store.photos.count()) == (0, (), 5)
    assert (report.copies, report.unchanged) == (0, 5)
    assert list(verify(store)) == []


WRITES = ("photos.put", "files.put", "photos.delete", "files.delete", "lists.replace")


@pytest.fixture
def run_until(run, store):
    """Index the folder and die before the n-th write to the store."""

    def run_and_die(writes):
        with suppress(Dead), dying(store, writes, WRITES):
            run(prune=True)

    return run_and_die


def lie_where(folder):
    """Return {id: paths} of what lies in `folder`."""
    places = defaultdict(set)
    for path in folder.iterdir():
        places[content_id(path.read_bytes())].add(str(path))
    return places


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # 50 runs: fast ones
def test_whatever_happens_to_the_files_after_a_death_the_next_run_is_right(
    run, run_until, store, folder, free_photos
):
    run()
    chance = random.Random(3)
    names = [folder / f"{number}.jpg" for number in range(6)]
    for writes in range(9):  # a run makes at most eight
        for _ in range(2):
            for path in chance.sample(names, 4):  # new, copied and replaced ...
                path.write_bytes(chance.choice(free_photos[:9]).read_bytes())
            for path in chance.sample(sorted(folder.iterdir()), 3):  # ... and vanished ones
                path.unlink()
            run_until(writes)
        run(prune=True)
        assert list(verify(store)) == []
        assert {id: set(paths) for id, paths in store.photos.paths()} == lie_where(folder)


def test_a_photo_that_went_missing_from_the_store_is_described_again(run, store, folder):
    run()
    store.photos.delete([store.photos.vectors().ids[1]])
    assert "which is missing" in "".join(verify(store))
    assert run().indexed == 1
    assert list(verify(store)) == []


def test_a_death_while_linking_is_completed(run, store, folder):
    run()
    ids = store.photos.vectors().ids
    store.lists.replace({ids[0]: (), ids[2]: ()})
    assert any("neighbours of an earlier state" in line for line in verify(store))
    assert run().indexed == 0
    assert list(verify(store)) == []


def test_lists_naming_a_photo_that_is_gone_are_mended(run, store, folder):
    run()
    store.photos.delete([store.photos.vectors().ids[1]])
    assert link(store, open_index("exact", store)) > 0
    assert all(len(photo.neighbours) == 3 for photo in store.photos.scan())


def test_a_photo_that_another_writer_added_meanwhile_is_one_document(
    run, store, folder, describer, monkeypatch, tmp_path
):
    run()
    photo = next(store.photos.scan())
    store.photos.delete([photo.id])
    store.files.delete(photo.paths)
    copy = shutil.copy(photo.paths[0], tmp_path)
    put, raced = store.photos.put, []

    def put_after_the_other(photos):
        if not raced:
            raced.append(put([replace(photo, version=None, paths=(str(copy),))]))
        return put(photos)

    monkeypatch.setattr(store.photos, "put", put_after_the_other)
    assert run().indexed == 0
    assert set(store.photos.get([photo.id])[photo.id].paths) == {*photo.paths, str(copy)}


def test_a_disk_that_fills_up_is_one_line_and_what_was_written_stays(many, tmp_path):
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk])
    if mounted.returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        run = start(many, f"sqlite:///{disk / 'photos.db'}")
        _, errors = run.communicate()
        assert run.returncode == 1
        assert errors.decode().strip().splitlines()[-1].startswith("magpie: ")
        assert b"Traceback" not in errors
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
