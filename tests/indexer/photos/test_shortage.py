"""A shortage of memory says nothing about a file: it is not remembered as damage."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from indexer.errors import NotNow, Unreadable
from indexer.photos import reading
from indexer.photos.decoding import decode
from indexer.photos.finding import Found, find
from indexer.photos.reading import PhotoReader, Unread

FORMATS = ("PNG", "JPEG", "progressive", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000")
SIDES = (3000, 2000)

DECODE_WITH_LITTLE = """
import resource, sys
from indexer.errors import NotNow, Unreadable
from indexer.photos.content import read
from indexer.photos.decoding import decode
large = read(sys.argv[1])
decode(read(sys.argv[2]), 224)  # loads the decoder
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
limit = held + 10_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    decode(large, 3000)
except NotNow as error:
    print("not now:", error)
except Unreadable as error:
    print("unreadable:", error)
"""


def save(image: Image.Image, path: Path, encode: Callable[..., bytes], format: str) -> None:
    options = {"progressive": True} if format == "progressive" else {}
    options |= {"speed": 10} if format == "AVIF" else {}
    path.write_bytes(encode(image, "JPEG" if format == "progressive" else format, **options))


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
@pytest.mark.parametrize("format", FORMATS)
def test_a_sound_picture_is_not_called_damaged_where_memory_is_short(
    encode: Callable[..., bytes], tmp_path: Path, format: str
) -> None:
    large, small = tmp_path / "large", tmp_path / "small"
    save(Image.linear_gradient("L").convert("RGB").resize(SIDES), large, encode, format)
    save(Image.new("RGB", (64, 64), "red"), small, encode, format)
    command = [sys.executable, "-c", DECODE_WITH_LITTLE, str(large), str(small)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "not now: there is not enough memory to decode it now\n"


def test_errors_that_memory_errors_led_to_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def short(*_: object) -> None:
        try:
            raise MemoryError
        except MemoryError:
            raise ValueError("damaged") from None

    monkeypatch.setattr("indexer.photos.decoding.open_picture", short)
    with pytest.raises(NotNow):
        decode(b"\xff\xd8\xff", 224)


def test_damage_stays_damage() -> None:
    with pytest.raises(Unreadable) as caught:
        decode(b"\xff\xd8\xff" + bytes(100), 224)
    assert not isinstance(caught.value, NotNow)


@pytest.mark.parametrize("where", ["decode", "read"])
def test_readers_try_such_a_file_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def short(*_: object, **__: object) -> None:
        raise NotNow("there is not enough memory") if where == "decode" else MemoryError

    buffer = io.BytesIO()
    Image.new("RGB", (9, 9)).save(buffer, "PNG")
    (tmp_path / "photo.png").write_bytes(buffer.getvalue())
    monkeypatch.setattr(reading, where, short)
    (found,) = (one for one in find([tmp_path]) if isinstance(one, Found))
    (result,) = PhotoReader(lambda image: image, 224, (), 1).read_all([found])
    assert isinstance(result, Unread)
    assert not result.lasting
    assert "not enough memory" in result.reason
