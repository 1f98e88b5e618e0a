"""docs/guarantees.md names a test for each promise: all of them exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "guarantees.md").read_text("utf-8")
NAMED = re.findall(r"^\| .+ \| `(tests/\S+?)::(\w+)` \|$", TEXT, re.M)


def test_each_promise_names_a_test():
    promises = re.findall(r"^\| (?!promise|---)", TEXT, re.M)
    assert len(NAMED) == len(promises) > 20


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_the_test_of_a_promise_exists(file, name):
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text("utf-8"), re.M)
