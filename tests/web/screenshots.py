"""The pictures in docs/images: how they are made small, and which build of the page they show."""

import hashlib
import io
from pathlib import Path

from page import BUILT, files_of  # scripts/page.py
from PIL import Image
from PIL.ExifTags import Base
from surroundings import ROOT

IMAGES = ROOT / "docs" / "images"
NAMES = ("search", "photo", "teach", "words")
MOST_BYTES = 220_000
QUALITY = 85


def build_digest() -> str:
    """Return the sha256 of the built page: its files' names and contents."""
    digest = hashlib.sha256()
    for name, content in sorted(files_of(BUILT).items()):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def press(screenshot: Path) -> bytes:
    """Return a screenshot as WebP; its EXIF description is the digest of the build it shows."""
    exif = Image.Exif()
    exif[Base.ImageDescription] = build_digest()
    file = io.BytesIO()
    with Image.open(screenshot) as opened:
        opened.convert("RGB").save(file, "WEBP", quality=QUALITY, method=6, exif=exif)
    return file.getvalue()


def shown_build(picture: Path) -> str:
    """Return the digest of the build that a picture shows; "" if it has none."""
    with Image.open(picture) as opened:
        return str(opened.getexif().get(Base.ImageDescription, ""))
