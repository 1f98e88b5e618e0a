"""Originals of several photos as one zip."""

import io
import shutil
import zipfile
from types import SimpleNamespace

import pytest
from api_answers import error

from indexer.stores import open_store
from search.api.pictures.archive import _date, unused
from search.library import open_library


def zipped(answer):
    assert answer.status_code == 200, answer.text
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_a_zip_holds_the_files_themselves_in_order_each_once(client, ids, free_photos):
    files = {photo.name: photo for photo in free_photos}
    names = ["moon.png", "china.jpg"]
    chosen = [ids[name] for name in (*names, names[0])]
    answer = client.post("/api/photos/zip", json={"ids": chosen})
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == "attachment; filename=photos.zip"
    opened = zipped(answer)
    assert opened.testzip() is None
    assert opened.namelist() == names
    for name in names:
        assert opened.read(name) == files[name].read_bytes()


@pytest.fixture
def gone(serve, tmp_path, free_photos):
    """A client, and the ids of two photos of the same file name; one is no longer there."""
    for folder, photo in zip(("a", "b"), free_photos, strict=False):
        (tmp_path / "photos" / folder).mkdir(parents=True)
        shutil.copy(photo, tmp_path / "photos" / folder / "same.jpg")
    url = f"sqlite:///{tmp_path}/photos.db"
    with open_library(url) as library:
        library.index([tmp_path / "photos"])
    store = open_store(url)
    ids = {photo.paths[0]: photo.id for photo in store.photos.scan()}
    store.close()
    return serve(url=url), ids, tmp_path / "photos"


def test_equal_names_are_numbered(gone):
    client, ids, _ = gone
    opened = zipped(client.post("/api/photos/zip", json={"ids": list(ids.values())}))
    assert sorted(opened.namelist()) == ["same (2).jpg", "same.jpg"]


def test_files_that_are_gone_are_named(gone):
    client, ids, photos = gone
    away = photos / "a" / "same.jpg"
    away.unlink()
    opened = zipped(client.post("/api/photos/zip", json={"ids": list(ids.values())}))
    assert opened.namelist() == ["same.jpg", "missing.txt"]
    assert opened.read("missing.txt").decode() == f"{away}\n"


@pytest.mark.parametrize(
    ("chosen", "status", "code"),
    [
        ([], 422, "wrong_shape"),
        (["00ff"] * 501, 422, "wrong_shape"),
        (["0" * 32], 404, "not_found"),
        (["../etc"], 404, "not_found"),
    ],
)
def test_only_photos_of_the_library_are_sent(client, chosen, status, code):
    error(client.post("/api/photos/zip", json={"ids": chosen}), status, code)


def test_names_that_differ_in_case_alone_are_numbered():
    taken: set[str] = set()
    names = ["A.jpg", "a.JPG", "a.jpg", "b", "b"]
    assert [unused(name, taken) for name in names] == [
        "A.jpg",
        "a (2).JPG",
        "a (3).jpg",
        "b",
        "b (2)",
    ]


@pytest.mark.parametrize(("year", "kept"), [("1969", 1980), ("2110", 2107), ("2024", 2024)])
def test_dates_that_zips_do_not_have_become_the_nearest_year(year, kept):
    assert _date(SimpleNamespace(modified=f"{year}-01-01T00:00:00.000Z"))[0] == kept


def test_no_name_leads_out_of_the_folder():
    assert unused("..\\..\\evil.jpg", set()) == ".._.._evil.jpg"


def test_names_that_are_not_text_are_replaced():
    assert unused("a\udcff.jpg", set()) == "a?.jpg"
