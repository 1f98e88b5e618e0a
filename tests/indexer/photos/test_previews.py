"""Previews that photos carry: found where they are good, upright and in their colours."""

import io
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.ExifTags import Base
from preview_samples import ANOTHER_ANGLE, FULL_HD, heic, jpeg, with_pictures

from indexer.errors import Unreadable
from indexer.photos.content import content_id
from indexer.photos.decoding import Decoded, decode, decode_preview
from indexer.photos.finding import Found
from indexer.photos.formats import endings_with_previews
from indexer.photos.previewing import IN_VAIN, VAIN_FOR_ONE, PreviewReader, Prospects
from indexer.photos.reading import Known

SIDE = 100
FACTS = ("width", "height", "format", "captured", "camera", "duration")


@pytest.fixture(scope="module")
def photo(china: bytes) -> Image.Image:
    """A photo of 1,000 x 667 pixels."""
    image = Image.open(io.BytesIO(china)).resize((1000, 667))
    image.info.clear()
    return image


@pytest.fixture(scope="module")
def small(photo: Image.Image) -> Image.Image:
    """The same of 400 x 267 pixels."""
    return photo.resize((400, 267))


def tell(**tags: object) -> bytes:
    exif = Image.Exif()
    for name, value in tags.items():
        exif[getattr(Base, name)] = value
    return exif.tobytes()


def both(data: bytes) -> tuple[Decoded, Decoded]:
    """Return what a preview and the whole file give; all facts are the same."""
    preview, whole = decode_preview(data, SIDE), decode(data, SIDE)
    assert preview is not None
    assert [getattr(preview, fact) for fact in FACTS] == [getattr(whole, fact) for fact in FACTS]
    return preview, whole


def assert_alike(one: Decoded, other: Decoded, most: float = 8.0) -> None:
    """The pictures look the same, and lie the same way."""
    size = (60, 60)
    pixels = [np.asarray(each.image.resize(size), np.float32) for each in (one, other)]
    assert (one.image.width > one.image.height) == (other.image.width > other.image.height)
    assert np.abs(pixels[0] - pixels[1]).mean() < most


def test_a_heic_is_previewed_by_its_thumbnail(photo):
    preview, whole = both(heic(photo, 320))
    assert max(preview.image.size) == 320
    assert_alike(preview, whole)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_heic_has_an_upright_preview(photo, orientation):
    preview, whole = both(heic(photo, 320, exif=tell(Orientation=orientation)))
    assert (whole.width > whole.height) == (orientation < 5)
    assert_alike(preview, whole)


@pytest.mark.parametrize("thumbnails", [(), (160,), (640,)])
def test_a_thumbnail_of_a_heic_is_neither_too_small_nor_too_large(photo, thumbnails):
    assert decode_preview(heic(photo, *thumbnails), SIDE) is None


def test_the_largest_of_several_thumbnails_is_taken(photo):
    preview, _ = both(heic(photo, 160, 320, 400))
    assert max(preview.image.size) == 400


def test_a_thumbnail_is_in_the_colours_of_its_picture(photo, real_photos):
    plain, _ = both(heic(photo, 320))
    data = heic(photo, 320)
    place = data.index(b"nclx") + 4
    assert data[place : place + 2] == b"\0\1"
    wide = data.replace(data[place - 8 : place + 2], data[place - 8 : place] + b"\0\x0c")
    preview, whole = both(wide)
    assert_alike(preview, whole)
    assert preview.colour != plain.colour


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_jpeg_is_previewed_by_the_large_picture_behind_it(photo, small, order):
    data = with_pictures(jpeg(photo), [(FULL_HD, jpeg(small))], order)
    preview, whole = both(data)
    assert preview.image.size == small.size
    assert_alike(preview, whole)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_preview_of_a_jpeg_lies_as_the_photo_does(photo, small, orientation):
    exif = tell(Orientation=orientation, Model="Camera", DateTime="2024:05:01 10:00:00")
    data = with_pictures(jpeg(photo, exif=exif), [(FULL_HD, jpeg(small))])
    preview, whole = both(data)
    assert preview.camera == "Camera"
    assert_alike(preview, whole)


