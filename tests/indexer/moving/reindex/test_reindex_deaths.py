"""Killed at any moment, the next call goes on, and the library is that of one made afresh."""

import random
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from deaths import Dead
from earlier_network import PHOTOS, documents

from indexer.errors import StoreAway
from indexer.events import Event
from indexer.kinds import EventKind
from indexer.stores import open_store
from indexer.verifying import verify

MAGPIE = Path(sys.executable).with_name("magpie")
DEATHS = {"sqlite": 8, "elasticsearch": 3}
MOST = 12
"""Photos that one life may describe, at most."""


def start(url):
    command = [MAGPIE, "reindex", "--model", "efficientnet_lite0", "--looks", "1", "--batch", "4"]
    command += ["--store", url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def described(store, network):
    """Photos that the new network has described so far."""
    if store.identity.info() == network.info:
        return PHOTOS
    with closing(store.renewal.next()) as new, suppress(StoreAway):
        if new.identity.info():
            new.refresh()
            return new.photos.count()
    return 0


def click(number):
    time = "2024-05-01T12:00:00.000000Z"
    return Event(
        id=f"e{number}",
        time=time,
        kind=EventKind.CLICK,
        user="ann",
        word="griffin",
        good=("f" * 32,),
    )


@pytest.mark.slow
def test_killed_again_and_again_it_ends_as_a_library_made_afresh(
    url, store, folder, afresh, network, request
):
    chance, clicks = random.Random(7), []
    for number in range(DEATHS[request.node.callspec.params["url"]]):
        wanted = described(store, network) + chance.randrange(MOST)
        run = start(url)
        # Some die while they start, some in the middle, and some where all is described.
        while run.poll() is None and described(store, network) < min(wanted, PHOTOS):
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        clicks.append(click(number))
        store.events.append(clicks[-1:])
    run = start(url)
    output, errors = run.communicate()
    assert run.returncode == 0 and "Traceback" not in errors, errors
    assert "40 photos are described by efficientnet_lite0" in output
    assert list(store.events.read()) == clicks
    with closing(open_store(url)) as again:
        assert documents(again) == documents(store) == afresh(folder)
        assert list(verify(again)) == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("step", ["_follow", "_check_whole", "_keep_thumbnails", "_show_examples"])
def test_a_death_between_two_steps_costs_nothing(store, folder, afresh, network, monkeypatch, step):
    from indexer.moving.reindex import Reindexing
    from indexer.pipeline import Options
    from indexer.progress import Silence

    real, calls = getattr(Reindexing, step), []

    def run():
        return Reindexing(store, network, Options(threads=2), Silence()).run()

    def die_after(self, *given):
        done = real(self, *given)
        calls.append(done)
        if len(calls) in (1, 2, 3):
            raise Dead
        return done

    monkeypatch.setattr(Reindexing, step, die_after)
    for _ in range(6):
        try:
            run()
            break
        except Dead:
            pass
    assert documents(store) == afresh(folder)
    assert not run().swapped
