"""BMPs show what was put in, whatever bits their fields have."""

import io
import struct

import numpy as np
import pytest
from PIL import Image
from wide_colours import display_p3

from indexer.errors import Unreadable
from indexer.photos.decoding import decode

MASKS = {
    "565": (16, (0xF800, 0x07E0, 0x001F, 0)),
    "555": (16, (0x7C00, 0x03E0, 0x001F, 0)),
    "1555": (16, (0x7C00, 0x03E0, 0x001F, 0x8000)),
    "4444": (16, (0x0F00, 0x00F0, 0x000F, 0xF000)),
    "565 reversed": (16, (0x001F, 0x07E0, 0xF800, 0)),
    "332": (16, (0xE0, 0x1C, 0x03, 0)),
    "888": (32, (0xFF0000, 0xFF00, 0xFF, 0)),
    "8888": (32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
    "888 reversed": (32, (0xFF, 0xFF00, 0xFF0000, 0)),
    "10 10 10": (32, (0x3FF00000, 0x000FFC00, 0x000003FF, 0)),
    "2 10 10 10": (32, (0x3FF00000, 0x000FFC00, 0x000003FF, 0xC0000000)),
    "only green": (32, (0, 0xFF00, 0, 0)),
}


def written(
    numbers: np.ndarray, bits: int, masks: tuple[int, ...], header: int = 124, down: bool = False
) -> bytes:
    height, width = numbers.shape
    stride = (width * bits + 31) // 32 * 4
    rows = numbers if down else numbers[::-1]
    body = b"".join(row.astype(f"<u{bits // 8}").tobytes().ljust(stride, b"\0") for row in rows)
    info = struct.pack(
        "<I2i2H6I", header, width, -height if down else height, 1, bits, 3, len(body), 0, 0, 0, 0
    )
    info += struct.pack("<4I", *masks)[: 12 if header < 56 else 16]
    info = info.ljust(max(header, len(info)), b"\0")
    start = 14 + len(info)
    return b"BM" + struct.pack("<I2HI", start + len(body), 0, 0, start) + info + body


def shown(numbers: np.ndarray, masks: tuple[int, ...]) -> np.ndarray:
    channels = []
    for mask in masks:
        shift = (mask & -mask).bit_length() - 1 if mask else 0
        channels.append((numbers & mask) >> shift)
        channels[-1] = channels[-1] * 255 / (mask >> shift) if mask else channels[-1] * 0
    rgb = np.stack(channels[:3], -1)
    opacity = channels[3][..., None] / 255 if masks[3] else 1
    return rgb * opacity + 255 * (1 - opacity)


@pytest.mark.parametrize("name", MASKS)
@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("header", [40, 56, 108, 124])
def test_bit_fields(name: str, header: int, down: bool) -> None:
    bits, masks = MASKS[name]
    masks = masks if header >= 56 else (*masks[:3], 0)
    numbers = np.random.default_rng(2).integers(0, 2**bits, (13, 21), np.uint64)
    picture = decode(written(numbers, bits, masks, header, down), 1000)
    assert (picture.width, picture.height) == (21, 13)
    assert np.abs(np.asarray(picture.image) - shown(numbers, masks)).max() <= 1.01


def test_transparency_that_was_left_at_zero_is_none() -> None:
    numbers = np.random.default_rng(2).integers(0, 2**24, (13, 21), np.uint64)
    masks = MASKS["8888"][1]
    picture = decode(written(numbers, 32, masks), 1000)
    assert np.abs(np.asarray(picture.image) - shown(numbers, (*masks[:3], 0))).max() <= 1


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.95])
def test_cut_files_are_refused(share: float) -> None:
    bits, masks = MASKS["565"]
    data = written(np.zeros((50, 50), np.uint16), bits, masks)
    with pytest.raises(Unreadable, match="cannot be read as bmp"):
        decode(data[: int(len(data) * share)], 1000)


def test_runs_may_end_before_the_last_row() -> None:
    palette = bytes((255, 255, 255, 0)) + bytes((0, 0, 255, 0)) + bytes(4 * 254)
    runs = b"\x20\1\0\0" * 20 + b"\0\1"  # of 600 rows, of which the lowest comes first
    info = struct.pack("<I2i2H6I", 40, 32, 600, 1, 8, 1, len(runs), 0, 0, 256, 0)
    start = 14 + len(info) + len(palette)
    data = b"BM" + struct.pack("<3I", start + len(runs), 0, start) + info + palette + runs
    picture = np.asarray(decode(data, 1000).image)
    assert (picture[580:] == (255, 0, 0)).all()
    assert (picture[:580] == 255).all()


@pytest.mark.parametrize("compression", [0, 3])
def test_the_profile_of_a_v5_header(compression: int) -> None:
    values = np.random.default_rng(4).integers(0, 256, (8, 8, 4), np.uint8)
    values[..., 3] = 255
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    pixels, profile = values[::-1, :, [2, 1, 0, 3]].tobytes(), display_p3()
    info = struct.pack("<I2i2H6I", 124, 8, 8, 1, 32, compression, len(pixels), 0, 0, 0, 0)
    info += masks + b"DEBM" + bytes(48) + struct.pack("<4I", 4, 124 + 256, len(profile), 0)
    data = b"BM" + struct.pack("<3I", 0, 0, 14 + 124) + info + pixels + profile
    same = io.BytesIO()
    Image.fromarray(values[..., :3]).save(same, "PNG", icc_profile=profile)
    expected = np.asarray(decode(same.getvalue(), 1000).image, np.int16)
    assert np.abs(np.asarray(decode(data, 1000).image, np.int16) - expected).max() <= 1
