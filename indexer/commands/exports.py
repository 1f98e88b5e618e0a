"""`magpie labels`, `features`, `distances` and `copy-files`: they need no library."""

import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.commands.options import Target, on_store, with_describing
from indexer.commands.output import counted, say_skipped
from indexer.errors import BadValue
from indexer.network.options import NetworkOptions
from indexer.photos.paths import absolute, to_text

if TYPE_CHECKING:
    from indexer.exports.layers import Layers
    from indexer.records import Label, StoreInfo

TOP = 10
"""Labels that `magpie labels PHOTO` prints."""

PATH = click.Path(path_type=Path)


@click.command()
@click.argument("images", type=PATH)
@click.argument("out", type=PATH, required=False)
@with_describing
@on_store
def labels(
    images: Path, out: Path | None, network: NetworkOptions, threads: int, target: Target
) -> None:
    """Write the output layer of every photo in IMAGES to OUT.

    The output layer has 1,000 probabilities. IMAGES is a folder or one photo. OUT is an .npz file
    with "probabilities", "wnids", "paths" and "ids", or a pickle of the same if its name ends in
    .pickle or .pkl. Without OUT, IMAGES must be one photo, and its most probable labels are
    printed.
    """
    layers = _layers(network, threads, target)
    if out is not None:
        _write(layers, images, "probabilities", out, target)
        return
    found = _named(layers.top_labels(images, TOP))
    target.show(
        {"labels": found, "model": layers.describer.info.model},
        (f"{label['probability']:.4f}  {label['name']}" for label in found),
    )


@click.command()
@click.argument("images", type=PATH)
@click.argument("out", type=PATH)
@with_describing
@on_store
def features(
    images: Path, out: Path, network: NetworkOptions, threads: int, target: Target
) -> None:
    """Write the transfer layer of every photo in IMAGES to OUT.

    The transfer layer is a vector. IMAGES is a folder or one photo. OUT is an .npz file with
    "vectors" of length 1, "paths" and "ids", or a pickle of the same if its name ends in .pickle or
    .pkl.
    """
    _write(_layers(network, threads, target), images, "vectors", out, target)


@click.command(context_settings={"ignore_unknown_options": True})  # -1 would be one
@click.argument("file", metavar="FEATURES", type=PATH)
@click.argument("out_dir", type=PATH)
@click.argument("metric", default="euclidean")
@click.argument("n_neighbors", type=click.IntRange(1), default=50)
@click.argument("n_cores", type=click.IntRange(-1), default=4)
@on_store
def distances(
    file: Path, out_dir: Path, metric: str, n_neighbors: int, n_cores: int, target: Target
) -> None:
    """Find the nearest neighbours of every row of FEATURES.

    FEATURES is a file that `magpie features` wrote. This command writes OUT_DIR/neighbours.npy (row
    numbers from 0) and OUT_DIR/distances.npy, nearest first; a photo is never its own neighbour.
    METRIC is euclidean (the default), manhattan or cosine. N_NEIGHBORS defaults to 50 and N_CORES
    to 4; -1 uses all cores.
    """
    from indexer.exports.distances import METRICS, Nearest, write_distances
    from indexer.exports.row_files import read_rows
    from indexer.progress.stderr import on_stderr

    for given in (str(file), str(out_dir), metric):
        if given.startswith("--"):
            raise click.NoSuchOption(given)
    if metric not in METRICS:
        raise BadValue(f"unknown metric {metric!r}: use one of {', '.join(METRICS)}")
    if n_cores == 0:
        raise BadValue("0 cores can compute nothing: give N_CORES from 1, or -1 for all")
    began = time.monotonic()
    rows = read_rows(file, "vectors")
    with _whole_or_nothing(out_dir):
        write_distances(rows, out_dir, Nearest(metric, n_neighbors, n_cores), on_stderr())
    seconds = round(time.monotonic() - began, 3)
    report = {
        "photos": len(rows),
        "neighbours": to_text(absolute(out_dir / "neighbours.npy")),
        "distances": to_text(absolute(out_dir / "distances.npy")),
        "metric": metric,
        "seconds": seconds,
    }
    target.show(report, [f"{counted(len(rows), 'photo')} compared ({seconds:.1f} s)"])


@click.command("copy-files")
@click.argument("filter_", metavar="FILTER.csv", type=PATH)
@click.argument("source", metavar="FROM", type=PATH)
@click.argument("to", metavar="TO", type=PATH)
@on_store
def copy_files(filter_: Path, source: Path, to: Path, target: Target) -> None:
    """Copy the files named in FILTER.csv from FROM to TO.

    FROM and TO are folders. The names are in the column "path", or in the first column if there is
    none called that, and are relative to FROM. Subfolders are kept. A file that is in TO already is
    left as it is.
    """
    from indexer.exports import copy_files as copying
    from indexer.progress.stderr import on_stderr

    progress = on_stderr()
    report = copying.copy_files(copying.read_names(filter_), source, to, progress)
    say_skipped(report.failed, progress)
    failed = len(report.failed)
    counts = f"{report.copied:,} copied, {report.unchanged:,} unchanged, {failed:,} failed"
    target.show(report, [counts])
    if failed:  # each of them was named
        raise SystemExit(1)


def _named(labels: "Iterable[Label]") -> list[dict[str, Any]]:
    from indexer import imagenet

    return [
        {"wnid": label.wnid, "name": imagenet.name(label.wnid), "probability": label.probability}
        for label in labels
    ]


def _layers(network: NetworkOptions, threads: int, target: Target) -> "Layers":
    """Return the network ready to run: the library's own, unless a model or weights are named."""
    from indexer.exports.layers import Layers
    from indexer.network.describer import keep_describer
    from indexer.progress.stderr import on_stderr
    from indexer.stores import open_store, require_complete

    def info() -> "StoreInfo | None":
        if network.model != "auto" or network.weights:
            return None
        with closing(open_store(target.url)) as store:
            made = require_complete(store)
        return made and replace(made, looks=1)

    # The layers are those of the network itself, which has one look.
    describer = keep_describer(replace(network, looks=1), info)()
    return Layers(describer, threads, on_stderr())


def _write(layers: "Layers", images: Path, layer: str, out: Path, target: Target) -> None:
    with _whole_or_nothing(out):
        report = layers.write(images, layer, out)
    say_skipped(report.failed, layers.progress)
    target.show(
        report,
        [
            f"{counted(report.photos, 'photo')} written, {len(report.failed):,} failed "
            f"({report.seconds:.1f} s, {report.photos_per_second:.1f} photos/s)"
        ],
    )


@contextmanager
def _whole_or_nothing(out: Path) -> Iterator[None]:
    """Say, when interrupted, that `out` is as it was: new files replace it only when complete."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"magpie: interrupted; {str(out)!r} stays as it was", err=True)
        raise SystemExit(130) from None
