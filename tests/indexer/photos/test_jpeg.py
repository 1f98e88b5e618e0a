"""JPEGs that every viewer shows though their end is missing, wrong, or followed by something."""

import io
import random
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from indexer.errors import Unreadable
from indexer.photos.decoding import decode
from indexer.photos.formats.jpeg_scans import without_fine_detail

Encode = Callable[..., bytes]
KINDS = {"baseline": {}, "progressive": {"progressive": True}, "grey": {}, "restarts": {}}


@pytest.fixture(params=KINDS)
def jpeg(request: pytest.FixtureRequest, china: bytes, encode: Encode) -> bytes:
    photo = Image.open(io.BytesIO(china))
    if request.param == "grey":
        photo = photo.convert("L")
    options = {"restart_marker_rows": 1} if request.param == "restarts" else {}
    return encode(photo, "JPEG", quality=90, **KINDS[request.param], **options)


def pixels(data: bytes, side: int = 1000) -> np.ndarray:
    return np.asarray(decode(data, side).image, np.int16)


@pytest.mark.parametrize("side", [16, 1000])
def test_a_missing_end_marker_costs_nothing(jpeg: bytes, side: int) -> None:
    assert jpeg.endswith(b"\xff\xd9")
    for cut in (1, 2):
        assert not decode(jpeg[:-cut], side).damaged
        difference = np.abs(pixels(jpeg[:-cut], side) - pixels(jpeg, side))
        # Of a progressive one that is whole, fine detail is left out for a small picture.
        assert difference.mean() < 2 if side == 16 else (difference == 0).all()


@pytest.mark.parametrize("end", [b"", b"\xff\xd9"])
@pytest.mark.parametrize("seed", range(6))
def test_a_trailer_is_not_part_of_the_picture(jpeg: bytes, end: bytes, seed: int) -> None:
    trailer = random.Random(seed).randbytes(60_000)  # markers of every kind are in there
    data = jpeg[:-2] + end + b"\0\0MotionPhoto_Data" + trailer + b"SEFT"
    decoded = decode(data, 1000)
    assert not decoded.damaged
    assert (np.asarray(decoded.image) == pixels(jpeg)).all()


def test_a_second_picture_behind_the_first_is_not_looked_at(china: bytes, encode: Encode) -> None:
    thumbnail = encode(Image.new("RGB", (32, 32), "red"), "JPEG")
    assert (pixels(china[:-2] + thumbnail) == pixels(china)).all()


