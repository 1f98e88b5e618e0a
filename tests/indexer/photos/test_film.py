"""Films: a frame that shows something, turned upright, without reading the whole file."""

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from film_samples import Matrix, film
from PIL import Image, ImageOps

from indexer.errors import Unreadable
from indexer.photos.content import LARGEST_FILE, content_id, read
from indexer.photos.decoding import decode

MATRICES: dict[int, Matrix] = {
    1: (1, 0, 0, 1),
    2: (-1, 0, 0, 1),
    3: (-1, 0, 0, -1),
    4: (1, 0, 0, -1),
    5: (0, 1, 1, 0),
    6: (0, 1, -1, 0),
    7: (0, -1, -1, 0),
    8: (0, -1, 1, 0),
}


LISBON = (38.7223, -9.1393)


def scene(colour: str = "blue") -> Image.Image:
    image = Image.new("RGB", (96, 64), (240, 120, 0))
    image.paste(colour, (0, 0, 48, 32))
    return image


BLACK, WHITE = Image.new("RGB", (96, 64)), Image.new("RGB", (96, 64), "white")


def quarters(image: Image.Image) -> np.ndarray:
    return np.asarray(image.resize((2, 2), Image.Resampling.BOX), np.int16)


def assert_shows(shown: Image.Image, expected: Image.Image) -> None:
    assert np.abs(quarters(shown) - quarters(expected)).max() < 30


@pytest.mark.parametrize("format", ["mp4", "mov"])
def test_a_film_is_one_frame_and_its_length(format: str) -> None:
    decoded = decode(film([scene()] * 36, format), 224)
    assert decoded.format == format
    assert (decoded.width, decoded.height) == (96, 64)
    assert decoded.duration == pytest.approx(1.5, abs=0.05)
    assert_shows(decoded.image, scene())


@pytest.mark.parametrize("orientation", MATRICES)
def test_upright_by_the_display_matrix(orientation: int) -> None:
    decoded = decode(film([scene()] * 12, "mov", matrix=MATRICES[orientation]), 224)
    expected = scene()
    expected.getexif()[0x0112] = orientation
    expected = ImageOps.exif_transpose(expected)
    assert (decoded.width, decoded.height) == expected.size
    assert_shows(decoded.image, expected)


@pytest.mark.parametrize("blank", [BLACK, WHITE])
def test_blank_beginnings_and_ends_are_passed_over(blank: Image.Image) -> None:
    frames = [blank] * 30 + [scene()] * 30 + [blank] * 30
    assert_shows(decode(film(frames), 224).image, scene())


def test_the_first_frame_is_not_the_one_if_others_show_as_much() -> None:
    frames = [scene("red")] * 6 + [scene()] * 30
    assert_shows(decode(film(frames), 224).image, scene())


def test_a_film_with_one_key_frame() -> None:
    frames = [BLACK] * 12 + [scene()] * 24
    assert_shows(decode(film(frames, keys=1000), 224).image, scene())


def test_a_film_of_one_frame_and_a_blank_film_are_read_too() -> None:
    assert_shows(decode(film([scene()]), 224).image, scene())
    assert_shows(decode(film([BLACK] * 24), 224).image, BLACK)


@pytest.mark.parametrize(
    ("tags", "captured", "camera"),
    [
        ({"creation_time": "2024-05-01T12:00:00Z"}, "2024-05-01T12:00:00", None),
        ({"creation_time": "1904-01-01T00:00:00Z"}, None, None),
        ({"creation_time": "1970-01-01T00:00:00Z"}, None, None),
        ({}, None, None),
        (
            {
                "creation_time": "2024-05-01T12:00:00Z",
                "com.apple.quicktime.creationdate": "2024-05-01T14:00:00+0200",
                "com.apple.quicktime.make": "Apple",
                "com.apple.quicktime.model": "iPhone 15",
            },
            "2024-05-01T14:00:00",
            "Apple iPhone 15",
        ),
    ],
)
def test_time_and_camera(tags: dict[str, str], captured: str | None, camera: str | None) -> None:
    decoded = decode(film([scene()] * 12, "mov", tags=tags), 224)
    assert (decoded.captured, decoded.camera) == (captured, camera)


