"""kill -9 inside the swap of a reindex, at every step that touches the disk."""

import subprocess
import sys
from contextlib import closing

import pytest
from renewal_samples import OTHER, click, fill_next
from store_samples import INFO, photos

from indexer.stores import open_store

STEPS = (
    "os.link",
    "os.symlink",
    "os.rename",
    "os.remove",
    "sqlite3.connect",
    "sqlite3.connect/handle",
)
"""Audit events of Python, which come before what they tell of (PEP 578)."""

SWAPS = """
import os, shutil, signal, sys
from indexer.stores import open_store
from indexer.stores.sqlite import on_disk
prepared, folder, *steps = sys.argv[1:]
number = finished = 0
while not finished:
    number += 1
    shutil.copytree(prepared, f"{folder}/{number}", symlinks=True)
    child = os.fork()
    if not child:
        left = number
        def count(event, values):
            global left
            if event in steps:
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(count)
        open_store(f"sqlite:///{folder}/{number}/photos.db").renewal.swap()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    finished = status == 0
    assert finished or os.WTERMSIG(status) == signal.SIGKILL, status
print(number)
"""
"""Kills a swap before its first step, another one before its second, until one gets to its end."""


@pytest.fixture
def swaps(tmp_path):
    """Folders of stores, in each of which a swap died at another step; the last one did not."""
    prepared, folder = tmp_path / "prepared", tmp_path / "swaps"
    prepared.mkdir()
    with closing(open_store(f"sqlite:///{prepared}/photos.db")) as store:
        store.identity.create(INFO)
        store.photos.put(photos(20))
        store.events.append([click(1), click(2)])
        fill_next(store, photos(5)).close()
    command = [sys.executable, "-c", SWAPS, prepared, folder, *STEPS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [folder / str(number) for number in range(1, int(done.stdout) + 1)]


def test_a_kill_at_any_step_of_a_swap_leaves_one_or_the_other_and_every_click(swaps):
    assert len(swaps) > 8  # steps
    models = []
    for folder in swaps:
        with closing(open_store(f"sqlite:///{folder}/photos.db")) as store:
            info = store.identity.info()
            models.append(info.model)
            assert (info, store.photos.count()) in [(INFO, 20), (OTHER, 5)]
            store.events.append([click(3)])
            assert [event.id for event in store.events.read()] == ["e1", "e2", "e3"]
            if info == INFO:
                store.renewal.swap()
            assert (store.identity.info(), store.photos.count()) == (OTHER, 5)
            assert [event.id for event in store.events.read()] == ["e1", "e2", "e3"]
            store.renewal.drop_old()
            assert store.renewal.old() == []
    assert models == sorted(models, key=(INFO.model, OTHER.model).index)
    assert {*models} == {INFO.model, OTHER.model}
