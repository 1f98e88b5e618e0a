"""Describing on a Ray cluster: the documents of one machine, whatever dies in the middle."""

import importlib.util
import json
import os
import pickle
import random
import shutil
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from surroundings import missing

from indexer import pipeline
from indexer.errors import StoreAway
from indexer.network.options import NetworkOptions
from indexer.photos.finding import Found
from indexer.photos.formats import decoders
from indexer.progress import Silence
from indexer.records import File
from indexer.run import cluster as cluster_module
from indexer.run.cluster import FileAnswer, account
from indexer.run.cluster_worker import FAILED, Job, SortedIds, Worker
from indexer.stores import open_store
from search.commands import main

VARIANTS = 30
"""Pieces cut from each of the real photos: enough to be killed in the middle."""


@pytest.fixture(scope="module")
def many_photos(tmp_path_factory, free_photos):
    """A folder of photos, copies of some with another time, and a file that is not a photo."""
    folder = tmp_path_factory.mktemp("many")
    for photo in free_photos:
        with Image.open(photo) as image:
            whole = image.convert("RGB")
            for number in range(VARIANTS):
                piece = whole.crop((number, number, 200 + number, 200 + number))
                piece.save(folder / f"{photo.stem}-{number:02}.jpg")
    for number, path in enumerate(sorted(folder.iterdir())):
        os.utime(path, (1_600_000_000 + number, 1_600_000_000 + number))
        if number % 40 == 0:  # copies at both ends of the walk, thus in other blocks
            for name in (f"0-{number}.jpg", f"zz-{number}.jpg"):
                shutil.copyfile(path, folder / name)
                os.utime(folder / name, (1_700_000_000 + number, 1_700_000_000 + number))
    (folder / "text.jpg").write_text("text")
    return folder


