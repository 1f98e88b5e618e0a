"""How much memory decoding takes: no more than formats say.

Peaks are those of processes of their own, less that of one that decodes a smaller picture.
"""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
import tifffile
from imagecodecs import jpeg2k_encode
from PIL import Image

from benchmarks.processes import measure
from indexer.photos.decoding import measure as size_of
from indexer.photos.formats import format_of, open_picture

WIDTH, HEIGHT = 3000, 2000
LOST = 12_000_000
"""Bytes that processes differ by anyway."""

DECODE = """
import sys
from indexer.photos.content import read
from indexer.photos.decoding import decode
decode(read(sys.argv[1]), 224)
"""

Save = Callable[[Image.Image], bytes]


def saved(format: str, **options: object) -> Save:
    def save(image: Image.Image) -> bytes:
        file = io.BytesIO()
        image.save(file, format, **options)
        return file.getvalue()

    return save


def see_through(save: Save) -> Save:
    def with_alpha(image: Image.Image) -> bytes:
        image = image.copy()
        image.putalpha(Image.linear_gradient("L").resize(image.size))
        return save(image)

    return with_alpha


def deep(image: Image.Image) -> np.ndarray:
    return np.asarray(image).astype(np.uint16) * 257


def heic(image: Image.Image) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=60, tile_size=512)
    return file.getvalue()


def deep_tiff(image: Image.Image) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, deep(image), photometric="rgb", compression="deflate", rowsperstrip=16)
    return file.getvalue()


FILES: dict[str, Save] = {
    "JPEG": saved("JPEG"),
    "progressive JPEG": saved("JPEG", progressive=True),
    "PNG": saved("PNG", compress_level=1),
    "PNG with alpha": see_through(saved("PNG", compress_level=1)),
    "WebP": saved("WEBP", method=0),
    "WebP without loss": see_through(saved("WEBP", lossless=True, quality=0, method=0)),
    "GIF": saved("GIF"),
    "HEIC": heic,
    "HEIC with alpha": see_through(heic),
    "AVIF": saved("AVIF", speed=10),
    "AVIF with alpha": see_through(saved("AVIF", speed=10)),
    "JPEG 2000": saved("JPEG2000"),
    "deep JPEG 2000": lambda image: jpeg2k_encode(deep(image), level=40),
    "deep TIFF": deep_tiff,
    "TIFF": saved("TIFF", compression="tiff_lzw"),
}


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    some = np.random.default_rng(1).integers(0, 255, (HEIGHT // 20, WIDTH // 20, 3), np.uint8)
    return Image.fromarray(some).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.parametrize("kind", FILES)
def test_decoding_takes_no_more_than_its_format_says(
    photo: Image.Image, tmp_path: Path, kind: str
) -> None:
    peaks = []
    for image in (photo.resize((WIDTH // 2, HEIGHT // 2)), photo):
        file = tmp_path / "photo"
        file.write_bytes(FILES[kind](image))
        assert size_of(file.read_bytes()) == image.size
        _, peak = measure([sys.executable, "-c", DECODE, str(file)])
        peaks.append(peak - 2 * file.stat().st_size)
    with file.open("rb") as opened:
        said = open_picture(opened, format_of(opened)).memory
    assert peaks[1] - peaks[0] < said * 3 / 4 + LOST
