"""What happens to servers while everybody uses their libraries."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

from elasticsearch import Elasticsearch

from benchmarks.chaos_crowd import MOST_PAUSE_SECONDS, PATIENCE_SECONDS, Crowd, until
from benchmarks.chaos_recount import Recount
from benchmarks.servers import free_port, node

SMALL = ("--heap", "512m")

WATCHED = (
    "cluster.routing.allocation.disk.threshold_enabled=true",
    "cluster.info.update.interval=10s",
)
"""What lets a server look at its disk, as often as it can."""


def _watermarks(low: str, high: str, flood: str) -> dict[str, str]:
    marks = {"low": low, "high": high, "flood_stage": flood}
    return {f"cluster.routing.allocation.disk.watermark.{one}": marks[one] for one in marks}


FULL = _watermarks("9000tb", "8000tb", "7000tb")
"""With these, the free space of any disk counts as too little."""

ROOMY = _watermarks("3b", "2b", "1b")
"""With these, as enough, on a disk that the usual ones leave no index on too."""

ELSEWHERE = "index.routing.allocation.exclude._name"
LASTING = "chaos*,renewed-feedback*"
"""Indices that nobody replaces or removes meanwhile."""

Held = tuple[str, str | None, str]
"""p or r, for the copy to which writes go or another one; the node that has it; its state."""

AT_TWO: Held = ("p", "two", "STARTED")
AT_ONE: Held = ("r", "one", "STARTED")

Node = AbstractContextManager[tuple[str, Popen[bytes]]]


def killed(folder: Path, kills: int, version: str = "") -> Recount:
    """Kill a server this often, its data in `folder`; return what came of it."""
    port = free_port()
    with _alive(folder, port, version):
        crowd = Crowd(f"http://127.0.0.1:{port}", folder)
    with crowd.busy():
        for _ in range(kills):
            with _alive(folder, port, version) as kill:
                crowd.get_on()
                crowd.note_death()
                kill()
        with _alive(folder, port, version):
            crowd.finish()
            for worker in crowd.workers:
                worker.stop()
    with _alive(folder, port, version):
        return crowd.recount()


def one_of_two(folder: Path, kills: int, version: str = "") -> Recount:
    """Kill the one of two nodes to which writes go; the other one takes over until it is back."""
    seed = free_port()
    first = ("node.name=one", "cluster.initial_master_nodes=one", f"transport.port={seed}")
    second = ("node.name=two", "node.roles=data", f"discovery.seed_hosts=127.0.0.1:{seed}")

    def run(name: str, settings: tuple[str, ...]) -> Node:
        (folder / name).mkdir(exist_ok=True)
        return _node(folder / name, version, *_settings("discovery.type=multi-node", *settings))

    with ExitStack() as running:
        url, _ = running.enter_context(run("one", first))
        client = running.enter_context(Elasticsearch(url, request_timeout=PATIENCE_SECONDS))
        crowd = Crowd(url, folder)
        with crowd.busy():
            for _ in range(kills):
                with run("two", second) as (_, two):
                    _move_to_two(client)
                    crowd.get_on()
                    crowd.note_death()
                    two.kill()
                    two.wait()
                crowd.get_on()
            # What was begun on it shortly before it died has no other copy.
            running.enter_context(run("two", second))
            crowd.finish()
        return crowd.recount()


def flooded(folder: Path, floods: int, version: str = "") -> Recount:
    """Let a server find its disk nearly full, and free again."""
    with (
        _node(folder, version, *_settings(*WATCHED)) as (url, _),
        Elasticsearch(url, request_timeout=PATIENCE_SECONDS) as client,
    ):

        def blocked() -> bool:
            (index,) = client.indices.get_settings(index="chaos-1").values()
            return "blocks" in index["settings"]["index"]

        client.cluster.put_settings(persistent=ROOMY)
        crowd = Crowd(url, folder)
        with crowd.busy():
            for _ in range(floods):
                crowd.get_on()
                client.cluster.put_settings(persistent=FULL)
                until(blocked)
                crowd.note_death()
                time.sleep(MOST_PAUSE_SECONDS)
                client.cluster.put_settings(persistent=ROOMY)
                until(lambda: not blocked())
            crowd.finish()
        return crowd.recount()


WAYS: dict[str, tuple[Callable[[Path, int, str], Recount], int]] = {
    "killed": (killed, 1),
    "one of two nodes killed": (one_of_two, 3),
    "flood stage": (flooded, 10),
}
"""What happens -> what lets it happen, and of how many kills it happens once."""


def _node(folder: Path, version: str, *arguments: str) -> Node:
    return node(folder, *SMALL, *arguments, version=version, patience=PATIENCE_SECONDS)


@contextmanager
def _alive(folder: Path, port: int, version: str) -> Iterator[Callable[[], None]]:
    """Run the server meanwhile; give what kills it in the middle of its work."""
    with _node(folder, version, "--port", str(port)) as (_, process):

        def kill() -> None:
            process.kill()
            process.wait()

        yield kill


def _move_to_two(client: Elasticsearch) -> None:
    """Let the node that will die hold the first copy of all, to which writes go."""

    def held() -> set[Held]:
        shards: Any = client.cat.shards(index=LASTING, format="json")
        return {(one["prirep"], one["node"], one["state"]) for one in shards}

    def keep_off(node: str | None, wanted: set[Held]) -> None:
        client.indices.put_settings(index=LASTING, settings={ELSEWHERE: node})
        until(lambda: held() == wanted, held)

    keep_off("one", {AT_TWO})
    keep_off(None, {AT_TWO, AT_ONE})


def _settings(*pairs: str) -> list[str]:
    return [word for pair in pairs for word in ("--setting", pair)]
