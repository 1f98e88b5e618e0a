"""Photos that another network describes take the place of those of a store, on every store."""

import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from renewal_samples import OTHER, TIME, click, fill_next
from store_samples import INFO, photos

from indexer import imagenet
from indexer.errors import MagpieError
from indexer.events import Learned
from indexer.queries import Query, Searched
from indexer.records import File


@pytest.fixture
def filled(store):
    store.photos.put(photos(20))
    store.files.put([File("/a.jpg", 1, 1, photo=photos(1)[0].id), File("/gone.jpg", 1, 1, "x")])
    store.refresh()
    return store


def test_filling_the_next_one_changes_nothing(filled):
    before, state = list(filled.photos.scan()), filled.photos.state()
    assert filled.renewal.next().identity.info() is None
    fill_next(filled, photos(20))
    assert (filled.identity.info(), list(filled.photos.scan()), filled.photos.state()) == (
        INFO,
        before,
        state,
    )
    assert filled.renewal.next().identity.info() == OTHER
    assert filled.renewal.old() == []


def test_a_swap_exchanges_photos_and_file_records_and_leaves_what_people_did(filled, open_again):
    filled.events.append([click(1), click(2)])
    searched = Searched("2024-05-01T12:00:00.000Z", "ann", "griffin", False, ("griffin",), 0, 1.5)
    filled.searches.append([searched])
    filled.learned.replace([Learned("griffin", 1, 0, 0, 1, TIME, ("f" * 32,))], 2)
    events = list(filled.events.read())
    assert fill_next(filled, photos(12)).location != filled.location
    filled.renewal.swap()
    for store in (filled, open_again()):
        assert store.identity.info() == OTHER
        assert [photo.id for photo in store.photos.scan()] == sorted(
            photo.id for photo in photos(12)
        )
        assert store.photos.vectors().rows.shape[1] == OTHER.dimensions
        assert [file.modified_ns for file in store.files.read()] == [2]
        assert [(e, e.number) for e in store.events.read()] == [(e, e.number) for e in events]
        assert list(store.searches.read()) == [searched]
        assert [word.word for word in store.learned.read()] == ["griffin"]
        assert store.renewal.next().identity.info() is None


def test_who_has_the_store_open_sees_the_new_photos(filled, open_again):
    user = open_again()
    weights = {photos(1)[0].labels[20].wnid: 1.0}
    before = (
        user.photos.state(),
        user.ranking.search(Query(weights=weights)),
        user.photos.vectors(),
        user.size(),
    )
    assert before[1]
    fill_next(filled, photos(20))
    derived = user.derived("lists")
    filled.renewal.swap()
    assert user.identity.info() == OTHER and user.photos.state() != before[0]
    assert user.ranking.search(Query(weights=weights)) == []  # the ninth label is the last one now
    assert (
        len(user.ranking.search(Query(weights={p.labels[0].wnid: 1.0 for p in photos(20)}))) == 20
    )
    assert user.photos.vectors().rows.shape == (20, OTHER.dimensions)
    assert user.derived("lists") != derived


def test_labels_are_those_of_the_new_photos_though_they_are_as_many(store, open_again):
    wnids = imagenet.classes()[:30]
    before = photos(40, wnids=wnids, labels_each=20)
    store.photos.put(before)
    store.refresh()
    user, weights = open_again(), dict.fromkeys(wnids, 1.0)
    ids = [photo.id for photo in before]

    def seen():
        found = {
            match.id: dict(match.labels) for match in user.ranking.search(Query(weights, limit=99))
        }
        read = {id: photo.labels for id, photo in user.photos.get(ids).items()}
        return read, found, {photo.id: photo.labels for photo in user.photos.scan()}

    assert seen()[0] == {photo.id: photo.labels for photo in before}
    after = [replace(photo, labels=before[-1 - n].labels) for n, photo in enumerate(before)]
    new = store.renewal.next()
    new.identity.create(INFO)
    new.photos.put(after)  # the labels are met in another order
    new.refresh()
    store.renewal.swap()
    expected = {photo.id: photo.labels for photo in after}
    read, found, scanned = seen()
    assert read == scanned == expected
    assert found == {id: {label.wnid: label.probability for label in labels}
                     for id, labels in expected.items()}  # fmt: skip


def test_what_was_prepared_for_the_next_one_is_found_after_the_swap(filled, open_again):
    new = fill_next(filled, photos(20))
    new.photos.vectors()
    state, lists = new.photos.state(), new.derived("lists")
    new.close()
    filled.renewal.swap()
    user = open_again()
    assert (user.photos.state(), user.derived("lists")) == (state, lists)


def test_the_old_ones_are_named_and_kept_until_they_are_dropped(filled, open_again):
    fill_next(filled, photos(20))
    filled.renewal.swap()
    first = filled.renewal.old()
    assert first and all(name.endswith("1") for name in first)
    fill_next_again = filled.renewal.next()
    fill_next_again.identity.create(INFO)
    filled.renewal.swap()
    assert set(first) < set(filled.renewal.old())
    filled.renewal.drop_old()
    assert filled.renewal.old() == open_again().renewal.old() == []
    assert filled.identity.info() == INFO and filled.photos.count() == 0
    filled.photos.put(photos(3))
    assert len(filled.photos.get([photo.id for photo in photos(3)])) == 3
    filled.identity.create(INFO)  # as each run does: makes nothing anew
    assert open_again().identity.info() == INFO


def test_the_next_one_can_be_given_up(filled):
    fill_next(filled, photos(20))
    filled.renewal.cancel()
    assert filled.renewal.next().identity.info() is None and filled.identity.info() == INFO
    filled.renewal.cancel()
    fill_next(filled, photos(5))
    filled.renewal.swap()
    assert filled.photos.count() == 5


def test_without_a_next_one_a_swap_is_refused_and_changes_nothing(filled):
    before = list(filled.photos.scan())
    with pytest.raises(MagpieError) as caught:
        filled.renewal.swap()
    assert "\n" not in str(caught.value)
    assert (filled.identity.info(), list(filled.photos.scan()), filled.renewal.old()) == (
        INFO,
        before,
        [],
    )


@contextmanager
def teaching(stores):
    """Click in threads all the time; give the ids of the clicks that were acknowledged."""
    done, errors, stop = [], [], threading.Event()

    def go_on(name, store):
        number = 0
        try:
            while not stop.is_set():
                event = click(f"{name}-{number}")
                store.events.append([event])
                done.append(event.id)
                store.ranking.search(Query(weights={photos(1)[0].labels[0].wnid: 1.0}))
                number += 1
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=go_on, args=pair) for pair in enumerate(stores)]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        assert errors == []


def test_no_click_is_lost_while_stores_are_swapped_and_none_is_refused(filled, open_again):
    swapper = open_again()
    with teaching([filled, open_again()]) as done:
        for info in (OTHER, INFO, OTHER, INFO):
            number = len(done)
            swapper.renewal.next().identity.create(info)
            swapper.renewal.swap()
            swapper.renewal.drop_old() if not filled.is_remote else None
            while len(done) < number + 20 and threading.active_count() > 2:
                time.sleep(0.01)
    kept = [event.id for event in open_again().events.read()]
    assert len(done) > 80
    assert sorted(kept) == sorted(set(done))
