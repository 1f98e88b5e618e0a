"""The file of facts beside an SQLite store: it follows the store, and can be lost."""

from contextlib import closing
from dataclasses import replace

import pytest
from store_samples import INFO, photos

from indexer.filters import FileNamed, InFolder, OfFormat, Required, Taken
from indexer.kinds import Order
from indexer.queries import Query
from indexer.stores import open_store
from indexer.stores.sqlite.facts import index

FORMATS = ("jpeg", "png")
LIBRARY = [
    replace(photo, paths=(f"/photos/{number % 3}/{number:03}.jpg",), format=FORMATS[number % 2])
    for number, photo in enumerate(photos(40, seed=8))
]
EMPTY = index.FactColumns.build([])


@pytest.fixture(autouse=True)
def _few_recent(monkeypatch):
    monkeypatch.setattr(index, "RECENT_PHOTOS", 5)


@pytest.fixture
def url(tmp_path):
    url = f"sqlite:///{tmp_path}/photos.db"
    store = open_store(url)
    store.identity.create(INFO)
    assert store.photos.put(LIBRARY) == []
    store.close()
    return url


def listed(store, *conditions):
    query = Query(filters=(Required(conditions),), order=Order.NEWEST, everything=True, limit=100)
    return {match.id for match in store.ranking.search(query)}


def ids(test):
    return {photo.id for photo in LIBRARY if test(photo)}


def test_many_photos_are_saved_and_another_process_maps_them(url, monkeypatch):
    store, again = open_store(url), open_store(url)
    pngs = ids(lambda photo: photo.format == "png")
    assert listed(store, OfFormat("png")) == pngs
    assert store.derived("facts").is_file()
    monkeypatch.setattr(
        index.FactColumns, "build", lambda documents: 1 / 0 if [*documents] else EMPTY
    )
    assert listed(again, OfFormat("png")) == pngs


@pytest.mark.parametrize("harm", ["cut", "gone", "other"])
def test_a_file_that_is_of_no_use_is_rebuilt(url, tmp_path, harm):
    store = open_store(url)
    pngs = listed(store, OfFormat("png"))
    path = store.derived("facts")
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-40] if harm == "cut" else b"MAGPIE01")
    assert listed(open_store(url), OfFormat("png")) == pngs == ids(lambda p: p.format == "png")


@pytest.mark.parametrize("count", [3, 20])
def test_saved_facts_follow_what_is_moved_changed_and_deleted(url, count):
    store = open_store(url)
    assert len(listed(store, OfFormat("png"))) == 20
    read = store.photos.get([photo.id for photo in LIBRARY[:count]])
    moved = [
        replace(photo, paths=(f"/moved/{number}.webp",), captured="2031-05-05T00:00:00")
        for number, photo in enumerate(read.values())
    ]
    assert store.photos.put(moved) == []
    gone, late = LIBRARY[-1], replace(photos(1, seed=9)[0], paths=("/moved/late.webp",))
    store.photos.delete([gone.id])
    assert store.photos.put([late]) == []
    changed = {photo.id for photo in moved}
    for other in (store, open_store(url)):
        assert listed(other, InFolder("/moved/")) == changed | {late.id}
        assert listed(other, FileNamed(".webp")) == changed | {late.id}
        assert listed(other, Taken("2031-01-01")) == changed
        assert listed(other, FileNamed(".jpg")) == ids(
            lambda photo: photo.id not in changed | {gone.id}
        )


def test_linking_neighbours_changes_no_answer(url):
    store = open_store(url)
    pngs = listed(store, OfFormat("png"))
    store.lists.replace({photo.id: LIBRARY[0].neighbours for photo in LIBRARY})
    assert listed(store, OfFormat("png")) == pngs
    assert listed(open_store(url), OfFormat("png")) == pngs


def test_a_time_that_is_none_is_before_all_others(tmp_path):
    document = {"id": "a", "paths": ["/a"], "width": 1, "height": 1, "format": "png"}
    wrong = {**document, "captured": "2018-02-29T12:00:00", "modified": "2020-01-01T00:00:00.000Z"}
    right = {**document, "id": "b", "modified": "2020-01-01T00:00:00.000Z"}
    taken = index.FactColumns.build([wrong, right]).taken
    assert taken[0] < taken[1] == 1_577_836_800_000


def test_an_older_copy_of_the_store_that_is_put_back_is_read_again(url, tmp_path):
    file = tmp_path / "photos.db"
    older = file.read_bytes()
    with closing(open_store(url)) as store:
        for photo in store.photos.get([photo.id for photo in LIBRARY[:3]]).values():
            assert store.photos.put([replace(photo, format="webp")]) == []
    live = open_store(url)
    assert len(listed(live, OfFormat("webp"))) == 3
    for log in tmp_path.glob("photos.db-*"):
        log.unlink()
    new = tmp_path / "older"
    new.write_bytes(older)
    new.replace(file)
    late = [replace(photo, format="webp") for photo in photos(2, seed=9)]
    with closing(open_store(url)) as store:
        assert store.photos.put(late) == []
    assert listed(live, OfFormat("webp")) == {photo.id for photo in late}
