"""How a photo was taken, over HTTP: read from its file, which must be what was indexed."""

from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import IFDRational

from search.library import open_library

NOTHING = dict.fromkeys(("seconds", "f_number", "iso", "focal_length", "focal_length_35mm", "lens"))


@pytest.fixture(scope="module")
def taken(tmp_path_factory, free_photos):
    """A library of a photo that tells how it was taken, and of one with damaged EXIF."""
    home = tmp_path_factory.mktemp("exif")
    exif = Image.Exif()
    detail = exif.get_ifd(IFD.Exif)
    detail[Base.ExposureTime], detail[Base.FNumber] = IFDRational(1, 250), IFDRational(28, 10)
    detail[Base.LensModel] = "Summicron"
    photos = home / "photos"
    photos.mkdir()
    for name, source, notes in (
        ("told.jpg", free_photos[0], exif.tobytes()),
        ("torn.jpg", free_photos[1], exif.tobytes()[:40]),
    ):
        with Image.open(source) as opened:
            opened.convert("RGB").save(photos / name, exif=notes)
    url = f"sqlite:///{home}/photos.db"
    with open_library(url) as library:
        library.index([photos])
    return url


def by_name(client, name):
    hits = client.get("/api/photos").json()["hits"]
    return next(hit["id"] for hit in hits if hit["path"].endswith(name))


def test_a_file_tells_how_its_photo_was_taken(taken, serve):
    client = serve(url=taken)
    told = client.get(f"/api/photos/{by_name(client, 'told.jpg')}/exif").json()
    assert told == {**NOTHING, "seconds": 0.004, "f_number": 2.8, "lens": "Summicron"}


def test_damaged_exif_tells_nothing_and_is_no_error(taken, serve):
    client = serve(url=taken)
    answer = client.get(f"/api/photos/{by_name(client, 'torn.jpg')}/exif")
    assert (answer.status_code, answer.json()) == (200, NOTHING)


def test_a_file_that_is_gone_or_changed_is_not_read(taken, serve):
    client = serve(url=taken)
    id = by_name(client, "told.jpg")
    path = Path(client.get(f"/api/photos/{id}").json()["paths"][0])
    before = path.read_bytes()
    for change in (lambda: path.write_bytes(before + b"more"), path.unlink):
        change()
        assert client.get(f"/api/photos/{id}/exif").status_code == 404
    path.write_bytes(before)


def test_only_photos_of_the_library_have_it(client):
    assert client.get("/api/photos/0f8fad5bd9cb469fa16570867728950e/exif").status_code == 404
