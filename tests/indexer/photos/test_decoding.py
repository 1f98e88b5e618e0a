"""Every format and mode becomes the same upright RGB picture; every bad file has its reason."""

import hashlib
import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from film_samples import film
from PIL import Image, ImageCms, ImageOps
from raw_samples import dng

from indexer.errors import Unreadable
from indexer.photos.decoding import RESERVE, decode

Encode = Callable[..., bytes]
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF", "JPEG2000", "JXL"]


def picture() -> Image.Image:
    """96 x 64, orange, one corner blue: no two of its eight orientations look alike.

    Edges lie between the blocks of 16 x 16 pixels that JPEG, WebP and HEIC compress as one.
    """
    image = Image.new("RGB", (96, 64), (240, 120, 0))
    image.paste((0, 0, 240), (0, 0, 48, 32))
    return image


def assert_alike(one: Image.Image, other: Image.Image) -> None:
    """Compare block by block, as lossy formats differ in single pixels."""
    assert one.mode == other.mode == "RGB"
    assert one.size == other.size
    small = [np.asarray(image.reduce(16), np.int16) for image in (one, other)]
    assert np.abs(small[0] - small[1]).max() <= 24


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_gives_the_same_picture(encode: Encode, format: str) -> None:
    decoded = decode(encode(picture(), format), 224)
    assert_alike(decoded.image, picture())
    assert (decoded.width, decoded.height) == (96, 64)
    assert decoded.format == {"WEBP": "webp", "HEIF": "heif"}.get(format, format.lower())
    assert (decoded.captured, decoded.camera) == (None, None)


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "packbits", "jpeg"])
def test_compressed_tiff(encode: Encode, compression: str) -> None:
    data = encode(picture(), "TIFF", compression=compression)
    assert_alike(decode(data, 224).image, picture())


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "tiff_lzw", "HEIF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright_once(
    encode: Encode, format: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    expected = picture()
    expected.getexif()[0x0112] = orientation
    expected = ImageOps.exif_transpose(expected)
    options = {"compression": "tiff_lzw"} if format == "tiff_lzw" else {}
    data = encode(picture(), format.split("_")[0].upper(), exif=exif.tobytes(), **options)
    decoded = decode(data, 224)
    assert_alike(decoded.image, expected)
    assert (decoded.width, decoded.height) == expected.size


@pytest.mark.parametrize("side", [16, 100, 213, 214, 1000])
def test_large_photos_are_scaled_down_but_not_below_the_reserve(china: bytes, side: int) -> None:
    decoded = decode(china, side)
    assert (decoded.width, decoded.height) == (640, 427)
    assert min(427, RESERVE * side) <= min(decoded.image.size) < max(428, 2 * RESERVE * side)
    whole = decode(china, 1000)
    assert_alike_when_small(decoded.image, whole.image)


def test_size_is_that_of_the_upright_original(china: bytes, encode: Encode) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    decoded = decode(encode(Image.open(io.BytesIO(china)), "JPEG", exif=exif), 32)
    assert (decoded.width, decoded.height) == (427, 640)
    assert decoded.image.width < decoded.image.height < 200


def test_real_photos_decode_to_what_pillow_shows(real_photos: dict[str, bytes]) -> None:
    for data in real_photos.values():
        image = Image.open(io.BytesIO(data))
        decoded = decode(data, 2000)
        assert (decoded.width, decoded.height) == image.size
        assert_alike_in_srgb(decoded.image, image)


MODES = [
    *[("PNG", "1"), ("TIFF", "1"), ("BMP", "1")],
    *[(format, "L") for format in FORMATS],
    *[("PNG", "LA"), ("TIFF", "LA"), ("PNG", "P"), ("GIF", "P"), ("TIFF", "P"), ("BMP", "P")],
    *[("PNG", "RGBA"), ("WEBP", "RGBA"), ("TIFF", "RGBA"), ("HEIF", "RGBA"), ("BMP", "RGBA")],
    *[("JPEG", "CMYK"), ("TIFF", "CMYK"), ("TIFF", "YCbCr")],
    *[(format, "RGBA") for format in ("AVIF", "JPEG2000", "JXL")],
    *[("JPEG2000", "LA"), ("JXL", "LA")],
]


@pytest.mark.parametrize(("format", "mode"), MODES)
def test_every_mode_becomes_rgb(encode: Encode, format: str, mode: str) -> None:
    source = picture().convert(mode)
    assert_alike(decode(encode(source, format), 224).image, source.convert("RGB"))


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_to_8(encode: Encode, format: str) -> None:
    ramp = np.arange(256, dtype=np.uint16).reshape(16, 16) * 257
    decoded = decode(encode(Image.fromarray(ramp), format), 224)
    assert (np.asarray(decoded.image)[..., 1] == np.arange(256).reshape(16, 16)).all()


