"""A server that is used for a long time, and a library that changes under it: does anything grow?

`make soak` runs it for 30 minutes, MINUTES=2 for two. One thread searches, uploads, clicks and
undoes, each as soon as the last one was answered. Another adds files, takes files away, indexes,
and now and then describes the whole library again. The first quarter of the time warms up; the last
one is compared with the second.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from benchmarks.plots import Plot, lines
from benchmarks.serving import WORDS, form, photos, started
from benchmarks.tables import Table, median, percentile

MINUTES = 30.0
SAMPLE_SECONDS = 1.0
REINDEX_EVERY = 5
"""Runs of `magpie index` for one of `magpie reindex`."""

MOST_GROWTH = 0.05
POINTS = 60
"""Of the plot."""


@dataclass
class Soak:
    """What was seen.

    Attributes:
        memory: (seconds since the start, resident bytes of the server).
        descriptors: (seconds since the start, open files of the server).
        actions: name -> (seconds since the start, seconds that it took).
        runs: how often the library was indexed or described again.
        failed: what went wrong, a line each.
    """

    seconds: float
    began: float = field(default_factory=time.perf_counter)
    memory: list[tuple[float, float]] = field(default_factory=list)
    descriptors: list[tuple[float, float]] = field(default_factory=list)
    actions: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    runs: int = 0
    failed: list[str] = field(default_factory=list)

    @property
    def passed(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.began

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return self.passed > self.seconds

    def quarter(self, series: list[tuple[float, float]], number: int) -> list[float]:
        """Return the values of a quarter of the time, counted from 0."""
        return [value for at, value in series if int(4 * at / self.seconds) == number]

    def growth(self, series: list[tuple[float, float]]) -> float:
        """Return by what share the median of the last quarter exceeds that of the second."""
        return median(self.quarter(series, 3)) / median(self.quarter(series, 1)) - 1


def soak(minutes: float = MINUTES) -> Soak:
    """Use a server for so long, with a library of real photos that changes meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        library = home / "library"
        library.mkdir()
        for photo in photos():
            shutil.copy(photo, library)
        _magpie(home, "index", str(library))
        with started(home) as (url, process):
            soaked = Soak(60 * minutes)
            work = (
                lambda: _watch(soaked, process),
                lambda: _change(soaked, home, library),
                lambda: _use(soaked, url),
            )
            threads = [threading.Thread(target=one) for one in work]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    return soaked


def _watch(soaked: Soak, process: int) -> None:
    """Note what the server holds, once a second."""
    while not soaked.is_over:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        soaked.memory.append((soaked.passed, pages * 4096.0))
        files = len(list(Path(f"/proc/{process}/fd").iterdir()))
        soaked.descriptors.append((soaked.passed, float(files)))
        time.sleep(SAMPLE_SECONDS)


def _change(soaked: Soak, home: Path, library: Path) -> None:
    """Add a photo that is new, take the oldest such away, and index, on and on."""
    sources, looks = cycle(photos()), cycle(("1", "6"))
    for number in count():
        if soaked.is_over:
            return
        words: tuple[str, ...] = "reindex", "--looks", next(looks)
        if number % REINDEX_EVERY < REINDEX_EVERY - 1:
            words = "index", str(library), "--prune", "--looks", "auto"
            new = library / f"new-{number}.jpg"
            new.write_bytes(next(sources).read_bytes() + number.to_bytes(4, "big"))
            for old in sorted(library.glob("new-*"), key=lambda path: path.stat().st_mtime)[:-3]:
                old.unlink()
        try:
            _magpie(home, *words)
            soaked.runs += 1
        except subprocess.CalledProcessError as error:
            soaked.failed.append(f"{words[0]}: {error.stderr.decode().strip()[-300:]}")


def _magpie(home: Path, *words: str) -> None:
    command = [str(Path(sys.executable).with_name("magpie")), *words]
    command += ["--store", f"sqlite:///{home}/photos.db"]
    subprocess.run(command, check=True, capture_output=True)


