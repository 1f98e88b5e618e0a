"""All photos by date, page by page, and what a library gives to begin with."""

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import BadValue
from indexer.records import Label
from indexer.stores import open_store
from search.browsing import Position
from search.library import open_library


def in_order(photos):
    """Newest first, those without a capture time last; ties by id."""
    by_id = sorted(photos, key=lambda photo: photo.id)
    dated = [photo for photo in by_id if photo.captured]
    undated = [photo for photo in by_id if not photo.captured]
    dated.sort(key=lambda photo: photo.captured, reverse=True)
    undated.sort(key=lambda photo: photo.modified, reverse=True)
    return [photo.id for photo in (*dated, *undated)]


def walked(library, limit, month=""):
    """All photos of a list, read page by page."""
    ids, cursor = [], ""
    while True:
        page = library.by_date(limit, cursor, month)
        ids += [hit.id for hit in page.hits]
        if page.next is None:
            return ids
        assert len(page.hits) == limit
        cursor = page.next


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
def test_every_photo_comes_once_newest_first_and_undated_ones_last(filtered, limit):
    photos = list(filtered._store.photos.scan())
    assert walked(filtered, limit) == in_order(photos)


def test_a_month_lists_its_photos_alone(filtered):
    photos = list(filtered._store.photos.scan())
    for month in ("2019-12", "2023-12", "2020-02", "none"):
        own = [p for p in photos if (p.captured or "none").startswith(month)]
        assert walked(filtered, 2, month) == in_order(own), month


def test_every_month_of_the_calendar_can_be_asked_for_first_and_last_too(filtered):
    for month in ("0001-01", "9999-12"):
        assert filtered.by_date(10, month=month).hits == ()
        assert filtered.search(f"in:{month}").hits == ()


def test_months_count_what_they_list(filtered):
    months = filtered.months()
    assert [one.value for one in months.months] == ["2023-12", "2019-12", "2019-07"]
    for one in months.months:
        assert one.photos == len(walked(filtered, 100, one.value))
    assert months.undated == len(walked(filtered, 100, "none")) > 0


def test_a_photo_that_comes_meanwhile_moves_none(filtered_url, tmp_path):
    shutil.copy(Path(filtered_url.removeprefix("sqlite:///")), tmp_path / "photos.db")
    with open_library(f"sqlite:///{tmp_path}/photos.db") as library:
        before = walked(library, 100)
        page = library.by_date(3)
        store = open_store(library.location)
        known = next(store.photos.scan())
        new = replace(known, id="f" * 32, version=None, captured="2030-01-01T00:00:00")
        assert store.photos.put([new]) == []
        store.close()
        rest = library.by_date(100, page.next)
        assert [hit.id for hit in (*page.hits, *rest.hits)] == before
        assert library.by_date(1).hits[0].id == new.id


@pytest.mark.parametrize(
    "asked", [{"cursor": "x"}, {"cursor": "dated_1577217600000"}, {"month": "2019"},
              {"month": "2019-13"}, {"month": "0000-01"}, {"month": "٢٠١٩-05"},
              {"cursor": "dated_٢٠١٩_a"}, {"cursor": f"dated_{2**63}_a"}],
)  # fmt: skip
def test_what_is_no_cursor_or_month_is_refused(filtered, asked):
    with pytest.raises(BadValue, match=r"begin without one|write 2019-05"):
        filtered.by_date(**asked)


def test_ideas_are_what_many_photos_surely_show(filtered_url, tmp_path):
    shutil.copy(Path(filtered_url.removeprefix("sqlite:///")), tmp_path / "photos.db")
    store = open_store(f"sqlite:///{tmp_path}/photos.db")
    tabby, zebra, boat, doubtful = "n02123045", "n02391049", "n02951358", "n02099601"
    shown = [(tabby, 0.9)] * 3 + [(zebra, 0.8)] * 2 + [(boat, 0.6)] + [(doubtful, 0.3)] * 20
    photos = [
        replace(photo, labels=(Label(*label),))
        for photo, label in zip(store.photos.scan(), shown, strict=False)
    ]
    assert store.photos.put(photos) == []
    store.photos.delete([photo.id for photo in store.photos.scan()][len(photos) :])
    store.close()
    with open_library(f"sqlite:///{tmp_path}/photos.db") as library:
        assert library.ideas(2) == ("tabby", "zebra")
        assert library.ideas(9) == ("tabby", "zebra", "canoe")
        for word in library.ideas():
            assert library.search(word).likely > 0


def test_a_list_goes_on_after_more_photos_of_a_moment_than_a_ranking_has(filtered, monkeypatch):
    photos = list(filtered._store.photos.scan())
    monkeypatch.setattr("indexer.stores.checks.MOST_RESULTS", 2)
    assert max(Counter(photo.captured for photo in photos).values()) > 2
    assert walked(filtered, 1) == in_order(photos)


@pytest.mark.parametrize("position", [(True, (1577217600000, "0f" * 16)), (False, (-(2**63), "a"))])
def test_a_cursor_is_read_as_it_was_written(position):
    assert Position.read(str(Position(*position))) == Position(*position)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("is_dated", [True, False])
def test_a_damaged_photo_ends_no_list(filtered_url, tmp_path, caplog, limit, is_dated):
    path = tmp_path / "photos.db"
    shutil.copy(Path(filtered_url.removeprefix("sqlite:///")), path)
    with open_library(f"sqlite:///{path}") as library:
        photos = list(library._store.photos.scan())
        ids = in_order(photos)
        dated = sum(photo.captured is not None for photo in photos)
        damaged = ids[1 if is_dated else dated + 1]
        assert walked(library, 100) == ids
        with closing(sqlite3.connect(path)) as connection, connection:
            change = "UPDATE photos SET document = replace(document, '/photos', '/photoz')"
            connection.execute(f"{change} WHERE id = ?", (damaged,))
        shown, cursor = [], ""
        while cursor is not None:
            page = library.by_date(limit, cursor)
            shown += [hit.id for hit in page.hits]
            cursor = page.next
        assert shown == [id for id in ids if id != damaged]
    assert damaged in caplog.text
