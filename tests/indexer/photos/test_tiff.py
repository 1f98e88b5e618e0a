"""TIFFs of every depth, kind, layout and compression show what was put in, or are refused."""

import io
import itertools
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
import tifffile
from PIL import Image

from indexer.errors import Unreadable
from indexer.photos.decoding import decode

HEIGHT, WIDTH = 48, 80
DEPTHS = ["uint8", "uint16", "uint32", "int8", "int16", "int32", "float16", "float32", "float64"]
KINDS = {
    "black is zero": {"photometric": "minisblack"},
    "white is zero": {"photometric": "miniswhite"},
    "RGB": {"photometric": "rgb"},
    "RGB in planes": {"photometric": "rgb", "planarconfig": "separate"},
    "RGBA": {"photometric": "rgb", "extrasamples": ["unassalpha"]},
    "multiplied RGBA": {"photometric": "rgb", "extrasamples": ["assocalpha"]},
    "CMYK": {"photometric": "separated"},
    "CMYK in planes": {"photometric": "separated", "planarconfig": "separate"},
}
COMPRESSIONS = [None, "lzw", "deflate", "packbits", "zstd"]


def colours() -> np.ndarray:
    """Red rises to the right, green downwards, blue in squares; 0 to 1."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.stack([x / (WIDTH - 1), y / (HEIGHT - 1), (x // 10 + y // 8) % 2], -1)


def grey() -> np.ndarray:
    return colours()[..., 0] * 0.6 + colours()[..., 1] * 0.4


def alpha() -> np.ndarray:
    return colours()[..., :1]


def samples(kind: str) -> np.ndarray:
    """What a file of that kind holds, 0 to 1."""
    match kind:
        case "black is zero":
            return grey()
        case "white is zero":
            return 1 - grey()
        case "RGBA":
            return np.concatenate([colours(), alpha()], -1)
        case "multiplied RGBA":
            return np.concatenate([colours() * alpha(), alpha()], -1)
        case "CMYK" | "CMYK in planes":
            return np.concatenate([1 - colours(), np.zeros((HEIGHT, WIDTH, 1))], -1)
    return colours()


def shown(kind: str) -> np.ndarray:
    """What a viewer shows, 0 to 255."""
    picture = colours()
    if kind.endswith("is zero"):
        picture = np.repeat(grey()[..., None], 3, -1)
    if kind.endswith("RGBA"):
        picture = picture * alpha() + 1 - alpha()
    return np.asarray(picture * 255 + 0.5, np.int16)


def in_depth(values: np.ndarray, depth: str) -> np.ndarray:
    if depth.startswith("float"):
        return values.astype(depth)
    low, high = float(np.iinfo(depth).min), float(np.iinfo(depth).max)
    return np.round(values * (high - low) + low).clip(low, high).astype(depth)


def layouts(depth: str) -> Iterator[dict]:
    for compression, order, tile in itertools.product(COMPRESSIONS, "<>", [None, (16, 16)]):
        for predictor in (False, True):
            if not predictor or compression in ("lzw", "deflate", "zstd"):
                yield {
                    "compression": compression,
                    "byteorder": order,
                    "tile": tile,
                    "predictor": predictor,
                }


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_layout_shows_what_was_put_in(kind: str, depth: str) -> None:
    values = in_depth(samples(kind), depth)
    if "planes" in kind:
        values = np.ascontiguousarray(values.transpose(2, 0, 1))
    expected = shown(kind)
    for layout in layouts(depth):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = written(values, **KINDS[kind], **layout)
        picture = np.asarray(decode(data, 10_000).image, np.int16)
        assert picture.shape == expected.shape, layout
        assert np.abs(picture - expected).max() <= 3, layout


def written(values: np.ndarray, **options: object) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, values, **options)
    return file.getvalue()


@pytest.mark.parametrize("bits", [2, 4, 10, 12, 14])
@pytest.mark.parametrize("white_is_zero", [False, True])
def test_depths_between(bits: int, white_is_zero: bool) -> None:
    most = 2**bits - 1
    values = np.round((1 - grey() if white_is_zero else grey()) * most)
    photometric = "miniswhite" if white_is_zero else "minisblack"
    type_ = np.uint8 if bits <= 8 else np.uint16
    data = packed(values.astype(type_), bits, photometric)
    picture = np.asarray(decode(data, 10_000).image, np.int16)
    assert np.abs(picture[..., 0] - grey() * 255).max() <= 255 / most / 2 + 2


def packed(values: np.ndarray, bits: int, photometric: str) -> bytes:
    """A TIFF by hand, as tifffile writes no such depths: each row ends at a whole byte."""
    numbers = values.astype(np.uint16)[..., None] >> np.arange(bits)[::-1] & 1
    rows = np.packbits(numbers.astype(np.uint8).reshape(HEIGHT, -1), axis=1)
    tags = {256: WIDTH, 257: HEIGHT, 258: bits, 259: 1, 262: int(photometric == "minisblack")}
    tags |= {273: 200, 277: 1, 278: HEIGHT, 279: rows.size}
    entries = b"".join(
        tag.to_bytes(2, "little") + b"\4\0\1\0\0\0" + number.to_bytes(4, "little")
        for tag, number in tags.items()
    )
    head = b"II*\0\x08\0\0\0" + len(tags).to_bytes(2, "little") + entries + bytes(4)
    return head.ljust(200, b"\0") + rows.tobytes()


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt"])
@pytest.mark.parametrize("white_is_zero", [False, True])
def test_faxes(compression: str, white_is_zero: bool) -> None:
    page = Image.fromarray(grey() > 0.5)
    file = io.BytesIO()
    options = {"tiffinfo": {262: 0}} if white_is_zero else {}
    page.save(file, "TIFF", compression=compression, **options)
    assert (np.asarray(decode(file.getvalue(), 1000).image)[..., 0] > 127).tolist() == (
        grey() > 0.5
    ).tolist()


def test_palettes_of_16_bits() -> None:
    indices = (grey() * 999).astype(np.uint16)
    colours = np.random.default_rng(1).integers(0, 65_536, (3, 65_536), np.uint16)
    data = written(indices, photometric="palette", colormap=colours)
    picture = np.asarray(decode(data, 1000).image, np.int16)
    assert np.abs(picture - colours[:, indices].transpose(1, 2, 0) // 257).max() <= 1


def test_what_is_not_supported_is_named() -> None:
    lab = np.zeros((HEIGHT, WIDTH, 3), np.uint16)
    with pytest.raises(Unreadable, match="CIELAB of 16 bits is not supported"):
        decode(written(lab, photometric="cielab"), 224)


@pytest.mark.parametrize("depth", ["uint8", "uint16"])
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_at_every_depth(orientation: int, big: bool, depth: str) -> None:
    values = in_depth(colours(), depth)
    tag = (274, 3, 1, orientation, True)
    data = written(values, photometric="rgb", bigtiff=big, extratags=[tag])
    decoded = decode(data, 1000)
    turned = {6: Image.Transpose.ROTATE_270, 8: Image.Transpose.ROTATE_90}
    turned |= {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180}
    turned |= {4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE}
    turned |= {7: Image.Transpose.TRANSVERSE}
    expected = Image.fromarray(shown("RGB").astype(np.uint8))
    if orientation != 1:
        expected = expected.transpose(turned[orientation])
    assert decoded.image.size == expected.size == (decoded.width, decoded.height)
    assert np.abs(np.asarray(decoded.image, np.int16) - np.asarray(expected)).max() <= 1


def pages(*pictures: tuple[np.ndarray, dict]) -> bytes:
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        for values, options in pictures:
            writer.write(values, photometric="rgb", metadata=None, **options)
    return file.getvalue()


@pytest.mark.parametrize("depth", ["uint8", "uint16"])
def test_a_page_that_shows_something_in_full_size_counts(depth: str) -> None:
    picture = in_depth(colours(), depth)
    blank, small = np.full_like(picture, np.iinfo(depth).max), picture[::4, ::4]
    for before in ([(small, {"subfiletype": 1})], [(small, {})], [(blank, {})], []):
        decoded = decode(pages(*before, (picture, {}), (blank, {})), 1000)
        assert (decoded.width, decoded.height) == (WIDTH, HEIGHT)
        assert np.abs(np.asarray(decoded.image, np.int16) - shown("RGB")).max() <= 3


def test_a_page_marked_as_reduced_is_passed_over_whatever_its_size() -> None:
    picture = in_depth(colours(), "uint8")
    decoded = decode(pages((picture[::-1], {"subfiletype": 1}), (picture, {})), 1000)
    assert np.abs(np.asarray(decoded.image, np.int16) - shown("RGB")).max() <= 3


@pytest.mark.parametrize("depth", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("compression", [None, "lzw", "deflate"])
def test_a_cut_file_is_refused(depth: str, compression: str | None) -> None:
    data = written(in_depth(colours(), depth), photometric="rgb", compression=compression)
    for share in (0.3, 0.6, 0.9):
        with pytest.raises(Unreadable):
            decode(data[: int(len(data) * share)], 1000)


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("kind", ["unassalpha", "assocalpha"])
@pytest.mark.parametrize("photometric", ["rgb", "minisblack"])
def test_alpha_in_every_layout(photometric: str, kind: str, planar: str) -> None:
    seen = colours() if photometric == "rgb" else grey()[..., None]
    values = np.concatenate(
        [seen * (0.5 if kind == "assocalpha" else 1), seen[..., :1] * 0 + 0.5], 2
    )
    values = values if planar == "contig" else values.transpose(2, 0, 1)
    options = {"photometric": photometric, "extrasamples": [kind], "planarconfig": planar}
    data = written((values * 255).round().astype(np.uint8), **options)
    picture = np.asarray(decode(data, 1000).image, np.int16)
    assert np.abs(picture - (seen * 0.5 + 0.5) * 255).max() <= 3


def test_what_was_not_measured_has_no_part_in_the_range() -> None:
    heights = (200 + 300 * grey()).astype(np.float32)
    heights[:4, :4] = -9999
    data = written(heights, photometric="minisblack", extratags=[(42113, 2, 0, "-9999", True)])
    picture = np.asarray(decode(data, 1000).image, np.int16)[..., 0]
    shown = (heights - heights[4:].min()) / (heights.max() - heights[4:].min()) * 255
    assert np.abs(picture[4:] - shown[4:]).max() <= 1


def test_complex_numbers_are_shown_by_their_size() -> None:
    data = written((grey() * 1j).astype(np.complex64), photometric="minisblack")
    assert np.abs(np.asarray(decode(data, 1000).image)[..., 0] - grey() * 255).max() <= 1


def test_more_samples_than_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(colours(), photometric="rgb", compression="deflate")
    monkeypatch.setattr("indexer.photos.formats.tiff.MOST_BYTES", 24 * HEIGHT * WIDTH - 1)
    with pytest.raises(Unreadable, match="bytes of samples are over the limit"):
        decode(data, 1000)
