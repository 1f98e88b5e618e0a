"""Thumbnails, originals and uploads: upright, kept, and only what the library holds."""

import io
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from api_answers import error
from film_samples import film
from PIL import Image, ImageChops, ImageCms, ImageOps
from wide_colours import display_p3

from indexer.derived.thumbnail_file import ThumbnailFile
from indexer.photos.content import content_id
from indexer.pipeline import Options
from indexer.stores import open_store
from search.api.pictures.thumbnails import CheckedFiles
from search.library import open_library


@pytest.fixture(scope="module")
def formats(tmp_path_factory, free_photos):
    """A library of one photo in each format, straight and turned by EXIF, and one in Display P3."""
    home = tmp_path_factory.mktemp("formats")
    folder = home / "photos"
    folder.mkdir()
    import pillow_heif

    (rocket,) = [photo for photo in free_photos if photo.name == "rocket.jpg"]
    picture = Image.open(rocket).convert("RGB")
    for ending in ("png", "webp", "gif", "bmp", "tiff", "avif", "jp2"):
        picture.save(folder / f"rocket.{ending}")
    pillow_heif.from_pillow(picture).save(folder / "rocket.heic")
    (folder / "clip.mp4").write_bytes(film([picture.crop((0, 0, 640, 426))] * 12))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    for ending in ("jpg", "png", "webp", "tiff", "avif"):
        picture.save(folder / f"turned.{ending}", exif=exif.tobytes())
    pillow_heif.from_pillow(picture).save(folder / "turned.heic", exif=exif.tobytes())
    picture.save(folder / "wide.png", icc_profile=display_p3())
    shutil.copy(rocket, folder / "rocket.jpg")
    shutil.copy(rocket, folder / "kept ünder.jpg")
    url = f"sqlite:///{home}/photos.db"
    with open_library(url) as library:
        library.index([folder])
    store = open_store(url)
    ids = {Path(path).name: photo.id for photo in store.photos.scan() for path in photo.paths}
    store.close()
    return url, ids


@pytest.fixture
def gallery(serve, formats):
    """A client, and the ids of its photos by file name."""
    return serve(url=formats[0]), formats[1]


def open_picture(answer):
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content))


@pytest.mark.parametrize("size", [160, 320, 400, 640, 1280])
def test_a_thumbnail_has_its_longer_side_and_the_shape_of_the_photo(client, ids, size):
    picture = open_picture(client.get(f"/api/photos/{ids['china.jpg']}/image?size={size}"))
    assert picture.format == "JPEG"
    assert picture.size == (min(size, 640), round(427 * min(size, 640) / 640))  # never enlarged


def test_thumbnails_look_like_their_photo(sqlite_client, ids, free_photos):
    (china,) = [photo for photo in free_photos if photo.name == "china.jpg"]
    small = open_picture(sqlite_client.get(f"/api/photos/{ids['china.jpg']}/image?size=160"))
    wanted = Image.open(china).resize(small.size, Image.Resampling.LANCZOS)
    differences = [abs(a - b) for a, b in zip(small.tobytes(), wanted.tobytes(), strict=True)]
    assert sum(differences) / len(differences) < 6  # of 255; 4.9 are JPEG's


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tiff", "avif", "heic"])
def test_what_exif_turns_is_upright(gallery, ending):
    client, ids = gallery
    address = f"/api/photos/{ids[f'turned.{ending}']}"
    picture = open_picture(client.get(f"{address}/image?size=160"))
    straight = open_picture(client.get(f"/api/photos/{ids['rocket.jpg']}/image?size=160"))
    assert picture.size == straight.size[::-1]
    document = client.get(address).json()
    assert document["height"] > document["width"]
    original = open_picture(client.get(f"{address}/image"))
    if ending in ("jpg", "avif"):  # all browsers turn these
        original = ImageOps.exif_transpose(original)
    assert original.getexif().get(0x0112, 1) == 1
    assert original.size == (document["width"], document["height"])


def test_what_is_converted_says_that_it_is_srgb(gallery):
    client, ids = gallery
    for address in (f"{ids['rocket.tiff']}/image", f"{ids['wide.png']}/image?size=160"):
        picture = open_picture(client.get(f"/api/photos/{address}"))
        profile = ImageCms.getOpenProfile(io.BytesIO(picture.info["icc_profile"]))
        assert "sRGB" in ImageCms.getProfileDescription(profile)


def test_an_original_keeps_its_profile(gallery):
    client, ids = gallery
    picture = open_picture(client.get(f"/api/photos/{ids['wide.png']}/image"))
    assert picture.info["icc_profile"] == display_p3()
    assert (
        client.get(f"/api/photos/{ids['wide.png']}").json()["colour"]
        != (client.get(f"/api/photos/{ids['rocket.png']}").json()["colour"])
    )


