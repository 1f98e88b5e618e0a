"""Every store remembers in how many looks its photos were described, and holds no others."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from store_samples import INFO

from indexer.errors import Conflict
from indexer.stores import open_store

FIVE = replace(INFO, looks=5)


def forget_looks(url):
    """Make the store one of a Magpie that did not know of looks."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            database.execute("ALTER TABLE info DROP COLUMN looks")
            database.commit()
        return
    with closing(open_store(url)) as store:
        client, name = store.identity._client, store.identity._address.name
        (found,) = client.indices.get_mapping(index=name).values()
        meta = {key: value for key, value in found["mappings"]["_meta"].items() if key != "looks"}
        client.indices.put_mapping(index=name, meta=meta)


def test_the_looks_are_remembered(store_url, open_again):
    open_again().identity.create(FIVE)
    assert open_again().identity.info() == FIVE
    open_again().identity.create(FIVE)  # as each run does


@pytest.mark.parametrize(("made", "other"), [(INFO, FIVE), (FIVE, INFO)], ids=["1", "5"])
def test_other_looks_are_refused_in_one_line(open_again, made, other):
    open_again().identity.create(made)
    with pytest.raises(Conflict, match="5 looks") as refused:
        open_again().identity.create(other)
    assert "\n" not in str(refused.value)
    assert open_again().identity.info() == made


def test_an_older_store_opens_with_one_look_and_keeps_it(store_url, open_again):
    open_again().identity.create(INFO)
    forget_looks(store_url)
    assert open_again().identity.info() == INFO
    open_again().identity.create(INFO)
    assert open_again().identity.info() == INFO
    with pytest.raises(Conflict, match="5 looks"):
        open_again().identity.create(FIVE)
