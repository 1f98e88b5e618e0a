"""How an SQLite store finds photos that are described by previews so far."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from store_samples import INFO, photos

from indexer.stores import open_store


@pytest.fixture
def held(tmp_path):
    """A store, and the one of its photos that is described by its preview."""
    with closing(open_store(f"sqlite:///{tmp_path}/p.db")) as store:
        store.identity.create(INFO)
        first, second = photos(2)
        marked = replace(second, preview=True)
        assert store.photos.put([first, marked]) == []
        yield store, marked


def test_an_older_file_gets_what_finds_them(held, tmp_path):
    store, marked = held
    with closing(sqlite3.connect(tmp_path / "p.db")) as connection, connection:
        connection.execute("DROP INDEX photos_preview")
        connection.execute("UPDATE info SET photos_mapping = 3")
    assert store.photos.previews() == {} and store.counts().previews == 0  # none were written yet
    store.identity.create(INFO)
    assert store.photos.previews().keys() == {marked.id}


def test_to_find_none_takes_no_look_at_all_photos(held, tmp_path):
    query = "SELECT count(*) FROM photos WHERE json_extract(document, '$.preview')"
    with closing(sqlite3.connect(tmp_path / "p.db")) as connection:
        steps = connection.execute("EXPLAIN QUERY PLAN " + query).fetchall()
    assert ["photos_preview" in step[-1] for step in steps] == [True]