def test_the_part_that_is_there_is_read_and_called_damaged(jpeg: bytes) -> None:
    whole = pixels(jpeg)
    decoded = decode(jpeg[: len(jpeg) * 9 // 10], 1000)
    assert decoded.damaged
    assert (decoded.width, decoded.height) == (640, 427)
    there = np.asarray(decoded.image)[:200]
    assert np.abs(there - whole[:200]).mean() < 3  # a progressive one is a little coarser


@pytest.mark.parametrize("kind", ["grey", "baseline"])
def test_under_half_of_a_picture_is_refused(china: bytes, encode: Encode, kind: str) -> None:
    photo = Image.open(io.BytesIO(china)).convert({"grey": "L", "baseline": "RGB"}[kind])
    data = encode(photo, "JPEG", quality=90)
    with pytest.raises(Unreadable, match=r"cut short: only \d+% of the picture is there"):
        decode(data[: len(data) // 4], 224)


def test_a_progressive_picture_is_whole_when_its_first_scan_is(
    china: bytes, encode: Encode
) -> None:
    data = encode(Image.open(io.BytesIO(china)), "JPEG", quality=90, progressive=True)
    decoded = decode(data[: len(data) // 4], 224)
    assert decoded.damaged
    difference = np.abs(pixels(data, 32) - np.asarray(decode(data[: len(data) // 4], 32).image))
    assert difference.mean() < 10


def test_a_progressive_picture_without_its_first_scan_is_refused(
    china: bytes, encode: Encode
) -> None:
    data = encode(Image.open(io.BytesIO(china)), "JPEG", quality=90, progressive=True)
    first = data.index(b"\xff\xda")
    with pytest.raises(Unreadable, match="cut short"):
        decode(data[: first + 200], 224)


def test_what_is_broken_within_ends_the_picture_there(china: bytes) -> None:
    place = len(china) * 4 // 5
    decoded = decode(china[:place] + b"\xff\xc9\0\0" + china[place:], 1000)
    assert decoded.damaged
    assert (np.asarray(decoded.image)[:250] == pixels(china)[:250]).all()


def test_a_progressive_picture_without_its_last_scan_is_damaged(
    china: bytes, encode: Encode
) -> None:
    data = encode(Image.open(io.BytesIO(china)), "JPEG", quality=90, progressive=True)
    last = data.rindex(b"\xff\xda")
    assert decode(data[:last], 1000).damaged
    assert not decode(data[:-2], 1000).damaged


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_small_picture_needs_no_fine_detail(china: bytes, encode: Encode, mode: str) -> None:
    photo = Image.open(io.BytesIO(china)).convert(mode).resize((1280, 856))
    data = encode(photo, "JPEG", quality=90, progressive=True)
    less = without_fine_detail(data)
    assert less is not None
    assert len(less) < len(data) / 2
    small = np.asarray(decode(data, 64).image, np.int16)
    whole = np.asarray(decode(encode(photo, "JPEG", quality=90), 64).image, np.int16)
    assert small.shape == whole.shape
    assert np.abs(small - whole).mean() < 3
    large = decode(data, 1000).image
    assert large.tobytes() == decode(encode(photo, "JPEG", quality=90), 1000).image.tobytes()


def test_what_is_not_whole_or_not_progressive_keeps_its_scans(jpeg: bytes) -> None:
    assert without_fine_detail(jpeg[: len(jpeg) * 9 // 10]) is None
    assert without_fine_detail(jpeg[:-2]) is None
    assert (without_fine_detail(jpeg) is None) == (b"\xff\xc2" not in jpeg)


def test_scans_in_another_series_are_all_kept(china: bytes, encode: Encode) -> None:
    data = encode(Image.open(io.BytesIO(china)), "JPEG", quality=90, progressive=True)
    low = data.index(b"\xff\xda\0\x08\1\1\0\1\5")  # luma, coefficients 1 to 5
    other = data[: low + 7] + b"\2" + data[low + 8 :]  # as if they began at 2
    assert without_fine_detail(other) is None


@pytest.mark.parametrize("empty", [b"\0", b"\xff"])
def test_an_end_that_was_never_written_is_not_shown(jpeg: bytes, empty: bytes) -> None:
    there = len(jpeg) * 9 // 10
    decoded = decode(jpeg[:there] + empty * (len(jpeg) - there), 1000)
    assert decoded.damaged
    assert (np.asarray(decoded.image) == pixels(jpeg[:there])).all()


@pytest.mark.parametrize("empty", [b"\0", b"\xff"])
def test_what_is_empty_behind_a_whole_picture_costs_nothing(jpeg: bytes, empty: bytes) -> None:
    decoded = decode(jpeg + empty * 5000, 1000)
    assert not decoded.damaged
    assert (np.asarray(decoded.image) == pixels(jpeg)).all()


@pytest.mark.timeout(60)  # it took minutes
def test_a_long_run_of_ones_takes_no_longer_than_other_bytes(china: bytes) -> None:
    with pytest.raises(Unreadable, match="cut short"):
        decode(china[:5000] + b"\xff" * 400_000 + b"\0" * 16, 224)


@pytest.mark.parametrize("kind", ["grey", "baseline"])
def test_an_end_marker_that_comes_too_early_is_noticed(
    china: bytes, encode: Encode, kind: str
) -> None:
    photo = Image.open(io.BytesIO(china)).convert({"grey": "L", "baseline": "RGB"}[kind])
    data = encode(photo, "JPEG", quality=90)
    assert decode(data[: len(data) * 9 // 10] + b"\xff\xd9", 224).damaged
    with pytest.raises(Unreadable, match="cut short"):
        decode(data[: len(data) // 4] + b"\xff\xd9", 224)
    assert not decode(encode(Image.new("RGB", (64, 64), (128,) * 3), "JPEG"), 224).damaged
