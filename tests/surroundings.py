"""What tests need to know of their surroundings, and what they need besides Python."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from check_tools import ELASTICSEARCH, why_not

ROOT = Path(__file__).parents[1]

NEEDS = {
    "elasticsearch": {"elasticsearch_url", "elasticsearch_store_url"},
    "browser": {"page_environment"},
    "ray": {"cluster"},
    "slow": {"engine", "engine_of", "inception_weights", "many", "photos_folder", "server"},
}
"""Marker -> fixtures that a test with this marker uses; setup.cfg says what the markers mean."""

SLOW = frozenset((ROOT / "tests" / "slow.txt").read_text("utf-8").split())
"""Test functions that took long in a whole run, as scripts/slow_tests.py lists them."""

current: list[pytest.Item] = []
"""The test that runs, where there is one."""


def missing(what: str) -> None:
    """Leave a test out, loudly; in CI that is a failure, because there it must run."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, but CI must run this test")
    pytest.skip(f"{what} is missing")


def wanted_version() -> str:
    """Return the version of Elasticsearch that ES_VERSION asks for."""
    return os.environ.get("ES_VERSION") or ELASTICSEARCH[0]


def need_elasticsearch(version: str) -> None:
    """Leave a test out where a version of Elasticsearch cannot be started."""
    if why := why_not(version):
        missing(f"Elasticsearch {version} (or ES_URL of a server): {why}")
    check_marked("elasticsearch")


def check_marked(need: str) -> None:
    """Fail a test that uses what its markers do not say: `make quick` would run it."""
    unmarked = [item.nodeid for item in current if not item.get_closest_marker(need)]
    if unmarked:
        pytest.fail(f"mark {unmarked[0]} with {need!r}: no fixture in its signature says so")


def mark(items: Iterable[pytest.Item]) -> None:
    """Mark tests with what they need, read off their fixtures and parameters; and slow ones."""
    for item in items:
        if item.nodeid.partition("[")[0] in SLOW:
            item.add_marker("slow")
        used = {*getattr(item, "fixturenames", ())}
        for need, fixtures in NEEDS.items():
            if used & fixtures or need in _texts(item):
                item.add_marker(need)


def _texts(item: pytest.Item) -> set[str]:
    """Parameters that are text, such as a kind of store, also those in tuples."""
    callspec = getattr(item, "callspec", None)
    texts: set[str] = set()
    for value in callspec.params.values() if callspec else ():
        texts.update(one for one in (value if isinstance(value, tuple) else (value,))
                     if isinstance(one, str))  # fmt: skip
    return texts
