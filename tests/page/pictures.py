"""The pictures in docs/images: how they are made small, and which build of the page they show."""

import hashlib
import io
import re
from pathlib import Path

from page import BUILT, WEB, files_of  # scripts/page.py
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from surroundings import ROOT

IMAGES = ROOT / "docs" / "images"
NAMES = ("search", "photo", "teach", "words")
MOST_BYTES = 220_000
COLOURS = (256, 192, 128, 96, 64, 48)
KEY = "page"
"""Of the PNG text chunk that holds the digest of a build."""


def build_digest() -> str:
    """Return the sha256 of the built page: its files' names and contents."""
    digest = hashlib.sha256()
    for name, content in sorted(files_of(BUILT).items()):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def press(screenshot: Path) -> bytes:
    """Return a screenshot as a PNG with as many colours as its size allows.

    It says which build of the page it shows.
    """
    told = PngInfo()
    told.add_text(KEY, build_digest())
    with Image.open(screenshot) as opened:
        picture = opened.convert("RGB")
    for colours in COLOURS:
        file = io.BytesIO()
        few = picture.quantize(palette=palette(picture, colours), dither=Image.Dither.NONE)
        few.save(file, "PNG", optimize=True, pnginfo=told)
        if file.tell() <= MOST_BYTES:
            break
    return file.getvalue()


def palette(picture: Image.Image, colours: int) -> Image.Image:
    """Return the colours of a picture, with those of the page itself unchanged among them."""
    light = (WEB / "src" / "tokens.css").read_text("utf-8").partition("@media")[0]
    own = re.findall("#([0-9a-f]{6})", light)
    exact = b"".join(map(bytes.fromhex, sorted(set(own))))
    rest = picture.quantize(colours - len(exact) // 3).getpalette() or []
    chosen = Image.new("P", (1, 1))
    chosen.putpalette([*exact, *rest])
    return chosen


def shown_build(picture: Path) -> str:
    """Return the digest of the build that a picture shows; "" where it tells none."""
    with Image.open(picture) as opened:
        return str(opened.info.get(KEY, ""))
