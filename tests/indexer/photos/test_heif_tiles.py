"""HEIC at a part of its size through FFmpeg: the same picture as libde265 gives, or left to it."""

import io
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from surroundings import ROOT, missing

from indexer.errors import Unreadable
from indexer.photos.decoding import RESERVE, Decoded, decode
from indexer.photos.formats import heif
from indexer.photos.formats.heif_items import CodedTiles, coded_tiles
from indexer.photos.formats.heif_tiles import decode_smaller

SIDE = 30
FACTS = ("width", "height", "format", "captured", "camera", "damaged", "duration")

Ways = Callable[..., tuple[Decoded, Decoded]]


def heic(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, **{"quality": 90, **options})
    return file.getvalue()


def deep(image: Image.Image, bits: int, **options: object) -> bytes:
    numbers = np.asarray(image).astype(np.uint16) * 257
    file = io.BytesIO()
    coded = pillow_heif.from_bytes("RGB;16", image.size, numbers.tobytes())
    coded.save(file, quality=90, bit_depth=bits, **options)
    return file.getvalue()


@pytest.fixture(scope="session")
def photo(china: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(china)).resize((300, 200))
    image.info.clear()  # a profile, without which colours are written as numbers
    return image


@pytest.fixture
def by_tiles(monkeypatch: pytest.MonkeyPatch) -> list[Image.Image]:
    """The pictures that are decoded through FFmpeg."""
    pictures: list[Image.Image] = []

    def noted(*arguments: object) -> Image.Image:
        pictures.append(decode_smaller(*arguments))
        return pictures[-1]

    monkeypatch.setattr(heif, "decode_smaller", noted)
    return pictures


@pytest.fixture
def both_ways(by_tiles: list[Image.Image], monkeypatch: pytest.MonkeyPatch) -> Ways:
    """Decode through FFmpeg and, as was always done, through libde265."""

    def decode_(data: bytes, side: int = SIDE) -> tuple[Decoded, Decoded]:
        new = decode(data, side)
        with monkeypatch.context() as patch:
            patch.setattr(heif, "decode_smaller", None)
            return new, decode(data, side)

    return decode_


def assert_same(new: Decoded, old: Decoded, most: float = 1.0) -> None:
    """The mean difference is at most that many of 255 levels; all else is equal."""
    assert [getattr(new, fact) for fact in FACTS] == [getattr(old, fact) for fact in FACTS]
    assert new.image.size == old.image.size
    difference = np.asarray(new.image, np.float32) - np.asarray(old.image, np.float32)
    assert np.abs(difference).mean() < most
    assert np.abs(difference.mean(axis=(0, 1))).max() < most


@pytest.mark.parametrize("tile", [0, 64, 96])
@pytest.mark.parametrize("size", [(300, 200), (301, 203), (190, 255), (242, 120)])
def test_the_picture_of_every_size(
    photo: Image.Image,
    both_ways: Ways,
    by_tiles: list[Image.Image],
    size: tuple[int, int],
    tile: int,
) -> None:
    new, old = both_ways(heic(photo.resize(size), tile_size=tile))
    assert by_tiles
    assert_same(new, old)


