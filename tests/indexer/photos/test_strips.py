"""Pictures that are converted a strip at a time come out as if they were converted as a whole."""

import io
from collections.abc import Callable

import numpy as np
import pytest
import tifffile
from PIL import Image
from wide_colours import display_p3

from indexer.photos import decoding, strips
from indexer.photos.colour import to_rgb
from indexer.photos.decoding import RESERVE, Decoded, decode
from indexer.photos.formats import tiff

SIDE = 30
Encode = Callable[..., bytes]


@pytest.fixture
def photo(china: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(china)).resize((303, 211))
    image.info.clear()
    return image


def see_through(photo: Image.Image) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(photo.size)
    image = photo.copy()
    image.putalpha(ramp)
    return image


def in_16_bits(photo: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(photo.convert("L")).astype(np.uint16) * 257)


MODES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "RGBA": see_through,
    "LA": lambda photo: see_through(photo).convert("LA"),
    "PA": lambda photo: see_through(photo).quantize(64, Image.Quantize.FASTOCTREE),
    "P": lambda photo: photo.quantize(64),
    "L": lambda photo: photo.convert("L"),
    "1": lambda photo: photo.convert("1"),
    "I;16": in_16_bits,
    "I": lambda photo: photo.convert("I"),
    "F": lambda photo: photo.convert("F"),
    "CMYK": lambda photo: photo.convert("CMYK"),
    "RGB": lambda photo: photo,
}


def in_strips_and_whole(
    data: bytes, monkeypatch: pytest.MonkeyPatch, side: int = SIDE
) -> tuple[Decoded, Decoded]:
    with monkeypatch.context() as patch:
        for module in (strips, tiff):
            patch.setattr(module, "STRIP", 303 * 17)  # not a multiple of what is averaged
        patch.setattr(tiff, "LARGE_BYTES", 0)
        small = decode(data, side)
    return small, decode(data, side)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("factor", [1, 3, 4])
def test_every_mode(
    photo: Image.Image, monkeypatch: pytest.MonkeyPatch, mode: str, factor: int
) -> None:
    image = MODES[mode](photo)
    source = decoding.Picture(image)
    expected = to_rgb(image).reduce(factor) if factor > 1 else to_rgb(image)
    monkeypatch.setattr(strips, "STRIP", 1000)
    changed = decoding._shrunk_rgb(source, photo.height // factor)
    assert (changed.mode, changed.size) == ("RGB", expected.size)
    assert changed.tobytes() == expected.tobytes()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "I;16", "RGB"])
@pytest.mark.parametrize("side", [SIDE, 200])
def test_a_file_with_a_profile(
    photo: Image.Image, encode: Encode, monkeypatch: pytest.MonkeyPatch, mode: str, side: int
) -> None:
    data = encode(MODES[mode](photo), "PNG", icc_profile=display_p3())
    small, whole = in_strips_and_whole(data, monkeypatch, side)
    assert small.image.tobytes() == whole.image.tobytes()
    assert small.colour == whole.colour
    assert min(small.image.size) >= min(RESERVE * side, 211)


TIFFS = {
    "strips": {"rowsperstrip": 7},
    "tiles": {"tile": (32, 48)},
    "one strip": {"rowsperstrip": 211},
    "as it is": {"compression": None},
}


@pytest.mark.parametrize("layout", TIFFS)
@pytest.mark.parametrize("depth", ["uint16", "int16", "float32"])
@pytest.mark.parametrize("samples", ["L", "RGB", "RGBA", "planes"])
def test_deep_tiffs(
    photo: Image.Image, monkeypatch: pytest.MonkeyPatch, layout: str, depth: str, samples: str
) -> None:
    image = (
        see_through(photo) if samples == "RGBA" else photo.convert(samples.replace("planes", "RGB"))
    )
    values = (np.asarray(image).astype(int) * (100 if depth == "int16" else 257)).astype(depth)
    options = {"compression": "deflate", **TIFFS[layout]}
    if samples == "planes":
        values, options = values.transpose(2, 0, 1).copy(), {**options, "planarconfig": "separate"}
    if samples == "RGBA":
        options["extrasamples"] = ["unassalpha"]
    file = io.BytesIO()
    kind = "minisblack" if samples == "L" else "rgb"
    tifffile.imwrite(file, values, photometric=kind, **options)
    small, whole = in_strips_and_whole(file.getvalue(), monkeypatch)
    assert small.image.tobytes() == whole.image.tobytes()
    assert len(set(small.image.convert("L").tobytes())) > 50
