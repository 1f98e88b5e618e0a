"""Several processes on one store: two runs, and a search while a run goes on."""

import json
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from indexer.stores import open_store
from indexer.verifying import verify

pytestmark = pytest.mark.slow
MAGPIE = Path(sys.executable).with_name("magpie")


@pytest.fixture
def url(tmp_path, networks):
    return f"sqlite:///{tmp_path / 'photos.db'}"


def start(*words):
    return subprocess.Popen(
        [MAGPIE, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_two_runs_at_once_end_as_one_after_the_other(url, folder, tmp_path, free_photos):
    other = tmp_path / "other"
    other.mkdir()
    for photo in free_photos[3:9]:  # two of them lie in both folders
        shutil.copy(photo, other)
    runs = [start("index", str(each), "--store", url, "--json") for each in (folder, other)]
    outputs = [run.communicate() for run in runs]
    reports = [json.loads(output) for output, _ in outputs]
    assert sum(report["indexed"] for report in reports) == 9
    assert sum(report["copies"] for report in reports) == 2
    assert sum("waiting for it" in errors for _, errors in outputs) <= 1
    with closing(open_store(url)) as store:
        assert store.photos.count() == 9
        assert list(verify(store)) == []


def test_watch_finds_a_photo_that_comes_and_forgets_one_that_goes(url, folder, free_photos):
    run = start("index", str(folder), "--watch", "--store", url)
    try:
        with closing(open_store(url)) as store:
            wait_for(lambda: store.photos.count() == 5)
            for photo in free_photos[5:11]:  # whether or not the watcher has its handles yet
                shutil.copy(photo, folder)
            wait_for(lambda: store.photos.count() == 11)
            (folder / "chelsea.png").unlink()
            wait_for(lambda: store.photos.count() == 10)
            shutil.copy(free_photos[11], folder)
            wait_for(lambda: store.photos.count() == 11)
    finally:
        run.send_signal(2)
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in errors


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