def test_a_preview_of_a_jpeg_is_in_the_colours_of_the_photo(photo, small):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tmp_").replace(b"gXYZ", b"rXYZ").replace(b"tmp_", b"gXYZ")
    data = with_pictures(jpeg(photo, icc_profile=swapped), [(FULL_HD, jpeg(small))])
    preview, whole = both(data)
    assert_alike(preview, whole)
    plain, _ = both(with_pictures(jpeg(photo), [(FULL_HD, jpeg(small))]))
    assert preview.image.tobytes() != plain.image.tobytes()


def test_the_smallest_good_preview_of_a_jpeg_is_taken(photo, small):
    tiny, smaller = photo.resize((160, 107)), photo.resize((330, 220))
    pictures = [(FULL_HD, jpeg(one)) for one in (small, tiny, smaller)]
    preview, _ = both(with_pictures(jpeg(photo), pictures))
    assert preview.image.size == smaller.size


def no_preview(photo: Image.Image, small: Image.Image) -> dict[str, bytes]:
    with_bars = Image.new("RGB", (400, 300))
    with_bars.paste(small, (0, 16))
    exif = Image.Exif()
    exif[Base.Model] = "Camera"
    return {
        "none": jpeg(photo),
        "160 pixels": with_pictures(jpeg(photo), [(FULL_HD, jpeg(photo.resize((160, 107))))]),
        "little less": with_pictures(jpeg(photo), [(FULL_HD, jpeg(photo.resize((900, 600))))]),
        "black bars": with_pictures(jpeg(photo), [(FULL_HD, jpeg(with_bars))]),
        "another view": with_pictures(jpeg(photo), [(ANOTHER_ANGLE, jpeg(small))]),
    }


@pytest.mark.parametrize(
    "case", ["none", "160 pixels", "little less", "black bars", "another view"]
)
def test_what_is_no_good_preview_of_a_jpeg_is_left_alone(photo, small, case):
    assert decode_preview(no_preview(photo, small)[case], SIDE) is None


def test_a_list_of_pictures_that_is_damaged_gives_no_picture(photo, small):
    data = with_pictures(jpeg(photo), [(FULL_HD, jpeg(small))])
    start = data.index(b"MPF\0") + 4
    for place in range(start, start + 90, 2):
        try:
            found = decode_preview(data[:place] + b"\xff" + data[place + 1 :], SIDE)
        except Unreadable:
            continue
        assert found is None or found.image.size == small.size


def test_formats_without_previews_give_none(real_photos):
    for name, data in real_photos.items():
        if not name.endswith((".jpg", ".jpeg", ".heic")):
            assert decode_preview(data, SIDE) is None


def test_endings_are_left_alone_once_they_prove_to_have_none():
    prospects = Prospects()
    assert ".heic" in endings_with_previews() and ".mp4" not in endings_with_previews()
    assert prospects.are_good("/a/b.HEIC") and not prospects.are_good("/a/b.png")
    for _ in range(IN_VAIN):
        assert prospects.are_good("/a/b.jpg")
        prospects.learn("/a/b.jpg", False)
    assert not prospects.are_good("/a/c.jpg") and prospects.are_good("/a/c.heic")
    prospects.learn("/a/d.jpg", True)  # it was on its way
    for _ in range(VAIN_FOR_ONE):
        assert prospects.are_good("/a/c.jpg")
        prospects.learn("/a/c.jpg", False)
    assert not prospects.are_good("/a/c.jpg")


def test_a_damaged_heic_gives_no_preview_or_a_reason(photo):
    data = heic(photo, 320)
    for place in range(0, data.index(b"mdat"), 17):
        with suppress(Unreadable):
            decode_preview(data[:place] + b"\xff" + data[place + 1 :], SIDE)


def test_files_of_known_photos_are_read_in_vain(small, tmp_path):
    path = tmp_path / "a.heic"
    path.write_bytes(heic(small))
    found = Found(str(path), 1, 1)
    known = {content_id(path.read_bytes())}
    reader = PreviewReader(lambda image: np.asarray(image)[None], SIDE, known, 1)
    for _ in range(IN_VAIN):
        assert reader.is_worth(found)
        assert isinstance(reader.read(found), Known)
    assert not reader.is_worth(found)