@pytest.mark.parametrize(
    "name, type",
    [
        ("rocket.jpg", "image/jpeg"),
        ("rocket.png", "image/png"),
        ("rocket.webp", "image/webp"),
        ("rocket.gif", "image/gif"),
        ("rocket.bmp", "image/bmp"),
        ("rocket.avif", "image/avif"),
        ("rocket.tiff", "image/jpeg"),  # browsers show none of these
        ("rocket.heic", "image/jpeg"),
        ("rocket.jp2", "image/jpeg"),
    ],
)
def test_an_original_is_shown_by_any_browser_at_full_size(gallery, name, type):
    client, ids = gallery
    answer = client.get(f"/api/photos/{ids[name]}/image")
    assert answer.headers["content-type"] == type
    assert open_picture(answer).size == (640, 427)


@pytest.mark.parametrize(
    "name, type",
    [("rocket.heic", "image/heic"), ("rocket.tiff", "image/tiff"), ("clip.mp4", "video/mp4")],
)
def test_a_download_is_the_file_itself(gallery, formats, name, type):
    client, ids = gallery
    answer = client.get(f"/api/photos/{ids[name]}/image?download=true")
    file = Path(formats[0].removeprefix("sqlite:///")).parent / "photos" / name
    assert answer.content == file.read_bytes()
    assert answer.headers["content-length"] == str(file.stat().st_size)
    assert answer.headers["content-type"] == type
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"


def test_a_film_is_shown_as_a_frame_of_it(gallery):
    client, ids = gallery
    answer = client.get(f"/api/photos/{ids['clip.mp4']}/image")
    assert answer.headers["content-type"] == "image/jpeg"
    assert open_picture(answer).size == (640, 426)
    small = open_picture(client.get(f"/api/photos/{ids['clip.mp4']}/image?size=160"))
    assert small.width == 160


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [("bytes=0-", 0, None), ("bytes=100-199", 100, 200), ("bytes=-50", -50, None)],
)
def test_a_part_of_a_film_is_what_players_ask_for(gallery, formats, asked, first, end):
    client, ids = gallery
    path = f"/api/photos/{ids['clip.mp4']}/image?download=true"
    file = (Path(formats[0].removeprefix("sqlite:///")).parent / "photos/clip.mp4").read_bytes()
    answer = client.get(path, headers={"range": asked})
    start, stop, _ = slice(first, end).indices(len(file))
    assert answer.status_code == 206
    assert answer.content == file[start:stop]
    assert answer.headers["content-length"] == str(stop - start)
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(file)}"
    assert answer.headers["content-type"] == "video/mp4"


def test_a_film_is_read_as_a_whole_once_until_it_changes(tmp_path, monkeypatch):
    file = tmp_path / "clip.mp4"
    file.write_bytes(b"a film")
    checked, read = CheckedFiles(), []
    monkeypatch.setattr(
        "search.api.pictures.thumbnails.content_id",
        lambda opened: read.append(opened.read()) or content_id(opened),
    )

    def found():
        with file.open("rb") as opened:
            return checked.content_id(str(file), opened)

    assert found() == found() == content_id(b"a film")
    assert read == [b"a film"]
    (tmp_path / "other").write_bytes(b"a Film")
    (tmp_path / "other").replace(file)
    assert found() == content_id(b"a Film")
    monkeypatch.setattr("search.api.pictures.thumbnails.MOST_CHECKED", 0)
    assert found() == found() == content_id(b"a Film")
    assert read == [b"a film", b"a Film", b"a Film"]


@pytest.mark.parametrize("asked", ["bytes=0-1,5-9", "bytes=9-3", "lines=1-2", "bytes=-", "x"])
def test_a_range_of_another_kind_is_answered_with_the_whole_file(gallery, asked):
    client, ids = gallery
    path = f"/api/photos/{ids['clip.mp4']}/image?download=true"
    whole = client.get(path)
    assert whole.headers["accept-ranges"] == "bytes"
    answer = client.get(path, headers={"range": asked})
    assert (answer.status_code, answer.content) == (200, whole.content)
    other = {"range": "bytes=0-9", "if-range": '"another"'}
    assert client.get(path, headers=other).content == whole.content


