"""Converts a network to OpenVINO's format and keeps it, so that later starts need no TensorFlow.

Each network has a folder in the cache: network.xml (the graph), network.bin (its weights) and
SHA256 (a digest of both, so that a damaged copy is noticed and replaced). A network that can build
its graph itself takes a second. Others are converted from Keras, in twenty; that runs in a process
of its own, so that TensorFlow's memory, up to 1 GB, is free again when it ends.
"""

import hashlib
import inspect
import logging
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from indexer.derived.locations import cache_folder
from indexer.errors import BadValue
from indexer.network.models import Model, Weights
from indexer.network.models import load as load_model
from indexer.network.quiet_imports import load_keras, load_openvino

FORMAT = 2  # raise it when this file changes what is kept
GRAPH, NUMBERS, DIGEST = "network.xml", "network.bin", "SHA256"


def converted(model: Model, weights: Weights) -> Path:
    """Return the network's graph in OpenVINO's format; the first time, convert it.

    Raises:
        BadValue: it cannot be converted: the file does not hold weights of this network, or the
            cache folder cannot be written.
    """
    folder = cache_folder() / "openvino" / _key(model, weights)
    if not _whole(folder):
        _convert_apart(model, weights, folder)
    return folder / GRAPH


def _key(model: Model, weights: Weights) -> str:
    # With the source of the network, so that a changed graph is converted again.
    source = hashlib.sha256(Path(inspect.getfile(type(model))).read_bytes()).hexdigest()
    parts = (model.name, weights.sha256[:16], source[:8], str(FORMAT), version("openvino"))
    return "-".join(parts)


def _digest(folder: Path) -> str:
    digests = []
    for name in (GRAPH, NUMBERS):
        with (folder / name).open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return " ".join(digests)


def _whole(folder: Path) -> bool:
    try:
        return (folder / DIGEST).read_text(encoding="ascii") == _digest(folder)
    except (OSError, ValueError):
        return False


def _convert_apart(model: Model, weights: Weights, folder: Path) -> None:
    arguments = (model.name, str(weights.path), weights.sha256, str(folder))
    # -P: a folder "indexer" in the current directory is not ours
    command = [sys.executable, "-P", "-m", __name__, *arguments]
    logging.getLogger(__name__).warning("preparing %s for OpenVINO, only this once", model.name)
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise BadValue(f"cannot prepare {model.name} for OpenVINO: {lines[-1]}")


def convert(model: Model, weights: Weights, folder: Path) -> None:
    """Write the network into `folder`, which appears whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)  # first, so that it fails before the work
    graph = model.graph(weights) or _from_keras(model, weights)
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        new = Path(beside) / "new"
        try:
            load_openvino().save_model(graph, new / GRAPH, compress_to_fp16=False)
        except RuntimeError as error:  # OpenVINO's own message does not mention the disk
            raise OSError(f"the disk of {folder.parent} is full or refuses") from error
        (new / DIGEST).write_text(_digest(new), encoding="ascii")
        _swap(new, folder)


def _from_keras(model: Model, weights: Weights) -> Any:
    load_keras()  # first, so that TensorFlow is imported quietly
    openvino = load_openvino()
    import tensorflow

    network = model.build(weights)
    shape = tensorflow.TensorSpec((None, model.pixels, model.pixels, 3), tensorflow.uint8)
    function = tensorflow.function(lambda batch: network(batch, training=False))
    return openvino.convert_model(function.get_concrete_function(shape))


def _swap(new: Path, folder: Path) -> None:
    if _whole(folder):  # another process was first, and may be reading its copy now
        return
    shutil.rmtree(folder, ignore_errors=True)  # a damaged copy
    try:
        new.rename(folder)
    except OSError:
        if not _whole(folder):  # otherwise another process was first, and its copy is as good
            raise


def main() -> None:
    """Convert the network that the command line names: model, weights, their sha256, folder."""
    name, path, sha256, folder = sys.argv[1:]
    try:
        convert(load_model(name), Weights(Path(path), sha256), Path(folder))
    except OSError as error:
        sys.exit(f"{error}; free space there, or name another folder in MAGPIE_CACHE")
    except Exception as error:  # the parent process shows the last line
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
