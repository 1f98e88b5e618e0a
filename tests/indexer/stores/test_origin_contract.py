"""What every store promises about copies: half of one is nobody's library, a whole one is."""

from dataclasses import replace

import pytest
from store_samples import INFO, photos

from indexer.errors import Conflict, NotFound
from indexer.records import Origin
from indexer.stores import open_store

ORIGIN = Origin("3f2a", "sqlite:////ann/photos.db")


def test_a_store_that_is_no_copy_has_no_origin(store, store_url):
    assert store.origin() is None
    missing = open_store(f"{store_url}-other")
    assert missing.origin() is None
    with pytest.raises(NotFound, match="magpie index"):
        missing.set_origin(ORIGIN)
    missing.close()


@pytest.fixture
def half(open_again):
    """A store that a copy has begun."""
    store = open_again()
    store.create(INFO, ORIGIN)
    return store


def test_half_a_copy_says_whose_and_how_to_go_on_and_is_no_library(half, open_again):
    for store in (half, open_again()):
        assert store.origin() == ORIGIN
        for use in (store.info, lambda store=store: store.create(INFO)):
            with pytest.raises(Conflict, match=r"sqlite:////ann/photos\.db.*magpie copy"):
                use()


def test_half_a_copy_takes_and_gives_documents_as_any_store(half):
    given = photos(3)
    assert half.put(given) == []
    half.refresh()
    assert sorted(half.scan(), key=lambda one: one.id) == sorted(given, key=lambda one: one.id)
    half.create(INFO, ORIGIN)  # which goes on where it was
    assert half.count() == 3


def test_a_whole_copy_is_a_library_that_knows_where_it_comes_from(half, open_again):
    whole = replace(ORIGIN, copied="then")
    half.set_origin(whole)
    for store in (half, open_again()):
        assert store.info() == INFO and store.origin() == whole
        store.create(INFO)
    half.set_origin(ORIGIN)
    with pytest.raises(Conflict, match="not yet a whole copy"):
        open_again().info()


def test_a_library_does_not_become_a_copy_by_being_made_again(store):
    store.create(INFO, ORIGIN)
    assert store.origin() is None and store.info() == INFO
    with pytest.raises(Conflict, match="test_model"):
        store.create(replace(INFO, model="other"), ORIGIN)


def test_finishing_a_copy_writes_no_photo(half):
    before = half.state()
    half.set_origin(replace(ORIGIN, copied="then"))
    assert half.state() == before


def test_a_store_keeps_its_token_whatever_is_written_and_no_other_has_it(store, open_again):
    token = store.token()
    store.put(photos(1))
    assert open_again().token() == token
    missing = open_store(f"{store.location}-other")
    with pytest.raises(NotFound):
        missing.token()
    missing.create(INFO)
    assert missing.token() != token
    missing.close()
