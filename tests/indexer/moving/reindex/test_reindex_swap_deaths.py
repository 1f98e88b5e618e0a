"""Killed while Elasticsearch moves the names of a library, the next call ends what it began.

A proxy holds the request that moves them, or its answer, and the run is killed meanwhile.
"""

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from earlier_network import documents
from meddling_proxy import Trouble, meddling

from indexer.events import Event
from indexer.kinds import EventKind
from indexer.stores import open_store
from indexer.verifying import verify

MAGPIE = Path(sys.executable).with_name("magpie")
COMMAND = [MAGPIE, "reindex", "--model", "efficientnet_lite0", "--looks", "1", "--drop-old"]
POINTS = {
    "the first of the next indices is not made": ("PUT", "-2", Trouble(held=True, dies=True)),
    "the names are not moved": ("POST", "/_aliases", Trouble(held=True, dies=True)),
    "the names are moved after the death": ("POST", "/_aliases", Trouble(held=True)),
    "the names are moved": ("POST", "/_aliases", Trouble(held=True, passed_on=True)),
    "one of the old indices is removed": ("DELETE", "-1", Trouble(held=True, passed_on=True)),
}
"""Where a run dies -> a request, by method and part of its path, and what becomes of it."""


@pytest.fixture
def proxy(elasticsearch_url):
    with meddling(elasticsearch_url) as listening:
        yield listening


def reindex(url):
    return subprocess.Popen(
        [*COMMAND, "--store", url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def click(number):
    return Event(
        id=f"{number:016x}",
        time=f"2024-05-01T12:00:00.{number:06}Z",
        kind=EventKind.CLICK,
        user="ann",
        word="griffin",
        good=("f" * 32,),
    )


@pytest.mark.slow
@pytest.mark.parametrize("url", ["elasticsearch"], indirect=True)
@pytest.mark.parametrize("point", POINTS)
def test_a_death_within_the_swap_costs_nothing(proxy, url, store, folder, afresh, network, point):
    method, part, trouble = POINTS[point]
    before = documents(store)
    expected = afresh(folder)
    through = f"{proxy.url}/{url.rpartition('/')[2]}"
    proxy.meddle([trouble], part, method)
    run = reindex(through)
    assert proxy.holding.wait(600), run.communicate()[1]
    store.events.append([click(1)])  # people go on
    run.send_signal(signal.SIGKILL)
    run.communicate()
    swapped = store.identity.info() == network.info
    assert documents(store) == (expected if swapped else before)  # one or the other, never both
    proxy.go.set()
    assert proxy.gone.wait(600)
    store.events.append([click(2)])
    run = reindex(through)
    _, errors = run.communicate()
    assert run.returncode == 0 and "Traceback" not in errors, errors
    assert list(store.events.read()) == [click(1), click(2)]
    with closing(open_store(url)) as again:
        assert again.identity.info() == network.info
        assert documents(again) == documents(store) == expected
        assert list(verify(again)) == [] and again.renewal.old() == []