@pytest.mark.parametrize("side", [17, 20, 25, 33, 50])
def test_the_picture_at_every_part_of_its_size(
    photo: Image.Image, both_ways: Ways, by_tiles: list[Image.Image], side: int
) -> None:
    new, old = both_ways(heic(photo, tile_size=64), side)
    factor = min(photo.size) // (RESERVE * side)
    assert by_tiles[0].size == tuple(-(-length // factor) for length in photo.size)
    assert_same(new, old)


@pytest.mark.parametrize("tile", [0, 64])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright(
    photo: Image.Image, both_ways: Ways, by_tiles: list[Image.Image], orientation: int, tile: int
) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = orientation, "Maker", "2024:05:01 12:00:00"
    turned = photo.resize((251, 187))
    turned.info["exif"] = exif.tobytes()
    new, old = both_ways(heic(turned, tile_size=tile))
    assert by_tiles
    assert (new.camera, new.captured) == ("Maker", "2024-05-01T12:00:00")
    assert_same(new, old)


@pytest.mark.parametrize("tile", [0, 64])
@pytest.mark.parametrize("full", [0, 1])
@pytest.mark.parametrize("matrix", [1, 2, 5, 6, 9])
def test_colours_by_their_numbers(
    photo: Image.Image,
    both_ways: Ways,
    by_tiles: list[Image.Image],
    matrix: int,
    full: int,
    tile: int,
) -> None:
    """Display P3 with each matrix; libheif itself rounds what has not the full range."""
    data = heic(
        photo,
        tile_size=tile,
        color_primaries=12,
        transfer_characteristics=13,
        matrix_coefficients=matrix,
        full_range_flag=full,
    )
    new, old = both_ways(data)
    assert by_tiles
    assert_same(new, old)


@pytest.mark.parametrize("tile", [0, 64])
def test_colours_that_only_the_tiles_tell(
    photo: Image.Image, both_ways: Ways, by_tiles: list[Image.Image], tile: int
) -> None:
    new, old = both_ways(heic(photo, tile_size=tile, save_nclx_profile=False))
    assert by_tiles
    assert_same(new, old)


@pytest.mark.parametrize("tile", [0, 64])
def test_ten_bits(
    photo: Image.Image, both_ways: Ways, by_tiles: list[Image.Image], tile: int
) -> None:
    new, old = both_ways(deep(photo, 10, tile_size=tile))
    assert by_tiles
    assert_same(new, old)


def test_a_profile_counts_as_before(
    photo: Image.Image, both_ways: Ways, by_tiles: list[Image.Image]
) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    new, old = both_ways(heic(photo, tile_size=64, icc_profile=profile))
    assert by_tiles
    assert_same(new, old)


def two_pictures(photo: Image.Image) -> bytes:
    file = io.BytesIO()
    both = pillow_heif.from_pillow(photo)
    both.add_from_pillow(photo.rotate(180))
    both.save(file)
    return file.getvalue()


def with_alpha(photo: Image.Image) -> bytes:
    seen = photo.convert("RGBA")
    seen.putalpha(photo.convert("L"))
    return heic(seen)


OTHERS: dict[str, Callable[[Image.Image], bytes]] = {
    "4:4:4": lambda photo: heic(photo, subsampling="4:4:4", tile_size=64),
    "4:2:2": lambda photo: heic(photo, subsampling="4:2:2", tile_size=64),
    "grey": lambda photo: heic(photo.convert("L"), tile_size=64),
    "12 bits": lambda photo: deep(photo, 12),
    "transparency": with_alpha,
    "two pictures": two_pictures,
    "YCgCo": lambda photo: heic(photo, matrix_coefficients=8, full_range_flag=1),
    "GBR": lambda photo: heic(photo, matrix_coefficients=0, full_range_flag=1),
    "another property": lambda photo: heic(photo, tile_size=64).replace(b"pixi", b"udes"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_unusual_is_left_to_libde265(
    photo: Image.Image, both_ways: Ways, by_tiles: list[Image.Image], kind: str
) -> None:
    new, old = both_ways(OTHERS[kind](photo))
    assert not by_tiles
    assert np.array_equal(np.asarray(new.image), np.asarray(old.image))
    assert_same(new, old)


def test_nothing_is_left_out_where_more_than_half_the_size_is_wanted(
    photo: Image.Image, both_ways: Ways, by_tiles: list[Image.Image]
) -> None:
    new, old = both_ways(heic(photo, tile_size=64), 51)
    assert not by_tiles
    assert new.image.size == old.image.size == photo.size


def test_without_the_extra(
    photo: Image.Image,
    both_ways: Ways,
    by_tiles: list[Image.Image],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    new, old = both_ways(heic(photo, tile_size=64))
    assert not by_tiles
    assert np.array_equal(np.asarray(new.image), np.asarray(old.image))


def cropped(data: bytes, aperture: tuple[int, ...]) -> bytes:
    """A picture with an odd side, to which libheif wrote how it is cropped, cropped further."""
    at = data.index(b"clap") + 4
    return data[:at] + b"".join(n.to_bytes(4, signed=True) for n in aperture) + data[at + 32 :]


# Width, height, and how far right and down their middle is, as numerators and denominators.
APERTURES = {
    "even": (200, 1, 150, 1, -10, 1, 4, 1),
    "odd": (199, 1, 151, 1, 3, 2, -5, 2),
    "in other fractions": (600, 3, 300, 2, 20, 2, 8, 4),
}


@pytest.mark.parametrize("name", APERTURES)
def test_a_part_of_what_is_coded(
    photo: Image.Image, both_ways: Ways, by_tiles: list[Image.Image], name: str
) -> None:
    new, old = both_ways(cropped(heic(photo.resize((301, 201))), APERTURES[name]))
    assert by_tiles
    assert_same(new, old)


@pytest.mark.parametrize("aperture", [
    (200, 1, 150, 1, 1, 3, 0, 1), (200, 1, 150, 1, 80, 1, 0, 1), (200, 0, 150, 1, 0, 1, 0, 1),
])  # fmt: skip
def test_a_part_that_is_none_is_left_to_libde265(
    photo: Image.Image, by_tiles: list[Image.Image], aperture: tuple[int, ...]
) -> None:
    survives(cropped(heic(photo.resize((301, 201))), aperture))
    assert not by_tiles


@pytest.fixture(scope="session")
def grid(photo: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    return heic(photo, tile_size=64, exif=exif.tobytes())


def test_the_tiles_of_a_grid(grid: bytes, photo: Image.Image) -> None:
    coded = coded_tiles(grid)
    assert (coded.size, coded.tile_size, coded.columns) == (photo.size, (64, 64), 5)
    assert len(coded.tiles) == len([*coded.contents()]) == 20
    assert coded.colours == (6, True)


def test_a_picture_without_a_grid_is_one_tile(photo: Image.Image) -> None:
    coded: CodedTiles = coded_tiles(heic(photo))
    assert (coded.size, coded.tile_size, len(coded.tiles)) == (photo.size, photo.size, 1)
    assert coded.colours == (6, True)


def replaced(data: bytes, name: bytes, place: int, byte: int) -> bytes:
    """The file with another byte, so far behind these bytes."""
    at = data.index(name) + len(name) + place
    return data[:at] + bytes([byte]) + data[at + 1 :]


@pytest.mark.parametrize(("name", "place", "byte"), [
    (b"idat", 2, 9),  # rows of the grid
    (b"idat", 3, 200),  # columns
    (b"idat", 4, 200),  # width
    (b"iloc", 4, 0),  # bytes of a place
    (b"iloc", 6, 255),  # number of items
    (b"dimg", 0, 77),  # of what the grid is made
    (b"ispe" + bytes(7), 0, 255),  # width of the tiles
])  # fmt: skip
def test_tables_that_contradict_each_other(grid: bytes, name: bytes, place: int, byte: int) -> None:
    with pytest.raises((LookupError, ValueError)):
        coded_tiles(replaced(grid, name, place, byte))


def test_an_item_beyond_the_end_of_the_file(grid: bytes) -> None:
    end = coded_tiles(grid).tiles[-1][-1][2]
    coded = coded_tiles(grid[: end - 1])
    with pytest.raises(ValueError, match="beyond the end"):
        list(coded.contents())


@pytest.mark.parametrize(("tile", "number"), [(0, 0), (128, 0), (128, 1), (128, 5)])
def test_a_tile_that_ends_early_is_left_to_libde265(
    photo: Image.Image, by_tiles: list[Image.Image], tile: int, number: int
) -> None:
    data = heic(photo, tile_size=tile)
    ((_, begin, end),) = coded_tiles(data).tiles[number]
    half = (end - begin) // 2
    survives(data[: end - half] + b"\xff" * half + data[end:])
    assert not by_tiles


def survives(data: bytes) -> None:
    """Decode `data`; only `Unreadable` may come out."""
    try:
        decoded = decode(data, SIDE, limit=1_000_000)
    except Unreadable:
        return
    assert decoded.image.mode == "RGB"
    assert min(decoded.image.size) >= min(RESERVE * SIDE, decoded.width, decoded.height)


bounded = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@given(data=st.data())
@bounded
def test_cut_files(grid: bytes, data: st.DataObject) -> None:
    survives(grid[: data.draw(st.integers(0, len(grid) - 1))])


@given(data=st.data())
@bounded
def test_files_with_wrong_bits(grid: bytes, data: st.DataObject) -> None:
    damaged = bytearray(grid)
    head = grid.index(b"mdat")
    where = st.one_of(st.integers(0, head), st.integers(0, len(damaged) - 1))
    for place, bit in data.draw(
        st.lists(st.tuples(where, st.integers(0, 7)), min_size=1, max_size=4)
    ):
        damaged[place] ^= 1 << bit
    survives(bytes(damaged))


def test_nothing_is_printed(grid: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    middle = grid.index(b"mdat") + 2000
    survives(grid[:middle] + bytes(200) + grid[middle + 200 :])
    assert capfd.readouterr() == ("", "")


@pytest.fixture(params=["iphone.heic", "galaxy.heic"])
def camera_file(request: pytest.FixtureRequest) -> Iterator[bytes]:
    """A photo of a phone, to be used in place."""
    path = ROOT.parent / "shared" / "camera" / request.param
    if not path.is_file():
        missing(f"../shared/camera/{request.param}")
    yield path.read_bytes()


def test_photos_of_phones(camera_file: bytes, both_ways: Ways, by_tiles: list[Image.Image]) -> None:
    new, old = both_ways(camera_file, 224)
    assert by_tiles
    assert_same(new, old, 0.4)