@pytest.fixture
def cluster():
    """A cluster: the process of ray_cluster.py, and its address."""
    if importlib.util.find_spec("ray") is None:
        missing("ray")
    script = Path(__file__).with_name("ray_cluster.py")
    with subprocess.Popen(
        [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        line = ""
        while not line.startswith("cluster at "):
            line = process.stdout.readline()
            assert line, "the cluster did not start"
        yield process, line.split()[-1]
        process.stdin.close()


def start(folder, *words):
    """Run `magpie index` in a process of its own, as Ray would have it."""
    command = [sys.executable, "-m", "search", "index", str(folder), "--json", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def documents(url):
    """Everything that a store holds."""
    store = open_store(url)
    try:
        photos = list(store.photos.scan())
        return (
            photos,
            [photo.vector for photo in photos],
            list(store.files.read()),
            store.identity.info(),
        )
    finally:
        store.close()


def test_a_worker_that_dies_loses_and_doubles_nothing(
    many_photos, cluster, elasticsearch_store_url
):
    process, address = cluster
    url, alone = f"{elasticsearch_store_url}-ray", f"{elasticsearch_store_url}-alone"
    done = CliRunner().invoke(main, ["index", str(many_photos), "--store", alone, "--json"])
    expected = json.loads(done.stdout)

    run = start(many_photos, "--store", url, "--ray", address)
    store = open_store(url)
    while (store.identity.info() is None or store.photos.count() == 0) and run.poll() is None:
        time.sleep(0.05)
        store.refresh() if store.identity.info() else None
    process.stdin.write("kill\n")
    process.stdin.flush()
    assert process.stdout.readline() == "killed\n"
    store.refresh()
    in_the_middle = store.photos.count()
    store.close()
    output, errors = run.communicate(timeout=200)
    assert run.returncode == 0, errors
    report = json.loads(output)
    assert 0 < in_the_middle < report["indexed"] == len(documents(url)[0])
    changing = ("seconds", "photos_per_second")
    assert {k: v for k, v in report.items() if k not in changing} == {
        k: v for k, v in expected.items() if k not in changing
    }
    photos, vectors, files, info = documents(url)
    expected_photos, expected_vectors, expected_files, expected_info = documents(alone)
    assert photos == expected_photos and files == expected_files and info == expected_info
    np.testing.assert_array_equal(vectors, expected_vectors)

    first = min(many_photos.glob("brick-*.jpg"))
    first.rename(first.with_name("moved.jpg"))
    output, errors = start(many_photos, "--store", url, "--ray", address).communicate(timeout=200)
    report = json.loads(output)
    assert (report["indexed"], report["moved"], report["removed"]) == (0, 1, 0), errors


class Deadly:
    """Ray at its worst: blocks come in any order, and some again because their worker died.

    It died after everything was written, or before the records of files were.
    """

    def __init__(self, seed, store, describer):
        self.random = random.Random(seed)
        self.store = store
        self.describer = describer

    def answers(self, ray, job, files, known):
        blocks = list(cluster_module._blocks(files, 2))
        self.random.shuffle(blocks)
        for block in blocks:
            if death := self.random.choice((None, "late", "early")):
                self.work(job, block, known)
            if death == "early":
                self.store.files.delete(block["path"].to_pylist())
            yield self.work(job, block, known)

    def work(self, job, block, known):
        worker = Worker(job, None)
        worker._describer = self.describer  # loaded once for all
        worker._known = SortedIds(np.array(sorted(known), np.bytes_))
        answer = worker(block)
        self.store.refresh()
        return answer


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_any_deaths_give_the_documents_of_one_machine(
    store, folder, free_photos, describer, tmp_path, monkeypatch, seed
):
    if importlib.util.find_spec("pyarrow") is None:
        missing("pyarrow")
    for number, photo in enumerate(sorted(folder.iterdir())):
        shutil.copyfile(photo, folder / f"0{photo.name}")
        os.utime(folder / f"0{photo.name}", (10**9 + number, 10**9 + number))
        shutil.copyfile(photo, folder / f"z{photo.name}")
    (folder / "text.jpg").write_text("text")
    alone = open_store(f"sqlite:///{tmp_path}/alone.db")
    deadly = Deadly(seed, store, describer)
    monkeypatch.setattr(cluster_module, "_connected", lambda _: nullcontext())
    monkeypatch.setattr(cluster_module, "_answers", deadly.answers)
    monkeypatch.setattr(pipeline, "check_cluster", lambda *_: None)
    reports = []
    for _ in range(2):
        shutil.copyfile(free_photos[-1], folder / f"new{len(reports)}.jpg")
        for target, options in ((alone, {}), (store, {"ray": "HOST:6379"})):
            report = pipeline.index(
                target, [folder], lambda: describer, pipeline.Options(2, **options), Silence()
            )
            reports.append(replace(report, seconds=0, photos_per_second=0))
            target.refresh()
    assert reports[0] == reports[1] and reports[2] == reports[3]
    assert list(store.photos.scan()) == list(alone.photos.scan())
    assert list(store.files.read()) == list(alone.files.read())
    alone.close()


def found(name, modified_ns=0):
    return Found(f"/{name}", 10, modified_ns)


def test_every_file_is_accounted_for_whatever_the_workers_answer():
    files = [found(name) for name in "abcdefg"]
    answers = {
        "/c": FileAnswer("known", "1"),  # its first worker died
        "/e": FileAnswer("indexed", "1"),
        "/a": FileAnswer("known", "0"),
        "/b": FileAnswer("unreadable", reason="damaged"),
        "/d": FileAnswer("refused", reason="forbidden"),
        "/f": FileAnswer("indexed", "2", "damaged"),
    }
    done = account(files, answers, {"0"})
    assert done.indexed == [File("/c", 10, 0, "1"), File("/f", 10, 0, "2")]
    assert done.damaged == ["/f"]
    assert done.known == [File("/a", 10, 0, "0"), File("/e", 10, 0, "1")]
    assert done.unreadable == [File("/b", 10, 0, reason="damaged", refused_by=decoders())]
    assert [(one.path, one.reason) for one in done.refused] == [
        ("/d", "forbidden"),
        ("/g", "no worker answered"),
    ]


@given(ids=st.sets(st.text("0123456789abcdef", min_size=1, max_size=32)), other=st.text())
def test_sorted_ids_are_a_set(ids, other):
    held = SortedIds(np.array(sorted(ids), np.bytes_))
    assert all(id in held for id in ids)
    assert (other in held) == (other in ids)


def test_a_worker_that_cannot_work_says_why_and_the_run_fails(monkeypatch, tmp_path, describer):
    if importlib.util.find_spec("pyarrow") is None:
        missing("pyarrow")
    away = open_store("http://127.0.0.1:9/photos")
    job = Job(pickle.loads(pickle.dumps(away)), NetworkOptions("efficientnet_lite0"), 1)
    table = Worker(job, None)(next(cluster_module._blocks([found("a.jpg")], 1)))
    assert table["outcome"].to_pylist() == [FAILED]
    assert "127.0.0.1:9" in table["reason"][0].as_py()
    monkeypatch.setattr(cluster_module, "_connected", lambda _: nullcontext())
    monkeypatch.setattr(cluster_module, "_answers", lambda *_: iter([table]))
    work = cluster_module.Cluster("HOST:6379", away, describer, Silence(), 1)
    with pytest.raises(StoreAway, match=r"a worker of HOST:6379 failed: .*127\.0\.0\.1:9"):
        work.run([found("a.jpg")], set())


def test_a_store_for_other_machines_keeps_its_key_and_shows_none(monkeypatch):
    monkeypatch.setenv("MAGPIE_STORE_KEY", "secret-key")
    store = open_store("http://127.0.0.1:9/photos")
    monkeypatch.delenv("MAGPIE_STORE_KEY")
    again = pickle.loads(pickle.dumps(store))
    assert again._address == store._address and again._address.key == "secret-key"
    assert "secret-key" not in repr(again)


ELASTIC = "http://127.0.0.1:9/photos"


@pytest.mark.parametrize(
    ("store", "address", "message"),
    [
        (
            "sqlite:////nowhere/photos.db",
            "127.0.0.1:9",
            "sqlite:////nowhere/photos.db is a file of this one: give --store http",
        ),
        (ELASTIC, "127.0.0.1:9", "no Ray cluster at 127.0.0.1:9"),
        (ELASTIC, "127.0.0.1:99999999", "no Ray cluster at 127.0.0.1:99999999"),
        (ELASTIC, "nonsense", "'nonsense' is not the address of a Ray cluster: give HOST:6379"),
        (ELASTIC, "ray://127.0.0.1:9", "is not the address of a Ray cluster"),
    ],
)
def test_what_cannot_work_on_a_cluster_is_one_line(tmp_path, monkeypatch, store, address, message):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    words = ["index", str(tmp_path), "--store", store, "--ray", address]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1
    assert message in done.stderr


def test_without_ray_installed_the_line_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    words = ["index", str(tmp_path), "--store", ELASTIC, "--ray", "HOST:6379"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1
    assert "pip install 'ray[data]'" in done.stderr
