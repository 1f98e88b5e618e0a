"""Whatever bytes a file holds: it decodes, or it is unreadable, and nothing else happens."""

import io
import warnings
from collections.abc import Callable

import pytest
from film_samples import film
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from raw_samples import dng

from indexer.errors import Unreadable
from indexer.photos.decoding import decode

Encode = Callable[..., bytes]
FORMATS = [
    *("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "tiff_lzw", "HEIF", "AVIF", "JPEG2000", "JXL"),
    *("DNG", "DNG with a preview", "MP4", "MOV"),
]
bounded = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def files(china: bytes, encode: Encode) -> dict[str, bytes]:
    """A small real photo with EXIF in every format."""
    import pillow_heif

    photo = Image.open(io.BytesIO(china)).resize((96, 64))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = 6, "Maker", "2024:05:01 12:00:00"
    files = {}
    for format in FORMATS:
        buffer = io.BytesIO()
        if format == "HEIF":
            pillow_heif.from_pillow(photo).save(buffer, exif=exif.tobytes())
        elif format == "JXL":
            buffer.write(encode(photo, format, exif=exif.tobytes()))
        elif format.startswith("DNG"):
            preview = photo if "preview" in format else None
            buffer.write(dng(photo, 6, preview))
        elif format in ("MP4", "MOV"):
            buffer.write(film([photo.rotate(5 * n) for n in range(12)], format.lower()))
        else:
            options = {"compression": format} if format == "tiff_lzw" else {}
            photo.save(buffer, format.split("_")[0], exif=exif, **options)
        files[format] = buffer.getvalue()
    return files


def survives(data: bytes) -> None:
    """Decode `data`, with limits as for a small machine; only `Unreadable` may come out."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            decoded = decode(data, 32, limit=1_000_000)
        except Unreadable as error:
            assert str(error)
            assert "\n" not in str(error)
            return
    assert decoded.image.mode == "RGB"
    assert decoded.width > 0 < decoded.height
    assert (decoded.width < decoded.height) <= (decoded.image.width <= decoded.image.height)


@pytest.mark.parametrize("format", FORMATS)
@given(data=st.data())
@bounded
def test_cut_files(files: dict[str, bytes], format: str, data: st.DataObject) -> None:
    whole = files[format]
    survives(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("format", FORMATS)
@given(data=st.data())
@bounded
def test_files_with_wrong_bytes(files: dict[str, bytes], format: str, data: st.DataObject) -> None:
    damaged = bytearray(files[format])
    where = st.one_of(st.integers(0, 300), st.integers(0, len(damaged) - 1))
    for place, byte in data.draw(
        st.lists(st.tuples(where, st.integers(0, 255)), min_size=1, max_size=8)
    ):
        damaged[place % len(damaged)] = byte
    survives(bytes(damaged))


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"GIF89a", b"II*\0", b"BM"]))
@bounded
def test_noise(noise: bytes, start: bytes) -> None:
    survives(start + noise)
