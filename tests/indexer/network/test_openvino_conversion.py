"""The kept OpenVINO form of a network: made once, replaced if damaged, and free of TensorFlow."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.derived import locations
from indexer.errors import BadValue
from indexer.network import models
from indexer.network.models import Weights
from indexer.network.openvino_conversion import DIGEST, GRAPH, NUMBERS, _swap, converted

pytestmark = pytest.mark.slow
LITE = models.load("efficientnet_lite0")


@pytest.fixture(scope="module")
def cache(networks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache for these tests alone, because they damage what it keeps."""
    folder, kept = tmp_path_factory.mktemp("cache"), converted(LITE, LITE.weights()).parent
    shutil.copytree(kept, folder / networks.name / kept.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAGPIE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def graph(cache: Path) -> Path:
    return converted(LITE, LITE.weights())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_lies_whole_in_the_cache_and_nothing_beside_it(graph: Path, cache: Path) -> None:
    assert graph.is_relative_to(cache / "openvino")
    assert set(contents(graph.parent)) == {GRAPH, NUMBERS, DIGEST}
    for folder in graph.parents[1].iterdir():
        assert folder.name.startswith(models.names())


def test_a_second_call_takes_what_is_there(graph: Path) -> None:
    before = graph.stat().st_mtime_ns, graph.parent.stat().st_ino
    assert converted(LITE, LITE.weights()) == graph
    assert (graph.stat().st_mtime_ns, graph.parent.stat().st_ino) == before


def test_other_weights_have_a_folder_of_their_own(graph: Path, tmp_path: Path) -> None:
    with pytest.raises(BadValue):
        converted(LITE, Weights(tmp_path / "missing.pth", "0" * 64))
    assert graph.is_file()


@pytest.mark.parametrize("name", [NUMBERS, DIGEST])
def test_a_damaged_copy_is_replaced(graph: Path, name: str) -> None:
    before = contents(graph.parent)
    path = graph.parent / name
    if name == DIGEST:
        path.unlink()
    else:
        path.write_bytes(before[name][: len(before[name]) // 2])
    assert converted(LITE, LITE.weights()) == graph
    assert contents(graph.parent)[NUMBERS] == before[NUMBERS]
    assert set(contents(graph.parent)) == {GRAPH, NUMBERS, DIGEST}


def test_a_cache_that_cannot_be_written_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path / "file"))
    with pytest.raises(BadValue, match=r"cannot prepare .*Not a directory.*MAGPIE_CACHE"):
        converted(LITE, LITE.weights())


def test_a_disk_without_room_for_it_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = ["bash", "-c", 'ulimit -f 1000; trap "" XFSZ; exec "$0" "$@"', sys.executable]
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))  # files end at 1 MB
    (tmp_path / "python").write_text(f'#!/bin/bash\nexec {shlex.join(limited)} "$@"\n')
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path / "cache"))
    with pytest.raises(BadValue, match=r"the disk of .* is full or refuses; free space there"):
        converted(LITE, LITE.weights())
    assert not list((tmp_path / "cache" / "openvino").iterdir())


def test_a_copy_that_another_process_just_made_is_left_alone(graph: Path, tmp_path: Path) -> None:
    shutil.copytree(graph.parent, tmp_path / "made again")
    before = graph.stat().st_ino
    _swap(tmp_path / "made again", graph.parent)
    assert graph.stat().st_ino == before


def test_a_warm_start_imports_no_tensorflow_and_sends_nothing(graph: Path, tmp_path: Path) -> None:
    code = (
        "import json, sys\n"
        "import numpy as np\n"
        "from indexer.network import engines, models\n"
        "model = models.load('efficientnet_lite0')\n"
        "engine = engines.load('openvino', model, model.weights())\n"
        "engine.describe(np.zeros((1, 224, 224, 3), np.uint8))\n"
        "print(json.dumps([name for name in sys.modules if sys.modules[name]]))\n"
    )
    environment = os.environ | {"HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in json.loads(done.stdout)}
    assert not loaded & {"tensorflow", "keras", "openvino_telemetry"}
    assert done.stderr == ""
    assert not list(tmp_path.iterdir())


def test_a_conversion_reports_to_no_one(tmp_path: Path) -> None:
    weights = LITE.weights()
    command = [sys.executable, "-m", "indexer.network.openvino_conversion"]
    command += [LITE.name, str(weights.path), weights.sha256, str(tmp_path / "cache" / "network")]
    environment = os.environ | {"HOME": str(tmp_path), "CI": ""}
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert not (tmp_path / "intel").exists()  # where openvino_telemetry keeps whom it reports
    assert done.stdout == done.stderr == ""


def test_the_cache_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path))
    assert locations.cache_folder() == tmp_path
    monkeypatch.setenv("MAGPIE_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert locations.cache_folder().name == "magpie"