def test_16_bit_colour_is_scaled_to_8() -> None:
    decoded = decode(png(1, 1, bytes([0]) + struct.pack(">3H", 0xFFFF, 0x8080, 0), depth=16), 224)
    assert decoded.image.getpixel((0, 0)) == (255, 128, 0)


@pytest.mark.parametrize("low_high", [(0.0, 1.0), (-5.0, 40_000.0), (7.0, 7.0)])
@pytest.mark.parametrize("type_", [np.float32, np.int32])
def test_32_bit_pixels_are_stretched(
    encode: Encode, low_high: tuple[float, float], type_: type
) -> None:
    values: np.ndarray = np.array([low_high], type_)
    grey = np.asarray(decode(encode(Image.fromarray(values), "TIFF"), 224).image)[0, :, 0]
    assert grey.tolist() == ([0, 255] if values.min() < values.max() else [0, 0])


def test_pixels_that_are_not_numbers_are_black(encode: Encode) -> None:
    values = np.array([[np.nan, 0, 1, -np.inf]], np.float32)
    grey = np.asarray(decode(encode(Image.fromarray(values), "TIFF"), 224).image)[0, :, 0]
    assert grey.tolist() == [0, 0, 255, 0]


@pytest.mark.parametrize(
    "format", ["PNG", "WEBP", "TIFF", "GIF", "HEIF", "AVIF", "JPEG2000", "JXL"]
)
def test_transparency_is_shown_on_white(encode: Encode, format: str) -> None:
    image = picture().convert("RGBA")
    image.putalpha(0)
    assert_alike(decode(encode(image, format), 224).image, Image.new("RGB", (96, 64), "white"))


def test_half_transparency_is_mixed_with_white(encode: Encode) -> None:
    image = Image.new("LA", (4, 4), (0, 128))
    assert decode(encode(image, "PNG"), 224).image.getpixel((1, 1)) == (127, 127, 127)


def test_a_transparent_colour_is_shown_on_white(encode: Encode) -> None:
    data = encode(picture(), "PNG", transparency=(0, 0, 240))
    image = decode(data, 224).image
    assert image.getpixel((5, 5)) == (255, 255, 255)
    assert image.getpixel((90, 60)) == (240, 120, 0)
    palette = picture().convert("P", palette=Image.Palette.ADAPTIVE, colors=4)
    data = encode(palette, "PNG", transparency=bytes([0, 255]))
    corner = palette.getpixel((5, 5))
    shown = decode(data, 224).image.getpixel((5, 5) if corner == 0 else (90, 60))
    assert shown == (255, 255, 255)


@pytest.mark.parametrize("format", ["GIF", "WEBP", "TIFF", "PNG", "AVIF"])
def test_the_first_of_several_pictures_counts(encode: Encode, format: str) -> None:
    others = [Image.new("RGB", (96, 64), colour) for colour in ("green", "black")]
    data = encode(picture(), format, save_all=True, append_images=others)
    assert_alike(decode(data, 224).image, picture())


def test_mean_colour_is_the_average_of_the_shown_pixels(encode: Encode) -> None:
    half = Image.new("RGB", (1000, 1000), (200, 0, 100))
    half.paste((0, 100, 100), (0, 0, 500, 1000))
    assert decode(encode(half, "PNG"), 32).colour == "#643264"
    assert decode(encode(Image.new("RGBA", (9, 9)), "PNG"), 32).colour == "#ffffff"


