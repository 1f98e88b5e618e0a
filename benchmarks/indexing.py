"""Indexing compared with the limit of the machine, and with Keras on one photo at a time.

The limit is cores / (core-seconds per photo for decoding + for the network). Both are measured
separately, on all cores, in the same run.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.tables import Table, median, seconds, shared_photos
from indexer.network import models
from indexer.network.describer import Describer
from indexer.network.models import Model
from indexer.network.options import NetworkOptions
from indexer.photos.content import read
from indexer.photos.decoding import decode
from indexer.photos.finding import Found, find

REPEATS = 3
ONE_BY_ONE = 60
"""Photos processed one at a time: enough for a steady rate."""


def tables() -> Iterator[Table]:
    """Measure the default network and the reference network."""
    files = [entry for entry in find([shared_photos()]) if isinstance(entry, Found)]
    yield compare("efficientnet_lite0", None, files, least=8)
    with tempfile.TemporaryDirectory() as folder:
        yield compare("inception_v3", _weights(Path(folder)), files[:400], least=6)


def compare(name: str, weights: Path | None, files: list[Found], least: int | None) -> Table:
    """Measure a network.

    Args:
        name: of the network, or its folder.
        weights: its file of weights; None = the installed ones.
        files: photos.
        least: how many times as fast as Keras it should be; None = which cannot run it.
    """
    model = models.load(name)
    # As the original system, to which it is compared; QUALITY.md has what more looks cost.
    describer = Describer(model, NetworkOptions(name, weights=weights, looks=1))
    cores = os.cpu_count() or 1
    rounds = [_measure(name, describer, model, weights, files) for _ in range(REPEATS)]
    decoding, network, whole = (median(column) for column in zip(*rounds, strict=True))
    limit = 1 / (decoding + network)
    rows = [
        ("decoding alone, all cores", f"{1 / decoding:.1f}", f"{cores * decoding * 1000:.2f}"),
        ("network alone, all cores", f"{1 / network:.1f}", f"{cores * network * 1000:.2f}"),
        ("limit of the machine", f"{limit:.1f}", f"{cores / limit * 1000:.2f}"),
        ("`magpie index`, start to end", f"{whole:.1f}", f"{cores / whole * 1000:.2f}"),
    ]
    notes = (
        f"{len(files)} photos, medians of {REPEATS}. `magpie index` reaches **{whole / limit:.0%} "
        f"of the limit** (target: 90 %)"
    )
    if least:
        single = _one_by_one(model, weights, files[:ONE_BY_ONE])
        alone = f"{single:.1f}", f"{cores / single * 1000:.2f}"
        rows.append(("Keras, one photo at a time", *alone))
        times = f"**{whole / single:.1f} times**"
        notes += f" and is {times} as fast as one photo at a time (target: {least})"
    notes += f". {_precision()}"
    return Table(
        f"Indexing with {model.name}, one look", ("", "photos/s", "core-ms per photo"), rows, notes
    )


def _measure(
    name: str, describer: Describer, model: Model, weights: Path | None, files: list[Found]
) -> tuple[float, float, float]:
    """Return seconds per photo for decoding and for the network, and photos/s of it all."""

    def prepare(found: Found) -> np.ndarray:
        return describer.prepare(decode(read(found.path), model.pixels).image)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        prepared: list[np.ndarray] = []
        decoding = seconds(lambda: prepared.extend(pool.map(prepare, files))) / len(files)
    size = describer.batch
    batches = [prepared[at : at + size] for at in range(0, len(prepared), size)]
    for _ in describer.describe_all(batches[:2]):  # loads and warms up
        pass
    network = seconds(lambda: list(describer.describe_all(batches))) / len(files)
    return decoding, network, _index(name, weights, files)


def _index(name: str, weights: Path | None, files: list[Found]) -> float:
    """Return photos/s of the command in its own process, into a new store."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "photos")
        folder.mkdir()
        for number, found in enumerate(files):
            (folder / f"{number:05}{Path(found.path).suffix}").symlink_to(found.path)
        command = [str(Path(sys.executable).with_name("magpie")), "index", str(folder)]
        command += ["--model", name, "--looks", "1", "--json"]
        command += ["--store", f"sqlite:///{home}/photos.db"]
        command += ["--weights", str(weights)] if weights else []
        report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        assert report["indexed"] + report["copies"] == len(files), report
        return float(report["photos_per_second"])


def _one_by_one(model: Model, weights: Path | None, files: list[Found]) -> float:
    """Return photos/s of the original system: open, resize, `keras predict`, one at a time."""
    network = model.build(model.weights(weights))
    side = (model.pixels, model.pixels)

    def describe(found: Found) -> None:
        with Image.open(found.path) as image:
            pixels = np.asarray(image.convert("RGB").resize(side))
        network.predict(pixels[None], verbose=0)

    describe(files[0])
    return len(files) / seconds(lambda: [describe(found) for found in files])


def _precision() -> str:
    """Say which precision OpenVINO uses on this processor; the speed depends on it most."""
    from indexer.network.quiet_imports import load_openvino

    if "BF16" in load_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        return "OpenVINO computes in bfloat16 here."
    return (
        "OpenVINO computes in float32 here, because this processor lacks bfloat16, with which it "
        "is 1.5 to 1.8 times as fast."
    )


def _weights(folder: Path) -> Path | None:
    """Return None, or seeded random weights, as fast, if the real ones are unavailable."""
    model = models.load("inception_v3")
    if model.local_weights():
        return None
    import keras

    keras.utils.set_random_seed(1)
    path = folder / f"random.weights{model.suffix}"
    keras.applications.InceptionV3(weights=None).save_weights(path)
    return path
