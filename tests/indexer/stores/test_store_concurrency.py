"""Several writers at once: nobody's change is lost, in any store."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from store_samples import INFO, photos

from indexer.queries import Query
from indexer.records import Neighbour

WRITERS, CHANGES = 4, 10


def add_path(store, id, path):
    """Read, change, write; again while others were faster."""
    while True:
        photo = store.photos.get([id])[id]
        if not store.photos.put([replace(photo, paths=tuple(sorted({*photo.paths, path})))]):
            return


def add_paths(store, id, writer):
    for number in range(CHANGES):
        add_path(store, id, f"/{writer}/{number}.jpg")


def all_paths(first):
    return {*first.paths, *(f"/{w}/{n}.jpg" for w in range(WRITERS) for n in range(CHANGES))}


@pytest.mark.parametrize("shared", [True, False], ids=["one object", "an object each"])
def test_no_path_is_lost_when_threads_add_to_one_photo(store, open_again, shared):
    (photo,) = photos(1)
    store.photos.put([photo])
    stores = [store if shared else open_again() for _ in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(add_paths, stores, [photo.id] * WRITERS, range(WRITERS)))
    assert set(store.photos.get([photo.id])[photo.id].paths) == all_paths(photo)


def test_linking_and_moving_at_once_lose_neither(store, open_again):
    (photo,) = photos(1)
    store.photos.put([photo])
    store.refresh()
    linker = open_again()
    with ThreadPoolExecutor(2) as pool:
        moving = pool.submit(add_paths, store, photo.id, 0)
        for number in range(CHANGES):
            linker.lists.replace({photo.id: [Neighbour(f"{number:032x}", 0.5)]})
        moving.result()
    stored = store.photos.get([photo.id])[photo.id]
    assert len(stored.paths) == 1 + CHANGES
    assert stored.neighbours == (Neighbour(f"{CHANGES - 1:032x}", 0.5),)


def test_of_many_that_add_the_same_photo_one_wins(store):
    (photo,) = photos(1)
    with ThreadPoolExecutor(WRITERS) as pool:
        results = list(pool.map(store.photos.put, [[photo]] * WRITERS))
    conflicts = [failure.conflict for failures in results for failure in failures]
    assert conflicts == [True] * (WRITERS - 1)


def test_many_can_create_the_store_at_once(open_again):
    stores = [open_again() for _ in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda store: store.identity.create(INFO), stores))
    assert {store.identity.info() for store in stores} == {INFO}


def test_what_one_process_writes_the_other_finds_at_its_next_search(store, open_again):
    other = open_again()
    label = "n02391049"
    for number, photo in enumerate(photos(12, seed=4)):
        zebra = replace(photo, labels=(photo.labels[0]._replace(wnid=label),))
        store.photos.put([zebra])
        if number == 6:
            store.photos.delete([zebra.id])
        store.refresh()
        expected = store.ranking.search(Query(weights={label: 1.0}))
        assert other.ranking.search(Query(weights={label: 1.0})) == expected
        assert len(expected) == number + 1 - (number >= 6)
        assert other.photos.vectors().ids == store.photos.vectors().ids


def test_searching_while_writing_never_fails(store, open_again):
    many = photos(200, labels_each=5)
    wnids = {label.wnid for photo in many for label in photo.labels}
    query = Query(weights=dict.fromkeys(wnids, 1.0), limit=500)
    reader = open_again()
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(lambda: [store.photos.put([photo]) for photo in many])
        counts = [0]
        while not writing.done():
            reader.refresh()
            counts.append(len(reader.ranking.search(query)))
            assert len(reader.photos.vectors().ids) >= counts[-1]
        writing.result()
    store.refresh()
    assert counts == sorted(counts)
    assert len(reader.ranking.search(query)) == len(many)
