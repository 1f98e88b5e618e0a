"""Real photographs from Python packages, and ways to write them as files."""

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

Encode = Callable[..., bytes]


def package_folder(name: str) -> Path:
    """The folder of an installed package, without importing it."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@pytest.fixture(scope="session")
def china() -> bytes:
    """A real JPEG: 640 x 427, from scikit-learn."""
    return (package_folder("sklearn") / "datasets/images/china.jpg").read_bytes()


@pytest.fixture(scope="session")
def real_photos() -> dict[str, bytes]:
    """Real photographs by file name: colour and grey, JPEG and PNG, from scikit-image."""
    folder = package_folder("skimage") / "data"
    names = ["astronaut.png", "camera.png", "chelsea.png", "coffee.png", "retina.jpg", "rocket.jpg"]
    return {name: (folder / name).read_bytes() for name in names}


@pytest.fixture(scope="session")
def encode() -> Encode:
    """`encode(image, "PNG", **options)` -> bytes of a file."""

    def encode_(image: Image.Image, format: str, **options: object) -> bytes:
        buffer = io.BytesIO()
        if format == "HEIF":
            import pillow_heif

            pillow_heif.from_pillow(image).save(buffer, quality=95, **options)
        elif format == "JXL":
            return jxl(image, options.get("exif", b""))
        else:
            image.save(buffer, format, **options)
        return buffer.getvalue()

    return encode_


def jxl(image: Image.Image, exif: bytes = b"") -> bytes:
    """JPEG XL; its encoder counts no threads of its own."""
    from pillow_jxl import Encoder

    encode = Encoder(mode=image.mode, quality=95, num_threads=0)
    options = {"exif": exif.removeprefix(b"Exif\0\0") or None, "jumb": None, "xmp": None}
    return encode(image.tobytes(), *image.size, jpeg_encode=False, compress=False, **options)


@pytest.fixture
def ordinary_user() -> Iterator[Path]:
    """An empty folder of an ordinary user, who runs the test: no permission stops root."""
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() == 0:
            nobody = 65534
            os.chown(name, nobody, nobody)
            os.seteuid(nobody)
            try:
                yield Path(name)
            finally:
                os.seteuid(0)
        else:
            yield Path(name)