def test_a_wrong_ending_does_not_matter_but_content_does(encode: Encode) -> None:
    assert decode(encode(picture(), "PNG"), 32).format == "png"
    with pytest.raises(Unreadable, match="not an image"):
        decode(b"Dear diary, this is not a photo.\n", 32)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"%PDF-1.7", "PDF, which is not a picture"),
        (b"\xff\xd8\xff", "cannot be read as jpeg"),
        (b"\x89PNG\r\n\x1a\n", "cannot be read as png"),
        (b"GIF89a", "cannot be read as gif"),
        (b"BMW is a car", "cannot be read as bmp"),
        (b"II*\0", "cannot be read as tiff"),
        (b"RIFF\0\0\0\0WEBP", "cannot be read as webp"),
        (b"\0\0\0\x18ftypheic", "cannot be read as heif"),
        (b"\0\0\0\x18ftypavif", "cannot be read as avif"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "cannot be read as jpeg2000"),
        (b"\xff\x4f\xff\x51", "cannot be read as jpeg2000"),
        (b"\xff\x0a", "cannot be read as jxl"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "cannot be read as jxl"),
        (b"\0\0\0\x18ftypcrx ", "cannot be read as cr3"),
        (b"FUJIFILMCCD-RAW ", "cannot be read as raf"),
        (b"\0\0\0\x18ftypisom", "cannot be read as mp4"),
        (b"\0\0\0\x18ftypqt  ", "cannot be read as mov"),
    ],
)
def test_bad_files_have_a_reason_of_one_line(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as caught:
        decode(data, 224)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("format", FORMATS)
def test_half_a_file_is_refused(encode: Encode, format: str) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (64, 64, 3), np.uint8)
    data = encode(Image.fromarray(noise), format)
    with pytest.raises(Unreadable, match=f"cut short|cannot be read as {format.lower()}"):
        decode(data[: len(data) // 2], 16)


def test_a_bomb_is_refused_by_its_pixel_count_before_decoding() -> None:
    row = bytes(1 + 30_000 // 8)
    packer = zlib.compressobj()
    pixels = b"".join(packer.compress(row) for _ in range(30_000)) + packer.flush()
    bomb = png_of(30_000, 30_000, pixels, depth=1, colour=0)
    assert len(bomb) < 200_000
    with pytest.raises(Unreadable, match=r"^30000 x 30000 pixels is over the limit of 200 meg"):
        decode(bomb, 224)


@pytest.mark.parametrize("format", FORMATS)
def test_the_limit_is_an_argument(encode: Encode, format: str) -> None:
    data = encode(picture(), format)
    assert decode(data, 224, limit=6144).width == 96
    with pytest.raises(Unreadable, match="96 x 64 pixels is over the limit of"):
        decode(data, 224, limit=6143)


def test_a_photo_over_pillows_own_limit_is_decoded_without_a_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    width, height = 10_000, 9_000  # 90 megapixels; Pillow warns from 89.5
    data = png(width, height, bytes((1 + width // 8) * height), depth=1, colour=0)
    assert decode(data, 500).image.size == (1112, 1000)
    assert not recwarn.list


def test_remarks_on_damaged_metadata_reach_nobody(
    china: bytes, encode: Encode, tmp_path: Path
) -> None:
    exif = b"Exif\0\0II*\0\x08\0\0\0\x05\0" + struct.pack("<HHII", 0x010F, 2, 900, 5000)
    jpeg = encode(Image.open(io.BytesIO(china)), "JPEG", exif=exif)
    tiff = encode(picture(), "TIFF", tiffinfo={700: b"x" * 50, 65_000: "private"})
    files = [tmp_path / "damaged.jpg", tmp_path / "damaged.tif"]
    for file, data in zip(files, (jpeg, tiff), strict=True):
        file.write_bytes(data)
    # In a process of its own: which warnings pass is a matter of the whole process.
    decode_all = (
        "import sys, pathlib; from indexer.photos.decoding import decode\n"
        "for name in sys.argv[1:]: print(decode(pathlib.Path(name).read_bytes(), 224).width)"
    )
    command = [sys.executable, "-W", "default::UserWarning", "-c", decode_all, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout.split(), done.stderr) == (["640", "96"], "")


def test_decoding_does_not_change_pillow(encode: Encode) -> None:
    limit, plugins = Image.MAX_IMAGE_PIXELS, set(Image.OPEN)
    decode(encode(picture(), "HEIF"), 224)
    assert limit == Image.MAX_IMAGE_PIXELS
    assert set(Image.OPEN) == plugins


def test_threads_decode_what_one_thread_decodes(
    encode: Encode, china: bytes, real_photos: dict[str, bytes]
) -> None:
    files = [china, *real_photos.values(), *(encode(picture(), format) for format in FORMATS)]
    files += [dng(picture()), dng(picture(), preview=picture()), film([picture()] * 12)]
    files *= 4

    def digest(data: bytes) -> str:
        return hashlib.sha256(decode(data, 64).image.tobytes()).hexdigest()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(digest, files)) == [digest(data) for data in files]


def assert_alike_in_srgb(decoded: Image.Image, image: Image.Image) -> None:
    """Compare with what Pillow shows, in the colours of its profile."""
    shown = image.convert("RGB")
    if profile := image.info.get("icc_profile"):
        shown = ImageCms.profileToProfile(
            shown, ImageCms.getOpenProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        )
    assert np.abs(np.asarray(decoded, np.int16) - np.asarray(shown)).max() <= 2


def assert_alike_when_small(one: Image.Image, other: Image.Image) -> None:
    small = [
        np.asarray(image.resize((16, 16), Image.Resampling.BOX), np.int16) for image in (one, other)
    ]
    assert np.abs(small[0] - small[1]).mean() < 5


def png(width: int, height: int, rows: bytes, depth: int, colour: int = 2) -> bytes:
    """A PNG by hand: Pillow writes no 16-bit colour. `rows` begin with a filter byte each."""
    return png_of(width, height, zlib.compress(rows), depth, colour)


def png_of(width: int, height: int, packed: bytes, depth: int, colour: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">2I5B", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )
