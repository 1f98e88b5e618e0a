"""JPEG XL: size and orientation from the codestream, and Pillow left alone."""

import io
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageOps

from indexer.errors import Unreadable
from indexer.photos.decoding import decode

Encode = Callable[..., bytes]
SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"
BRAND = b"\0\0\0\x14ftypjxl \0\0\0\0jxl "


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4) + kind + content


def small(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB").resize((6, 6), Image.Resampling.BOX), np.int16)


@pytest.fixture
def photo(china: bytes) -> Image.Image:
    return Image.open(io.BytesIO(china)).resize((96, 64))


# Each of the ratios that the header has three bits for, and sizes of few and many bits.
SIZES = [(64, 64), (96, 80), (64, 48), (96, 64), (64, 36), (80, 64), (64, 32), (80, 32)]
SIZES += [(1, 1), (9, 7), (97, 65), (8, 600), (513, 3), (5, 9000)]


@pytest.mark.parametrize("size", SIZES)
def test_the_size_is_read_from_the_header(encode: Encode, size: tuple[int, int]) -> None:
    data = encode(Image.new("RGB", size, "orange"), "JXL")
    decoded = decode(data, 10_000)
    assert (decoded.width, decoded.height) == decoded.image.size == size
    with pytest.raises(Unreadable, match=f"{size[0]} x {size[1]} pixels is over the limit"):
        decode(data, 32, limit=size[0] * size[1] - 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_codestream_says_how_to_turn_and_exif_does_not(
    encode: Encode, photo: Image.Image, orientation: int
) -> None:
    data = encode(photo, "JXL")
    assert data[:2] == b"\xff\x0a"
    photo.getexif()[0x0112] = orientation
    expected = ImageOps.exif_transpose(photo)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 3, "Maker"
    notes = box(b"Exif", bytes(4) + exif.tobytes().removeprefix(b"Exif\0\0"))
    boxed = SIGNATURE + BRAND + notes + box(b"jxlc", turned(data, orientation))
    decoded = decode(boxed, 224)
    assert (decoded.width, decoded.height) == decoded.image.size == expected.size
    assert np.abs(small(decoded.image) - small(expected)).max() < 24
    assert decoded.camera == "Maker"


def turned(data: bytes, orientation: int) -> bytes:
    """The codestream of a small picture with an orientation in its header (18181-1, D.3)."""
    bits = "".join(f"{byte:08b}"[::-1] for byte in data)
    assert bits[16] == "1"  # small
    start = 16 + 1 + 5 + 3 + (0 if int(bits[22:25][::-1], 2) else 5)
    assert bits[start] == "1"  # all is default: 8 bits, XYB, sRGB
    extra = f"{orientation - 1:03b}"[::-1] + "000"
    # not all default, extra fields; 8-bit samples, 16-bit buffers, no extra channel, XYB, sRGB,
    # tone mapping as usual, no extensions
    header = "0" + "1" + extra + "000" + "1" + "00" + "1" + "1" + "1" + "00"
    rest = bits[start + 1 :]
    # what follows the metadata begins with "all default" of the transform, and then at a whole byte
    frame = rest[1:]
    at = start + 2
    frame = bits[at + (-at) % 8 :]
    head = bits[:start] + header + rest[:1]
    head += "0" * (-len(head) % 8)
    packed = head + frame
    return bytes(int(packed[at : at + 8][::-1], 2) for at in range(0, len(packed), 8))


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_a_codestream_may_lie_in_parts(encode: Encode, photo: Image.Image, parts: int) -> None:
    data = encode(photo, "JXL")
    cuts = [len(data) * part // parts for part in range(parts + 1)]
    boxed = SIGNATURE + BRAND
    for part in range(parts):
        number = part | (0x8000_0000 if part == parts - 1 else 0)
        boxed += box(b"jxlp", number.to_bytes(4) + data[cuts[part] : cuts[part + 1]])
    assert decode(boxed, 224).image.tobytes() == decode(data, 224).image.tobytes()


def test_a_jpeg_in_it_needs_no_jpeg_decoder(photo: Image.Image) -> None:
    from pillow_jxl import Encoder

    jpeg = io.BytesIO()
    photo.save(jpeg, "JPEG", quality=95)
    options = {"exif": None, "jumb": None, "xmp": None, "compress": False}
    encode = Encoder(mode="RGB", quality=90, num_threads=0)
    data = encode(jpeg.getvalue(), *photo.size, jpeg_encode=True, **options)
    decoded = decode(data, 224)
    assert np.abs(small(decoded.image) - small(photo)).max() < 8


def test_exif(encode: Encode, photo: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "Maker", "2024:05:01 12:00:00"
    decoded = decode(encode(photo, "JXL", exif=exif.tobytes()), 224)
    assert (decoded.camera, decoded.captured) == ("Maker", "2024-05-01T12:00:00")


def test_16_bits(encode: Encode) -> None:
    ramp = np.arange(256, dtype=np.uint16).reshape(16, 16) * 257
    grey = np.asarray(decode(encode(Image.fromarray(ramp), "JXL"), 224).image)[..., 1]
    light = np.arange(256).reshape(16, 16) / 255  # that is what the encoder says 16 bits are
    shown = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055) * 255
    assert np.abs(grey - shown).max() <= 3


def test_pillow_knows_nothing_of_it(encode: Encode, photo: Image.Image, tmp_path) -> None:
    file = tmp_path / "a.jxl"
    file.write_bytes(encode(photo, "JXL"))
    code = (
        "import sys; from PIL import Image; from indexer.photos.decoding import decode\n"
        f"decode(open({str(file)!r}, 'rb').read(), 224)\n"
        "assert 'JXL' not in Image.OPEN and 'pillow_jxl' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_damage_has_one_reason_and_is_not_printed(
    encode: Encode, photo: Image.Image, capfd: pytest.CaptureFixture[str]
) -> None:
    data = encode(photo, "JXL")
    for damaged in (data[: len(data) // 2], data[:40] + bytes(9) + data[49:]):
        with pytest.raises(Unreadable, match="jxl: the file is damaged or cut off"):
            decode(damaged, 224)
    assert capfd.readouterr().err == ""
