"""Photos as large as cameras take them: what each step costs, and how near the limit indexing is.

`python -m benchmarks real_sizes` runs it, or `python -m benchmarks.real_sizes`, and with
OLDER=checkout an older build beside this one. The limit is that of decoding alone and of the
network alone, as in `indexing.py`; what `magpie index` takes counts from the start of its process
to the end.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.older import Build, in_turn, ratio
from benchmarks.processes import measure
from benchmarks.real_files import Kind, kinds
from benchmarks.tables import Table, median, shared_photos

REPEATS = 3
MEASURED_ALONE = 60
"""Photos of each kind by which the limit is found."""

STEPS = ("read", "decode", "looks", "thumbnail", "network", "write")
STEPS_SOURCE = Path(__file__).with_name("real_steps.py").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Costs:
    """What one round of one build measured.

    Attributes:
        rate: photos per second of `magpie index`.
        peak: bytes of memory of it.
        limit: photos per second that the machine could do.
        steps: core-seconds per photo.
        bytes: of a file.
        photos: in the library then.
    """

    rate: float
    peak: float
    limit: float
    steps: dict[str, float]
    bytes: float
    photos: int


def tables() -> Iterator[Table]:
    """Measure the small photos and each kind of real size."""
    small = Kind("small", "jpg", 0, lambda: iter(()), lambda _: b"", lambda data, _: data)
    rows = [*_rows(small, shared_photos())]
    for kind in kinds():
        rows += _rows(kind, kind.files())
    notes = (
        f"Medians of {REPEATS} rounds after one that does not count; the network looks as often as "
        "it does by default. Core-ms are of one thread. Thumbnail: one of 256 pixels from the "
        "decoded picture, which is what it costs where it is made while indexing. The limit is "
        f"that of {MEASURED_ALONE} photos; rates count from the start of the process to its end. "
        "Targets: 90 % of the limit and 1.5 GB. `real_files.py` says how the files are made."
    )
    columns = ("photos", "build", "MB", "photos/s", "limit", "share", "peak memory")
    yield Table("Real sizes", (*columns, *(f"{step}, core-ms" for step in STEPS)), rows, notes)


def _rows(kind: Kind, folder: Path) -> Iterator[Sequence[str]]:
    measured = in_turn(lambda build: _measure(build, folder), REPEATS)
    for build, rounds in measured.items():
        rate, limit, peak = (
            median(getattr(one, name) for one in rounds) for name in ("rate", "limit", "peak")
        )
        yield (
            *(f"{rounds[0].photos:,} {kind.name}", build.name, f"{rounds[0].bytes / 1e6:.1f}"),
            *(f"{rate:.1f}", f"{limit:.1f}", f"{rate / limit:.0%}", f"{peak / 1e9:.2f} GB"),
            *(f"{1000 * median(one.steps[step] for one in rounds):.2f}" for step in STEPS),
        )
    rates = {build: [one.rate for one in rounds] for build, rounds in measured.items()}
    if times := ratio(rates):
        yield (kind.name, "now / before", "", times, *[""] * (3 + len(STEPS)))


def _measure(build: Build, folder: Path) -> Costs:
    told = json.loads(build.python(STEPS_SOURCE, str(folder), str(MEASURED_ALONE)))
    with tempfile.TemporaryDirectory() as home:
        magpie = str(Path(sys.executable).with_name("magpie"))
        store = f"sqlite:///{home}/photos.db"
        command = [magpie, "index", str(folder), "--model", "efficientnet_lite0", "--store", store]
        seconds, peak = measure(command, build.environment)
        report = json.loads(build.magpie("status", "--json", "--store", store))
    limit = 1 / (told["decoding"] + told["network"])
    photos = report["photos"]
    return Costs(photos / seconds, peak, limit, told["steps"], told["bytes"], photos)


if __name__ == "__main__":
    for table in tables():
        print(table.markdown(), flush=True)