def _use(soaked: Soak, url: str) -> None:
    """Search, look, upload, click and undo, as people do, one after the other."""
    picture = photos()[-1].read_bytes()
    words = cycle(WORDS)
    for number in count():
        if soaked.is_over:
            return
        word = next(words)
        found = _timed(soaked, "search", lambda word=word: _get(url, f"search?q={quote(word)}"))
        ids = [hit["id"] for hit in (found or {}).get("hits", [])]
        _timed(soaked, "suggest", lambda word=word: _get(url, f"suggest?q={quote(word[:2])}"))
        _timed(soaked, "status", lambda: _get(url, "status"))
        if number % 5 == 0:
            body = picture + number.to_bytes(4, "big")
            _timed(soaked, "upload", lambda body=body: _upload(url, "search/image", body))
        if ids:
            _timed(soaked, "photo", lambda ids=ids: _get(url, f"photos/{ids[0]}/similar"))
            _timed(soaked, "click, undo", lambda ids=ids, word=word: _click(url, word, ids))


def _timed(soaked: Soak, name: str, act: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    try:
        answer = act()
    except HTTPError as error:
        with error:
            if error.code != 404:  # a photo may have been removed since it was found
                soaked.failed.append(f"{name}: {error.code} {error.read()[:200]!r}")
        return None
    except OSError as error:
        soaked.failed.append(f"{name}: {error}")
        return None
    soaked.actions[name].append((soaked.passed, time.perf_counter() - began))
    return answer


def _get(url: str, path: str) -> Any:
    with urlopen(f"{url}/api/{path}", timeout=60) as answer:
        return json.load(answer)


def _click(url: str, word: str, ids: list[str]) -> Any:
    """Click, search by it, and take the click back: the log grows, what was taught does not."""
    judged = {"query": word, "good": ids[:1], "bad": ids[1:2]}
    event = _send(url, "POST", "feedback", json.dumps(judged).encode(), "application/json")["event"]
    _get(url, f"search?q={quote(word)}")
    return _send(url, "DELETE", f"feedback/{event}", b"", "application/json")


def _upload(url: str, path: str, data: bytes) -> Any:
    return _send(url, "POST", path, *form(data))


def _send(url: str, method: str, path: str, body: bytes, kind: str) -> Any:
    headers = {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
    request = Request(f"{url}/api/{path}", body or None, headers, method=method)
    with urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def tables(minutes: float = MINUTES) -> Iterator[Table | Plot]:
    """Soak a server, and say what grew."""
    soaked = soak(minutes)
    rows = [
        _row("resident memory, MB", soaked, soaked.memory, 1e-6),
        _row("open files", soaked, soaked.descriptors, 1),
    ]
    rows += [
        _row(f"{name}, ms", soaked, series, 1e3, 0.95) for name, series in soaked.actions.items()
    ]
    done = sum(map(len, soaked.actions.values()))
    notes = (
        f"{minutes:g} minutes, {done:,} requests, {soaked.runs} runs of `magpie index` and `magpie "
        f"reindex` beside them; {len(soaked.failed)} failures. Memory and files are medians of the "
        f"second and of the last quarter of the time (target: {MOST_GROWTH:.0%} more at most), "
        "requests their 95th percentiles."
    )
    yield Table("Endurance", ("", "second quarter", "last quarter", "more"), rows, notes)
    for failure in soaked.failed[:10]:
        print(failure, file=sys.stderr)
    yield _plot(soaked)


def _row(
    name: str, soaked: Soak, series: list[tuple[float, float]], unit: float, share: float = 0.5
) -> tuple[str, str, str, str]:
    before, after = (percentile(soaked.quarter(series, part), share) * unit for part in (1, 3))
    return name, f"{before:.1f}", f"{after:.1f}", f"{after / before - 1:+.0%}"


def _plot(soaked: Soak) -> Plot:
    """Memory and the time of a search, each as a share of its largest value."""
    series = {
        "resident memory": soaked.memory,
        "open files": soaked.descriptors,
        "median search": soaked.actions["search"],
    }
    means = {name: _along(soaked, values) for name, values in series.items()}
    shares = {
        name: [value / max(values) for value in values] for name, values in means.items() if values
    }
    steps = [
        f"{soaked.seconds / 60 * point / POINTS:.0f}" if point % 10 == 0 else ""
        for point in range(POINTS)
    ]
    return Plot(
        "soak", "Endurance: shares of the largest value, by minute", lines(steps, shares), 1.1
    )


def _along(soaked: Soak, series: list[tuple[float, float]]) -> list[float]:
    parts = defaultdict(list)
    for at, value in series:
        parts[min(POINTS - 1, int(POINTS * at / soaked.seconds))].append(value)
    return [median(parts[part]) for part in sorted(parts)]


if __name__ == "__main__":
    for piece in tables(float(sys.argv[1]) if sys.argv[1:] else MINUTES):
        print(piece.markdown(), flush=True)