def test_a_range_beyond_the_file_is_refused_with_its_size(gallery):
    client, ids = gallery
    path = f"/api/photos/{ids['clip.mp4']}/image?download=true"
    size = client.get(path).headers["content-length"]
    answer = client.get(path, headers={"range": f"bytes={size}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"


def test_a_download_keeps_a_name_of_any_letters(gallery):
    client, ids = gallery
    answer = client.get(f"/api/photos/{ids['kept ünder.jpg']}/image?download=true")
    assert "kept%20%C3%BCnder.jpg" in answer.headers["content-disposition"]


def test_pictures_are_kept_by_browsers_for_good(client, ids):
    path = f"/api/photos/{ids['moon.png']}/image?size=320"
    first = client.get(path)
    assert "immutable" in first.headers["cache-control"]
    assert "private" in first.headers["cache-control"]
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(path.replace("320", "640"), headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_thumbnail_is_made_once(gallery, formats, monkeypatch):
    client, ids = gallery
    path = f"/api/photos/{ids['rocket.bmp']}/image?size=640"
    first = client.get(path)
    monkeypatch.setattr("indexer.photos.thumbnails.decode", None)  # would fail if it were used
    assert client.get(path).content == first.content
    file = ThumbnailFile(Path(formats[0].removeprefix("sqlite:///") + ".thumbnails"))
    assert file.get(ids["rocket.bmp"], 640) == first.content


def test_the_grid_shows_what_was_made_while_indexing(gallery, monkeypatch):
    client, ids = gallery
    monkeypatch.setattr("indexer.photos.thumbnails.decode", None)
    for name, id in ids.items():
        picture = open_picture(client.get(f"/api/photos/{id}/image?size=400"))
        assert max(picture.size) == 400, name
        assert max(open_picture(client.get(f"/api/photos/{id}/image?size=320")).size) == 320


def test_only_the_newest_larger_thumbnails_are_kept(gallery, formats, monkeypatch):
    client, ids = gallery
    monkeypatch.setattr("search.api.pictures.thumbnails.MOST_LARGER", 2)
    names = ("rocket.webp", "rocket.png", "rocket.jp2")
    for name in names:
        client.get(f"/api/photos/{ids[name]}/image?size=1280")
    file = ThumbnailFile(Path(formats[0].removeprefix("sqlite:///") + ".thumbnails"))
    assert [file.get(ids[name], 1280) is None for name in names] == [True, False, False]
    assert file.get(ids["rocket.webp"], 400)


def test_thumbnails_of_elasticsearch_lie_in_the_cache(elasticsearch_client, ids, own_cache):
    elasticsearch_client.get(f"/api/photos/{ids['moon.png']}/image?size=160")
    files = map(ThumbnailFile, (own_cache / "elasticsearch").glob("*/thumbnails"))
    assert any(file.get(ids["moon.png"], 400) for file in files)


def test_only_the_photo_that_was_indexed_is_served(serve, tmp_path, free_photos):
    secret = tmp_path / "secret.txt"
    secret.write_text("nobody may read this")
    (tmp_path / "photos").mkdir()
    for photo in free_photos[:2]:
        shutil.copy(photo, tmp_path / "photos")
    url = f"sqlite:///{tmp_path}/photos.db"
    with open_library(url) as library:
        library.index([tmp_path / "photos"], Options(thumbnails=False))
        photos = {Path(photo.paths[0]): photo.id for photo in open_store(url).photos.scan()}
    (changed, first), (gone, second) = photos.items()
    changed.unlink()
    changed.symlink_to(secret)
    gone.unlink()
    client = serve(url=url)
    for id in (first, second):
        for query in ("", "?download=true", "?size=160"):
            message = error(client.get(f"/api/photos/{id}/image{query}"), 404, "not_found")
            assert "magpie index" in message


def test_thumbnails_of_photos_whose_disk_is_away_are_shown(serve, tmp_path, free_photos):
    (tmp_path / "photos").mkdir()
    photo = shutil.copy(free_photos[0], tmp_path / "photos")
    url = f"sqlite:///{tmp_path}/photos.db"
    with open_library(url) as library:
        library.index([tmp_path / "photos"])
        (id,) = open_store(url).photos.vectors().ids
    shutil.copy(free_photos[1], photo)  # even if something else lies there now
    shown = open_picture(serve(url=url).get(f"/api/photos/{id}/image?size=400"))
    wanted = Image.open(free_photos[0]).convert("RGB").resize(shown.size)
    differences = ImageChops.difference(shown, wanted).convert("L").tobytes()
    assert sum(differences) / len(differences) < 6  # of 255


@pytest.mark.parametrize("damage", ["zeroblob(length(jpeg))", "x''", "substr(jpeg, 1, 900)"])
def test_a_damaged_thumbnail_is_made_again_and_never_served(serve, tmp_path, free_photos, damage):
    (tmp_path / "photos").mkdir()
    photo = Path(shutil.copy(free_photos[0], tmp_path / "photos"))
    url = f"sqlite:///{tmp_path}/photos.db"
    with open_library(url) as library:
        library.index([tmp_path / "photos"])
        (id,) = open_store(url).photos.vectors().ids
    file = tmp_path / "photos.db.thumbnails"
    whole = ThumbnailFile(file).get(id, 400)

    def spoil():
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute(f"UPDATE thumbnails SET jpeg = {damage}")

    client = serve(url=url)
    spoil()
    for _ in range(2):
        answer = client.get(f"/api/photos/{id}/image?size=400")
        assert answer.content == whole and "immutable" in answer.headers["cache-control"]
    assert ThumbnailFile(file).get(id, 400) == whole
    spoil()
    photo.unlink()  # nothing to make it of
    answer = client.get(f"/api/photos/{id}/image?size=400")
    error(answer, 404, "not_found")
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_a_removed_photo_is_no_longer_served(serve, tmp_path, free_photos):
    (tmp_path / "photos").mkdir()
    for photo in free_photos[:2]:
        shutil.copy(photo, tmp_path / "photos")
    url = f"sqlite:///{tmp_path}/photos.db"
    with open_library(url) as library:
        library.index([tmp_path / "photos"])
        (id, *_) = open_store(url).photos.vectors().ids
    client = serve(url=url)
    path = f"/api/photos/{id}/image?size=160"
    etag = client.get(path).headers["etag"]
    store = open_store(url)
    store.photos.delete([id])
    store.close()
    error(client.get(path), 404, "not_found")
    error(client.get(path, headers={"if-none-match": etag}), 404, "not_found")


def upload(client, data, **form):
    return client.post("/api/search/image", files={"file": ("x.jpg", data)}, data=form)


@pytest.mark.parametrize(
    "data",
    [b"hello", b"", b"\xff\xd8\xff", b"GIF89a", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n" * 9],
)
def test_what_is_not_a_picture_is_415(client, data):
    error(upload(client, data), 415, "not_an_image")


def test_a_truncated_photo_is_415(client, outside):
    error(upload(client, outside[: len(outside) // 2]), 415, "not_an_image")


def test_the_content_tells_the_type(sqlite_client, outside):
    files = {"file": ("notes.txt", outside, "text/plain")}
    assert sqlite_client.post("/api/search/image", files=files).status_code == 200


def test_a_file_that_is_too_large_is_413(serve, outside):
    client = serve(upload_bytes=len(outside) - 1)
    assert "MB" in error(upload(client, outside), 413, "too_large")
    assert "MB" in error(upload(client, outside + b"0" * 200_000), 413, "too_large")


def test_a_body_without_a_length_is_bounded_too(serve, outside):
    client = serve(upload_bytes=1000)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'

    def pieces():
        yield head
        for _ in range(1000):
            yield outside[:1000]

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = client.post("/api/search/image", content=pieces(), headers=headers)
    error(answer, 413, "too_large")


def test_a_picture_of_too_many_pixels_is_413_before_it_is_decoded(serve):
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000
    answer = upload(serve(), bomb.getvalue())
    assert "20000 x 20000" in error(answer, 413, "too_large")
    small = io.BytesIO()
    Image.new("L", (100, 100)).save(small, "PNG")
    assert upload(serve(upload_pixels=10_000), small.getvalue()).status_code == 200
    error(upload(serve(upload_pixels=9_999), small.getvalue()), 413, "too_large")


def test_an_upload_is_not_written_anywhere(sqlite_client, outside, monkeypatch):
    large = outside + b"\0" * 3_000_000  # more than forms usually keep in memory

    def refuse(*_, **__):
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    assert upload(sqlite_client, large).status_code == 200


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {"file": "x"}},
        {"content": b"x", "headers": {"content-type": "multipart/form-data"}},
        {"content": b"x", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"data": {"file": "text"}, "files": {"other": b""}},
        {"files": [("file", b"a"), ("file", b"b")]},
        {"files": {"file": b"x"}, "data": {"limit": "many"}},
        {"files": {"file": b"x"}, "data": {"limit": "٣"}},
        {"files": {"file": b"x"}, "data": {"offset": "-1"}},
    ],
)
def test_forms_of_the_wrong_shape_are_422(sqlite_client, request_):
    error(sqlite_client.post("/api/search/image", **request_), 422, "wrong_shape")


def test_upload_and_words_together_count_both(client, outside):
    alone = upload(client, outside).json()["hits"]
    both = upload(client, outside, q="cat").json()
    assert both["hits"][0]["path"].endswith("chelsea.png")
    assert {"similar", "label"} & {r["kind"] for hit in both["hits"] for r in hit["reasons"]}
    assert [hit["id"] for hit in alone] != [hit["id"] for hit in both["hits"]]


def test_a_turned_upload_is_seen_upright(sqlite_client, free_photos):
    (china,) = [photo for photo in free_photos if photo.name == "china.jpg"]
    exif, turned = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    picture = Image.open(china).transpose(Image.Transpose.ROTATE_90)
    picture.save(turned, "JPEG", exif=exif, quality=95)
    assert ImageOps.exif_transpose(Image.open(turned)).size == (640, 427)
    hits = upload(sqlite_client, turned.getvalue()).json()["hits"]
    assert hits[0]["path"].endswith("china.jpg")
