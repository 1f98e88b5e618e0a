"""Makes files of the sizes that cameras and phones write, from the photos of ../shared.

Made once, in .build/real: the pictures of ../shared/camera, scaled to the size of a sensor with
noise as a sensor adds it (so that 12 megapixels take 2 to 4 MB as JPEG), and windows of text and
small photos for screenshots. Each picture makes many files, which differ in a remark only: it
changes the content hash, so that each is a photo of its own, and nothing else.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.older import ROOT
from benchmarks.tables import shared_photos

FOLDER = ROOT / ".build" / "real"
TWELVE, FORTY_EIGHT, SCREEN = (4000, 3000), (8000, 6000), (2880, 1800)
NOISE = 3.0
"""Standard deviation, of 255 levels."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Files of one kind.

    Attributes:
        name: in tables.
        ending: of the files.
        count: of the files.
        pictures: what they show.
        save: makes a file of a picture.
        mark: puts a remark into a file.
    """

    name: str
    ending: str
    count: int
    pictures: Callable[[], Iterator[Image.Image]]
    save: Callable[[Image.Image], bytes]
    mark: Callable[[bytes, int], bytes]

    def files(self) -> Path:
        """Return the folder with the files; the first time, make them."""
        folder = FOLDER / self.name.replace(" ", "-")
        if not folder.exists():
            new = folder.with_suffix(".new")
            new.mkdir(parents=True, exist_ok=True)
            contents = [self.save(picture) for picture in self.pictures()]
            for number, content in enumerate(islice(cycle(contents), self.count)):
                (new / f"{number:04}.{self.ending}").write_bytes(self.mark(content, number))
            new.rename(folder)
        return folder


def _of_camera(size: tuple[int, int]) -> Iterator[Image.Image]:
    random = np.random.default_rng(1)
    for file in sorted((shared_photos().parent / "camera").glob("*.jpg")):
        with Image.open(file) as image:
            photo = image.convert("RGB")
        upright = (
            photo if photo.width > photo.height else photo.transpose(Image.Transpose.ROTATE_90)
        )
        pixels = np.asarray(upright.resize(size, Image.Resampling.BICUBIC), np.float32)
        noise = random.normal(0, NOISE, (*pixels.shape[:2], 1)).astype(np.float32)
        yield Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))


def _screens() -> Iterator[Image.Image]:
    photos = sorted(shared_photos().rglob("*.jpg"))
    for number in range(3):
        screen = Image.new("RGBA", SCREEN, (245, 245, 247, 255))
        draw = ImageDraw.Draw(screen)
        for line in range(90):
            text = f"{line:3} def read_{line}(path: Path) -> bytes: return path.read_bytes() " * 3
            draw.text((40, 20 + 19 * line), text, fill=(30 + line, 30, 60, 255))
        for place, photo in enumerate(photos[number::400][:3]):
            with Image.open(photo) as image:
                screen.paste(image.convert("RGB").resize((600, 450)), (2200, 60 + 560 * place))
        yield screen


def _jpeg(**options: object) -> Callable[[Image.Image], bytes]:
    def save(image: Image.Image) -> bytes:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=91, subsampling="4:2:0", **options)
        return file.getvalue()

    return save


def _heic(image: Image.Image) -> bytes:
    import pillow_heif

    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=50, tile_size=512)
    return file.getvalue()


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _comment(data: bytes, number: int) -> bytes:
    """Put a COM segment behind the start of a JPEG."""
    return data[:2] + b"\xff\xfe\0\x06" + struct.pack(">I", number) + data[2:]


def _free_box(data: bytes, number: int) -> bytes:
    """Put a box that readers skip behind a HEIC."""
    return data + struct.pack(">I4sI", 12, b"free", number)


def _text_chunk(data: bytes, number: int) -> bytes:
    """Put a tEXt chunk before the end of a PNG."""
    text = b"tEXtnumber\0" + str(number).encode()
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return data[:-12] + chunk + data[-12:]


def kinds(share: float = 1.0) -> tuple[Kind, ...]:
    """Return what is measured; `share` of the files."""
    twelve, forty_eight = (lambda size=size: _of_camera(size) for size in (TWELVE, FORTY_EIGHT))
    some = int(200 * share)
    return (
        Kind("12 megapixels", "jpg", int(1000 * share), twelve, _jpeg(), _comment),
        Kind("12 megapixels progressive", "jpg", some, twelve, _jpeg(progressive=True), _comment),
        Kind("12 megapixels HEIC", "heic", some // 2, twelve, _heic, _free_box),
        Kind("48 megapixels", "jpg", some // 2, forty_eight, _jpeg(), _comment),
        Kind("screenshots", "png", some, _screens, _png, _text_chunk),
    )
