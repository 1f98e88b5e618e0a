"""A file takes another one's place only once it is on the disk: a power cut leaves one of both."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from indexer.derived.array_file import write_arrays
from indexer.neighbours.annoy import Trees
from indexer.network.folders import _remember
from indexer.network.joint.zero_shot import _save
from search.api.sessions import _write
from search.commands import main
from search.library import open_library
from search.opened import Choices

OF_A_PROCESS = (".json", ".link")
"""Ends of names: what is of use while a process lives, and links, which hold nothing."""


@pytest.fixture
def replaced(monkeypatch):
    """What took another file's place, and whether it was on the disk by then."""
    synced, replaced = set(), {}
    sync, replace = os.fsync, Path.replace

    def fsync(handle):
        synced.add(os.fstat(handle).st_ino)
        sync(handle)

    def record(self, target):
        if not str(target).endswith(OF_A_PROCESS):
            replaced[Path(target).name] = self.lstat().st_ino in synced
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", record)
    return replaced


def test_what_a_library_keeps_is_on_the_disk_before_it_takes_its_place(
    replaced, indexed_photos, tmp_path, networks
):
    shutil.copy(indexed_photos / "photos.db", tmp_path)
    with open_library(f"sqlite:///{tmp_path}/photos.db", Choices(neighbours="annoy")) as library:
        (hit, *_) = library.search("cat").hits
        library.index([indexed_photos / "photos"])
        library.teach("pet", [hit.id])
        library.search("pet after:2001")
        library.similar(hit.id)
    words = ["export", f"{tmp_path}/taught.jsonl", "--store", f"sqlite:///{tmp_path}/photos.db"]
    assert CliRunner().invoke(main, words).exit_code == 0
    names = " ".join(replaced)
    for one in ("photos.db.labels", "photos.db.lists", "taught.jsonl", "vectors.bin", "Z-1.jsonl"):
        assert one in names, names
    assert [name for name, was_synced in replaced.items() if not was_synced] == []


def test_so_is_what_lies_in_caches(replaced, tmp_path):
    _remember(tmp_path / "memory.txt", {"a": 1})
    _save(np.zeros((2, 2), np.float32), tmp_path / "labels.npy")
    _write(tmp_path / "sessions.txt", {"a": 1})
    write_arrays(tmp_path / "arrays", "state", {"a": [np.zeros(3)]})
    Trees.build(np.eye(9, dtype=np.float32)).arrays(tmp_path / "trees")
    assert list(replaced.values()) == [True] * 5
