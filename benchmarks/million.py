"""A million photos on one machine: what it costs to build such a library, and to serve it.

Run `python -m benchmarks million`, or `python -m benchmarks.million 10000 100000` to try other
sizes. Libraries are built once (see `libraries`); the largest takes an hour and 16 GB.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.libraries import MOST_LINKED, SHARE, STEPS, Library
from benchmarks.million_queries import CANDIDATES, WORDS
from benchmarks.parity import copy
from benchmarks.plots import Plot, curves
from benchmarks.processes import measure
from benchmarks.synthetic import FOLDER
from benchmarks.tables import Table, median
from indexer.stores import open_store

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZES = (10_000, 100_000, 1_000_000)
WITH_ELASTICSEARCH = 100_000
OPENINGS = 5

WANTED = {
    "a hypernym of 95 to 120 labels": "p95 30 ms",
    "a taught word, 10 good and 10 bad": "p95 60 ms",
}

DONE = {
    "write": "photos and file records into tables",
    "vectors": "the copy of the vectors",
    "labels": "the file of labels",
    "index": "the neighbour index",
    "lists": "the 50 nearest of every photo",
    "teaching": "the teaching space",
}

Measured = Mapping[str, Any]


def tables(sizes: Sequence[int] = SIZES) -> Iterator[Table | Plot]:
    """Build what is missing, then measure each library in a process of its own."""
    libraries = [Library.open(size).build() for size in sizes]
    served = [_ask("serve", library.url) for library in libraries]
    compared = _ask("compare", libraries[-1].url)
    yield _queries(sizes, served)
    yield _compared(sizes[-1], compared)
    if WITH_ELASTICSEARCH in sizes:
        yield _elasticsearch(libraries[sizes.index(WITH_ELASTICSEARCH)])
    yield _openings(libraries)
    yield _memory(sizes, served)
    yield _building(libraries)
    yield _growth(libraries, served)


def _ask(what: str, url: str) -> Measured:
    command = [sys.executable, "-m", "benchmarks.million_queries", what, url]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    measured: Measured = json.loads(done.stdout)
    return measured


def _queries(sizes: Sequence[int], served: Sequence[Measured]) -> Table:
    rows = [
        (kind, *(_both(one["times"][kind]) for one in served), WANTED.get(kind, ""))
        for kind in served[0]["times"]
    ]
    notes = (
        "Median / p95 of 200 answers with 20 hits and their reasons, one after the other, in a "
        "warmed-up process (`Library.search`, without HTTP). The photos are synthetic: "
        "benchmarks/synthetic.py."
    )
    columns = ("query", *(f"{size:,} photos" for size in sizes), "target")
    return Table("Queries on large libraries", columns, rows, notes)


def _compared(size: int, compared: Measured) -> Table:
    rows = [
        (
            "a word of 120 labels, all photos scored",
            _both(compared["text"]),
            f"the same in {compared['same']} of {compared['of']}",
        ),
        (
            "a taught word, all points compared",
            _both(compared["taught"]),
            f"{compared['shared']:.1%} of the same photos",
        ),
    ]
    notes = (
        f"{size:,} photos. What the usual answers are compared with: for words, the ids and scores "
        f"of hypernyms; for taught words, the 20 hits when the {CANDIDATES:,} nearest photos are "
        "scored with their neighbours instead of 500."
    )
    return Table(
        "The same with every photo considered", ("", "median / p95", "20 hits"), rows, notes
    )


def _elasticsearch(library: Library) -> Table:
    from benchmarks.servers import running

    folder = FOLDER / "benchmarks" / f"elasticsearch-{library.count}"
    folder.mkdir(parents=True, exist_ok=True)
    with running(folder) as server:
        url = f"{server}/million"
        with_documents(library, url)
        times = {"embedded": _ask("text", library.url), "Elasticsearch": _ask("text", url)}
    rows = [(kind, *(_both(one["times"][kind]) for one in times.values())) for kind in WORDS]
    notes = f"{library.count:,} photos, as above; one node with 1 GB on the same machine."
    return Table("Words on both stores", ("query", *times), rows, notes)


def with_documents(library: Library, url: str) -> None:
    """Copy a library to a server, unless that was done before."""
    source, target = open_store(library.url), open_store(url)
    if target.identity.info() is None or target.photos.count() < library.count:
        copy(source, target)
    source.close()
    target.close()


def _openings(libraries: Sequence[Library]) -> Table:
    rows = []
    for library in libraries:
        warm = [_open(library.url)[0] for _ in range(OPENINGS)]
        cold = []
        for _ in range(OPENINGS):
            _forget(library.folder)
            cold.append(_open(library.url)[0])
        rows.append((f"{library.count:,}", f"{median(warm):.2f} s", f"{median(cold):.2f} s", "3 s"))
    notes = (
        f"`magpie search dog`, a whole process, medians of {OPENINGS}; with the library's files in "
        "the system's cache, and after the system was told to drop them."
    )
    columns = ("photos", "files in memory", "files on disk", "target")
    return Table("Opening a library and answering a first query", columns, rows, notes)


def _open(url: str) -> tuple[float, int]:
    magpie = str(Path(sys.executable).with_name("magpie"))
    return measure([magpie, "search", "dog", "--no-search-log", "--store", url])


def _forget(folder: Path) -> None:
    """Drop a library's files from the system's cache."""
    for path in filter(Path.is_file, folder.rglob("*")):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _memory(sizes: Sequence[int], served: Sequence[Measured]) -> Table:
    rows = [
        (
            f"{size:,}",
            *(f"{one['memory'][name] / 1e6:,.0f} MB" for name in ("VmHWM", "RssAnon", "RssFile")),
            "2 GB" if size == SIZES[-1] else "",
        )
        for size, one in zip(sizes, served, strict=True)
    ]
    notes = (
        "The process that answered the queries above. File memory is mapped: all processes share "
        "it, and the system takes it back as soon as others need it. The process's own memory is "
        "not."
    )
    columns = ("photos", "peak resident", "own, at the end", "of files, at the end", "target")
    return Table("Memory of a serving process", columns, rows, notes)


def _building(libraries: Sequence[Library]) -> Table:
    rows = [
        (DONE[step], *(f"{_cost(library, step):.2f} ms" for library in libraries)) for step in STEPS
    ]
    sums = [sum(_cost(library, step) for step in STEPS) for library in libraries]
    rows.append(("all of these", *(f"{total:.2f} ms" for total in sums)))
    notes = (
        "Processor time per photo, all cores together. Describing photos (reading, decoding, the "
        "network), which comes first and does not depend on the library, is not included. Other "
        f"programs shared the machine. With more than {MOST_LINKED:,} photos, only the lists of "
        f"one in {SHARE} cells were computed and their time multiplied by {SHARE}, without "
        "writing; the stored lists are the nearest in three cells. The files of labels and "
        "teaching and the index are rebuilt when 2 % of the library has changed."
    )
    columns = ("step", *(f"{library.count:,} photos" for library in libraries))
    return Table("What a photo costs to index", columns, rows, notes)


def _cost(library: Library, step: str) -> float:
    """Return milliseconds of processor time per photo."""
    return library.costs[step].processor / library.count * 1000


def _growth(libraries: Sequence[Library], served: Sequence[Measured]) -> Plot:
    sizes = [library.count for library in libraries]
    series = {kind: [one["times"][kind][0] * 1000 for one in served] for kind in served[0]["times"]}
    costs = [sum(_cost(library, step) for step in STEPS) for library in libraries]
    title = "Milliseconds per query, and of processor time to index a photo, by size of the library"
    return Plot("million", title, _lines(sizes, {"to index a photo": costs, **series}), top=None)


def _lines(sizes: Sequence[int], series: Mapping[str, Sequence[float]]) -> "Callable[[Axes], None]":
    """Return a drawing in which what grows like the library is parallel to a dotted line."""
    rising = curves("photos", {label: (sizes, values) for label, values in series.items()})

    def draw(axes: "Axes") -> None:
        rising(axes)
        axes.plot(sizes, [size / sizes[0] for size in sizes], "k:", label="as the library")
        axes.set_yscale("log")

    return draw


def _both(times: Sequence[float]) -> str:
    return " / ".join(f"{time * 1000:.0f} ms" for time in times)


if __name__ == "__main__":
    for piece in tables([int(size) for size in sys.argv[1:]] or SIZES):
        print(piece.markdown(), flush=True)