@pytest.mark.parametrize(
    ("format", "tag", "said", "location"),
    [
        ("mov", "com.apple.quicktime.location.ISO6709", "+38.7223-009.1393+012.345/", LISBON),
        ("mp4", "location", "+38.7223-009.1393/", LISBON),
        ("mov", "com.apple.quicktime.location.ISO6709", "+3843.338-00908.358/", LISBON),
        ("mov", "com.apple.quicktime.location.ISO6709", "+384320.28-0090821.48/", LISBON),
        ("mp4", "location", "-33.8688+151.2093/", (-33.8688, 151.2093)),
        ("mp4", "location", "+00.0000+000.0000/", None),
        ("mp4", "location", "+98.0000+000.0000/", None),
        ("mov", "com.apple.quicktime.location.ISO6709", "+3875.000-00908.358/", None),
        ("mp4", "location", "Lisbon", None),
        ("mp4", "title", "+38.7223-009.1393/", None),
    ],
)
def test_the_place(format: str, tag: str, said: str, location: tuple[float, float] | None) -> None:
    data = film([scene()] * 3, format=format, tags={tag: said})
    found = decode(data, 50).location
    assert found == (pytest.approx(location, abs=1e-5) if location else None)


def test_a_film_over_the_limit_is_not_decoded() -> None:
    with pytest.raises(Unreadable, match=r"^96 x 64 pixels is over the limit"):
        decode(film([scene()] * 6), 224, limit=6143)


def test_sound_alone_is_not_a_picture() -> None:
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=48_000)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        silence.sample_rate = 48_000
        container.mux(stream.encode(silence))
        container.mux(stream.encode())
    with pytest.raises(Unreadable, match="there is sound, but no picture"):
        decode(file.getvalue(), 224)


def test_damage_costs_single_frames_and_is_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    data = bytearray(film([scene()] * 48))
    start = data.index(b"mdat") + 4
    data[start : start + 500] = bytes(500)
    assert_shows(decode(bytes(data), 224).image, scene())
    with pytest.raises(Unreadable, match="cannot be read as mp4"):
        decode(bytes(data[:300]), 224)
    assert capfd.readouterr().err == ""


def large(path: Path) -> bytes:
    """Write a film larger than photos may be, most of which is a hole; return what is in it."""
    data = film([scene()] * 24)
    hole = LARGEST_FILE + 1
    with path.open("wb") as file:
        file.write(data)
        file.write((1).to_bytes(4) + b"free" + (16 + hole).to_bytes(8))
        file.truncate(len(data) + 16 + hole)
    return data


def test_a_film_may_be_larger_than_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    large(path)
    reads: list[int] = []
    with read(str(path)) as file:
        assert not isinstance(file, io.BytesIO)
        real = file.read
        file.read = lambda size=-1: reads.append(size) or real(size)  # type: ignore[method-assign]
        assert_shows(decode(file, 224).image, scene())
    assert min(reads) >= 0
    assert sum(reads) < 50_000_000


def test_the_id_of_a_film_is_that_of_its_bytes(tmp_path: Path) -> None:
    data = film([scene()] * 6)
    (tmp_path / "a.mp4").write_bytes(data)
    with read(str(tmp_path / "a.mp4")) as file:
        assert content_id(file) == content_id(data)
        assert file.tell() == 0


@pytest.mark.parametrize(("pixel", "width"), [(Fraction(4, 3), 128), (Fraction(1, 2), 48)])
def test_pixels_that_are_not_square_are_made_so(pixel: Fraction, width: int) -> None:
    decoded = decode(film([scene()] * 12, pixel=pixel), 224)
    assert (decoded.width, decoded.height) == decoded.image.size == (width, 64)
    assert_shows(decoded.image, scene())


def test_a_film_that_ends_too_early_is_damaged() -> None:
    data = film([scene()] * 36)
    assert not decode(data, 224).damaged
    assert not decode(data + b"\0\0\0\x08free", 224).damaged
    assert decode(data + b"\0\0\1\0mdat" + bytes(200), 224).damaged


def test_what_ffmpeg_says_comes_without_its_numbers() -> None:
    data = film([scene()] * 12)
    with pytest.raises(Unreadable) as refused:
        decode(data[: len(data) * 8 // 10], 224)
    assert str(refused.value) == "cannot be read as mp4: Invalid data found when processing input"
