"""PNGs with damaged chunks are shown, cut ones as far as they go, in the colours they state."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from indexer.errors import Unreadable
from indexer.photos.decoding import decode, is_shown_by_browsers

Encode = Callable[..., bytes]
START = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, content: bytes, check: int | None = None) -> bytes:
    check = zlib.crc32(kind + content) if check is None else check
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def written(
    values: np.ndarray, colour: int, *chunks: bytes, depth: int = 8, level: int = 6
) -> bytes:
    """A PNG by hand: values of shape (height, width, channels), big-endian where 16 bits."""
    height, width = values.shape[:2]
    header = struct.pack(">2I5B", width, height, depth, colour, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(f">u{depth // 8}").tobytes() for row in values)
    parts = [chunk(b"IHDR", header), *chunks, chunk(b"IDAT", zlib.compress(rows, level))]
    return START + b"".join(parts) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def photo(china: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(china)).convert("RGB"))


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(decode(data, 1000).image)


@pytest.mark.parametrize(
    "damaged",
    [
        chunk(b"pHYs", b"123456789", 0),
        chunk(b"tEXt", b"no separator", 0),
        chunk(b"gAMA", b"\0\0\xb1\x8f", 1),
        chunk(b"iCCP", b"name\0\0not a profile", 2),
        chunk(b"iCCP", b"name\0\0not a profile"),  # its checksum is right
        chunk(b"eXIf", b"II*\0garbage"),
        chunk(b"tIME", b""),
        chunk(b"zTXt", b"key\0\0not packed"),
        chunk(b"abCd", b"unknown", 5),
        chunk(b"cHRM", b"\0" * 7),
        chunk(b"cHRM", struct.pack(">8I", *(31_270, 32_900) * 4)),  # no colours, but white
        chunk(b"tRNS", b"\0"),
        chunk(b"acTL", b"\0" * 3),
    ],
)
def test_damaged_ancillary_chunks_cost_nothing(photo: np.ndarray, damaged: bytes) -> None:
    decoded = decode(written(photo, 2, damaged), 1000)
    assert not decoded.damaged
    assert (np.asarray(decoded.image) == photo).all()


def test_damaged_chunks_behind_the_picture_cost_nothing(photo: np.ndarray) -> None:
    data = written(photo, 2)
    end = data.rindex(chunk(b"IEND", b""))
    for behind in (chunk(b"tEXt", b"x", 0), b"", b"\0\0\0\0", b"garbage behind the end"):
        assert not decode(data[:end] + behind, 1000).damaged
        assert (pixels(data[:end] + behind) == photo).all()


@pytest.mark.parametrize("interlaced", [False, True])
def test_the_part_that_is_there_is_read_and_called_damaged(
    photo: np.ndarray, encode: Encode, interlaced: bool
) -> None:
    data = interlaced_png(photo) if interlaced else written(photo, 2)
    decoded = decode(data[: len(data) * 8 // 10], 1000)
    assert decoded.damaged
    assert (decoded.width, decoded.height) == (640, 427)
    if not interlaced:
        assert (np.asarray(decoded.image)[:200] == photo[:200]).all()


def interlaced_png(values: np.ndarray) -> bytes:
    """Adam7: Pillow writes none."""
    rows = []
    for left, top, right, down in [
        *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
        *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
    ]:
        rows += [b"\0" + row.tobytes() for row in values[top::down, left::right]]
    header = struct.pack(">2I5B", values.shape[1], values.shape[0], 8, 2, 0, 0, 1)
    packed = zlib.compress(b"".join(rows))
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    return START + parts


def test_interlaced_pictures_are_read(photo: np.ndarray) -> None:
    assert (pixels(interlaced_png(photo)) == photo).all()


def test_under_half_of_a_picture_is_refused(photo: np.ndarray) -> None:
    data = written(photo, 2)
    with pytest.raises(Unreadable, match=r"cut short: only \d+% of the picture is there"):
        decode(data[: len(data) * 3 // 10], 1000)


def test_broken_data_ends_the_picture_there(photo: np.ndarray) -> None:
    data = bytearray(written(photo, 2))
    data[len(data) * 3 // 4] ^= 255
    decoded = decode(bytes(data), 1000)
    assert decoded.damaged
    assert (np.asarray(decoded.image)[:200] == photo[:200]).all()


def test_a_wrong_checksum_of_the_packed_data_costs_nothing(photo: np.ndarray) -> None:
    for picture in (photo, photo[:8, :8]):
        data = written(picture, 2)
        place = data.index(b"IDAT")
        packed = bytearray(data[place + 4 : -16])
        packed[-1] ^= 255
        decoded = decode(data[: place - 4] + chunk(b"IDAT", bytes(packed)), 1000)
        assert not decoded.damaged
        assert (np.asarray(decoded.image) == picture).all()


def test_zeros_of_a_file_that_was_not_written_to_the_end_are_not_shown(photo: np.ndarray) -> None:
    data = written(photo, 2)
    there = len(data) * 8 // 10
    zeros = bytes(len(data) - there)
    decoded, cut = decode(data[:there] + zeros, 1000), decode(data[:there], 1000)
    assert decoded.damaged
    assert (np.asarray(decoded.image)[:300] == np.asarray(cut.image)[:300]).all()
    with pytest.raises(Unreadable, match="cut short"):
        decode(data[: there // 4] + zeros, 1000)


def test_rows_of_no_filter_are_not_shown(photo: np.ndarray) -> None:
    rows = bytearray(b"".join(b"\0" + row.tobytes() for row in photo))
    rows[300 * (1 + 3 * 640)] = 9
    data = written(photo, 2)
    header = data[: data.index(b"IDAT") - 4]
    decoded = decode(header + chunk(b"IDAT", zlib.compress(bytes(rows))), 1000)
    assert decoded.damaged
    assert (np.asarray(decoded.image)[:300] == photo[:300]).all()


def test_orientation_counts_behind_the_picture_and_beside_damage(photo: np.ndarray) -> None:
    exif = Image.Exif()
    exif[0x112] = 6
    turned = chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    data = written(photo, 2)
    end = data.rindex(chunk(b"IEND", b""))
    before = written(photo, 2, turned)
    for file in (before, data[:end] + turned + data[end:], before[: len(before) * 8 // 10]):
        decoded = decode(file, 1000)
        assert (decoded.width, decoded.height) == decoded.image.size == (427, 640)
        assert not is_shown_by_browsers(io.BytesIO(file))


def test_the_form_of_ios_is_named(photo: np.ndarray) -> None:
    data = written(photo, 2)
    with pytest.raises(Unreadable, match="CgBI"):
        decode(START + chunk(b"CgBI", b"\x50\0\x20\x02") + data[8:], 1000)


DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


@pytest.mark.parametrize(
    ("colour", "depth"), [(colour, depth) for colour, depths in DEPTHS.items() for depth in depths]
)
@pytest.mark.parametrize("see_through", [False, True])
def test_every_kind_and_depth_shows_what_was_put_in(
    colour: int, depth: int, see_through: bool
) -> None:
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    values = np.random.default_rng(depth).integers(0, 2**depth, (24, 32, channels))
    palette = np.random.default_rng(1).integers(0, 256, (2**depth, 3)) if colour == 3 else None
    chunks = [] if palette is None else [chunk(b"PLTE", palette.astype(np.uint8).tobytes())]
    clear = np.zeros((24, 32), bool)
    if see_through and colour in (0, 2):
        one = values[3, 5]
        clear = (values == one).all(axis=-1)
        chunks.append(chunk(b"tRNS", one.astype(">u2").tobytes()))
    elif see_through and colour == 3:
        clear = values[..., 0] == 0
        chunks.append(chunk(b"tRNS", b"\0"))
    numbers = values.astype(np.uint16)
    bits = numbers[..., None] >> np.arange(depth)[::-1] & 1
    rows = np.packbits(bits.astype(np.uint8).reshape(24, -1), axis=1)
    header = struct.pack(">2I5B", 32, 24, depth, colour, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))
    data = b"".join([START, chunk(b"IHDR", header), *chunks, chunk(b"IDAT", packed)])

    shown = palette[values[..., 0]] if palette is not None else values * 255 / (2**depth - 1)
    if colour in (4, 6):
        opacity = shown[..., -1:] / 255
        shown = shown[..., :-1] * opacity + 255 * (1 - opacity)
    shown = np.broadcast_to(shown, (24, 32, 3)).copy()
    shown[clear] = 255
    picture = np.asarray(decode(data + chunk(b"IEND", b""), 1000).image, np.int16)
    assert np.abs(picture - shown).max() <= 2


def from_p3(values: np.ndarray) -> np.ndarray:
    """Display P3 in sRGB by its published matrix (CSS Color 4, sample code)."""
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    to_xyz = [
        [0.4865709486, 0.2656676932, 0.1982172852],
        [0.2289745641, 0.6917385218, 0.0792869141],
        [0.0, 0.0451133819, 1.0439443689],
    ]
    from_xyz = [
        [3.2409699419, -1.5373831776, -0.4986107603],
        [-0.9692436363, 1.8759675015, 0.0415550574],
        [0.0556300797, -0.2039769589, 1.0569715142],
    ]
    light = (linear @ np.array(to_xyz).T @ np.array(from_xyz).T).clip(0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


P3_POINTS = (31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000)


@pytest.fixture(scope="module")
def patches() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (16, 16, 3))


def test_colours_by_their_number(patches: np.ndarray) -> None:
    picture = pixels(written(patches, 2, chunk(b"cICP", bytes([12, 13, 0, 1])))).astype(np.int16)
    assert np.abs(picture - from_p3(patches / 255) * 255).max() <= 3


def test_colours_by_their_chromaticities(patches: np.ndarray) -> None:
    points = chunk(b"cHRM", struct.pack(">8I", *P3_POINTS))
    picture = pixels(written(patches, 2, points)).astype(np.int16)
    assert np.abs(picture - from_p3(patches / 255) * 255).max() <= 3


@pytest.mark.parametrize("gamma", [1.0, 1.8, 2.6])
def test_colours_by_their_gamma(patches: np.ndarray, gamma: float) -> None:
    data = written(patches, 2, chunk(b"gAMA", struct.pack(">I", round(100_000 / gamma))))
    light = (patches / 255) ** gamma
    shown = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    assert np.abs(pixels(data).astype(np.int16) - shown * 255).max() <= 3


def test_the_gamma_that_programs_write_for_srgb_changes_nothing(patches: np.ndarray) -> None:
    assert (pixels(written(patches, 2, chunk(b"gAMA", struct.pack(">I", 45_455)))) == patches).all()


def test_of_several_statements_the_most_exact_counts(patches: np.ndarray) -> None:
    linear = chunk(b"gAMA", struct.pack(">I", 100_000))
    assert (pixels(written(patches, 2, chunk(b"sRGB", b"\0"), linear)) == patches).all()
    assert (pixels(written(patches, 2, linear, chunk(b"cICP", b"\1\x0d\0\1"))) == patches).all()
