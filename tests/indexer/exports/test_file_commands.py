"""The commands that work on folders and files without a library, as a user meets them."""

import json
import pickle
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from click.testing import CliRunner

from indexer import imagenet
from indexer.records import StoreInfo
from indexer.stores import open_store
from search.commands import main


@pytest.fixture(autouse=True)
def no_store(tmp_path, monkeypatch):
    """The URL of a store that does not exist, so that the user's own store is not used."""
    monkeypatch.setenv("MAGPIE_STORE", f"sqlite:///{tmp_path}/none.db")


@pytest.fixture
def folder(indexed_photos, tmp_path):
    """The photos of a library, with a copy of one, and a file that is not a photo."""
    home = tmp_path / "photos"
    shutil.copytree(indexed_photos / "photos", home)
    (home / "deep").mkdir()
    shutil.copy(home / "chelsea.png", home / "deep" / "copy.png")
    (home / "text.jpg").write_text("text")
    return home


def magpie(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def report_of(done):
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_labels_writes_the_output_layer_of_every_file(folder, tmp_path):
    out = tmp_path / "labels.npz"
    report = report_of(magpie("labels", folder, out, "--json"))
    assert (report["photos"], report["file"]) == (16, str(out))
    assert [trouble["path"] for trouble in report["failed"]] == [str(folder / "text.jpg")]
    with np.load(out) as arrays:
        assert arrays["probabilities"].shape == (16, 1000)
        np.testing.assert_allclose(arrays["probabilities"].sum(axis=1), 1, atol=1e-4)
        assert arrays["wnids"].tolist() == list(imagenet.classes())
        paths = [Path(path) for path in arrays["paths"].tolist()]
        assert paths == [*sorted(folder.glob("*.[jp][pn]g"))[:-1], folder / "deep" / "copy.png"]
        cats = [paths.index(folder / name) for name in ("chelsea.png", "deep/copy.png")]
        np.testing.assert_allclose(*arrays["probabilities"][cats], atol=1e-5)
        assert len(set(arrays["ids"][cats].tolist())) == 1
        top = arrays["wnids"][arrays["probabilities"][cats[0]].argmax()]
        assert "cat" in imagenet.name(top)


@pytest.mark.parametrize("name", ["features.npz", "features.pickle"])
def test_features_are_the_vectors_of_the_library(folder, indexed_photos, tmp_path, name):
    out = tmp_path / name
    done = magpie("features", folder, out, "--workers", "1", "--batch", "3")
    assert done.exit_code == 0 and "16 photos written, 1 failed" in done.stdout
    assert "reading 17 files" in done.stderr and "17 of 17 files" in done.stderr
    assert "skipped" in done.stderr and "not an image" in done.stderr
    if name.endswith(".npz"):
        with np.load(out) as file:
            arrays = dict(file)
    else:
        arrays = pickle.loads(out.read_bytes())
    store = open_store(f"sqlite:///{indexed_photos}/photos.db")
    known = {photo.id: photo.vector for photo in store.photos.scan()}
    store.close()
    for id, vector in zip(arrays["ids"].tolist(), arrays["vectors"], strict=True):
        np.testing.assert_allclose(vector, known[id], atol=1e-5)


def test_one_photo_is_one_row(folder, tmp_path):
    out = tmp_path / "one.npz"
    assert report_of(magpie("features", folder / "chelsea.png", out, "--json"))["photos"] == 1
    with np.load(out) as arrays:
        assert arrays["paths"].tolist() == [str(folder / "chelsea.png")]


def test_labels_of_one_photo_are_printed_where_no_file_is_named(folder):
    printed = magpie("labels", folder / "chelsea.png")
    assert printed.exit_code == 0 and len(printed.stdout.splitlines()) == 10
    assert "cat" in printed.stdout.splitlines()[0]
    labels = report_of(magpie("labels", folder / "chelsea.png", "--json"))["labels"]
    shares = [label["probability"] for label in labels]
    assert shares == sorted(shares, reverse=True) and 0.2 < shares[0] < 1
    assert set(labels[0]) == {"wnid", "name", "probability"}


def test_photos_of_labels_and_features_have_neighbours(folder, tmp_path):
    magpie("features", folder, tmp_path / "features.pkl")
    words = ("distances", tmp_path / "features.pkl", tmp_path / "out")
    done = magpie(*words, "cosine", "3", "-1")
    assert done.exit_code == 0 and "16 photos compared" in done.stdout
    assert "comparing 16 files" in done.stderr
    report = report_of(magpie(*words, "manhattan", "4", "--json"))
    assert (report["photos"], report["metric"]) == (16, "manhattan")
    assert np.load(report["neighbours"]).shape == np.load(report["distances"]).shape == (16, 4)


def test_the_model_is_that_of_the_library_unless_one_is_named(folder, tmp_path):
    url = f"sqlite:///{tmp_path}/photos.db"
    store = open_store(url)
    store.identity.create(StoreInfo("efficientnet_lite0", "0" * 64, 1280))
    store.close()
    words = ("labels", folder / "chelsea.png", "--store", url)
    done = magpie(*words)
    assert done.exit_code == 1 and "the store was made by efficientnet_lite0" in done.stderr
    assert magpie(*words, "--model", "efficientnet_lite0").exit_code == 0


def test_copy_files_copies_what_a_csv_names(folder, tmp_path):
    (tmp_path / "filter.csv").write_text("path,why\nchelsea.png,cat\ndeep/copy.png,cat\n")
    words = ("copy-files", tmp_path / "filter.csv", folder, tmp_path / "to")
    assert report_of(magpie(*words, "--json")) == {"copied": 2, "unchanged": 0, "failed": []}
    assert (tmp_path / "to" / "deep" / "copy.png").is_file()
    with (tmp_path / "filter.csv").open("a") as file:
        file.write("none.png,?\n")
    done = magpie(*words)
    assert done.exit_code == 1 and "0 copied, 2 unchanged, 1 failed" in done.stdout
    assert "skipped 'none.png': is not there" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("labels", "nowhere"), "no file or folder 'nowhere'"),
        (("labels", "nowhere", "out.npz"), "no file or folder 'nowhere'"),
        (("labels", "."), "is a folder: name a file OUT"),
        (("labels", __file__), "could be read: not an image"),
        (("features", __file__, "out.npz"), "could be read: not an image"),
        (("features", ".", "out.npz"), "no photo in '.' could be read"),
        (("features", ".", "nowhere/out.npz"), "cannot write 'nowhere/out.npz'"),
        (("features", ".", "out.npz", "--model", "resnet"), "unknown model 'resnet'"),
        (("distances", "nowhere.npz", "out"), "no file 'nowhere.npz': magpie features"),
        (("distances", __file__, "out"), "is not a file of vectors"),
        (("distances", __file__, "out", "chebyshev"), "use one of euclidean, manhattan, cosine"),
        (("distances", __file__, "out", "cosine", "5", "0"), "0 cores can compute nothing"),
        (("copy-files", "nowhere.csv", ".", "out"), "no file 'nowhere.csv'"),
        (("copy-files", __file__, "nowhere", "out"), "no folder 'nowhere'"),
    ],
)
def test_bad_values_are_one_line_and_leave_nothing(tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    done = magpie(*words)
    assert done.exit_code == 1, done.output
    lines = [line for line in done.stderr.splitlines() if line.startswith("magpie: ")]
    assert len(lines) == 1 and message in lines[0]
    assert "Traceback" not in done.output and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("labels",),
        ("features", "."),
        ("features", ".", "o", "--nonsense"),
        ("distances", "f"),
        ("distances", "f", "o", "cosine", "x"),
        ("distances", "f", "o", "cosine", "5", "-2"),
        ("distances", "f", "o", "--nonsense"),
        ("copy-files", "a", "b"),
    ],
)
def test_wrong_usage_is_exit_code_2(words):
    assert magpie(*words).exit_code == 2


@pytest.mark.slow
def test_an_interrupted_run_leaves_an_older_file_as_it_was(folder, tmp_path):
    out = tmp_path / "features.npz"
    out.write_text("older")
    for number in range(400):
        shutil.copy(folder / "retina.jpg", folder / f"{number}.jpg")
    command = [sys.executable, "-m", "search", "features", str(folder), str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
        while "reading" not in run.stderr.readline():
            pass
        wait_for_rows(run)
        run.send_signal(signal.SIGINT)
        told = run.stderr.read()
    assert run.returncode == 130 and f"interrupted; {str(out)!r} stays as it was" in told
    assert "Traceback" not in told and out.read_text() == "older"
    assert sorted(tmp_path.iterdir()) == [out, folder]


def wait_for_rows(run):
    """Wait until vectors of some photos lie in the run's unnamed files."""
    process = psutil.Process(run.pid)
    if hasattr(process, "io_counters"):  # not on a Mac, where nothing is written yet
        enough = process.io_counters().write_chars + 100_000
        while run.poll() is None and process.io_counters().write_chars < enough:
            time.sleep(0.01)
