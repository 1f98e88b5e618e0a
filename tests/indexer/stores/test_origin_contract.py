"""What every store promises about copies: an incomplete one is refused, a complete one is not."""

from dataclasses import replace

import pytest
from store_samples import INFO, photos

from indexer.errors import Conflict, NotFound
from indexer.records import Origin
from indexer.stores import open_store, require_complete

ORIGIN = Origin("3f2a", "sqlite:////ann/photos.db")


def test_a_store_that_is_no_copy_has_no_origin(store, store_url):
    assert store.identity.origin() is None
    missing = open_store(f"{store_url}-other")
    assert missing.identity.origin() is None
    with pytest.raises(NotFound, match="magpie index"):
        missing.identity.set_origin(ORIGIN)
    missing.close()


@pytest.fixture
def incomplete(open_again):
    """A store that a copy has begun."""
    store = open_again()
    store.identity.create(INFO, ORIGIN)
    return store


def test_an_incomplete_copy_says_whose_and_how_to_continue_and_is_refused(incomplete, open_again):
    for store in (incomplete, open_again()):
        assert store.identity.origin() == ORIGIN
        for use in (require_complete, lambda store: store.identity.create(INFO)):
            with pytest.raises(Conflict, match=r"sqlite:////ann/photos\.db.*magpie copy"):
                use(store)


def test_an_incomplete_copy_answers_what_made_it(incomplete, open_again):
    for store in (incomplete, open_again()):
        assert store.identity.info() == INFO
        assert store.photos.vectors().ids == ()


def test_where_there_is_no_store_nothing_is_refused(store_url):
    missing = open_store(store_url)
    assert require_complete(missing) is None
    missing.close()


def test_an_incomplete_copy_takes_and_gives_documents_as_any_store(incomplete):
    given = photos(3)
    assert incomplete.photos.put(given) == []
    incomplete.refresh()
    assert sorted(incomplete.photos.scan(), key=lambda one: one.id) == sorted(
        given, key=lambda one: one.id
    )
    incomplete.identity.create(INFO, ORIGIN)  # which goes on where it was
    assert incomplete.photos.count() == 3


def test_a_complete_copy_is_a_library_that_knows_where_it_comes_from(incomplete, open_again):
    whole = replace(ORIGIN, copied="then")
    incomplete.identity.set_origin(whole)
    for store in (incomplete, open_again()):
        assert require_complete(store) == INFO and store.identity.origin() == whole
        store.identity.create(INFO)
    incomplete.identity.set_origin(ORIGIN)
    with pytest.raises(Conflict, match="incomplete copy of"):
        require_complete(open_again())


def test_a_library_does_not_become_a_copy_by_being_made_again(store):
    store.identity.create(INFO, ORIGIN)
    assert store.identity.origin() is None and store.identity.info() == INFO
    with pytest.raises(Conflict, match="test_model"):
        store.identity.create(replace(INFO, model="other"), ORIGIN)


def test_finishing_a_copy_writes_no_photo(incomplete):
    before = incomplete.photos.state()
    incomplete.identity.set_origin(replace(ORIGIN, copied="then"))
    assert incomplete.photos.state() == before


def test_a_store_keeps_its_token_whatever_is_written_and_no_other_has_it(store, open_again):
    token = store.identity.token()
    store.photos.put(photos(1))
    assert open_again().identity.token() == token
    missing = open_store(f"{store.location}-other")
    with pytest.raises(NotFound):
        missing.identity.token()
    missing.identity.create(INFO)
    assert missing.identity.token() != token
    missing.close()
