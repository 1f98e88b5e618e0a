"""Kinds of files: the reason names the kind, and the extra that would read it."""

import importlib.util
import io
import re

import pytest
from PIL import Image

from indexer.errors import Unreadable
from indexer.photos import formats
from indexer.photos.decoding import decode
from indexer.photos.formats import FAMILIES, endings

EXTRAS = {"jxl": "pillow_jxl", "raw": "rawpy", "film": "av"}

OTHERS = [
    (b"8BPS\0\1" + bytes(20), "a Photoshop picture (PSD), which is not supported"),
    (b"%PDF-1.7\n", "PDF, which is not a picture"),
    (b'<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="a">', "an SVG drawing"),
    (b"<svg width='1'>", "an SVG drawing"),
    (b"\xef\xbb\xbf<!DOCTYPE html><html><svg>", "an HTML page, which is not a picture"),
    (b"\n<html>", "an HTML page"),
    (b"\0\0\1\0\1\0\x10\x10", "an icon (ICO)"),
    (b"\xd7\xcd\xc6\x9a\0\0", "a Windows metafile (WMF)"),
    (b"\1\0\0\0" + bytes(36) + b" EMF", "a Windows metafile (EMF)"),
    (b"%!PS-Adobe-3.0 EPSF-3.0", "an EPS drawing"),
    (b"II\xbc\1\x20\0\0\0", "a JPEG XR picture"),
    (b"FLIF44", "a FLIF picture"),
    (b"AT&TFORM\0\0\0\0DJVU", "a DjVu document"),
    (b"v/1\1\2\0\0\0", "an OpenEXR picture"),
    (b"#?RADIANCE\n", "a Radiance HDR picture"),
    (b"P6\n4 4\n255\n", "a PNM picture"),
    (b"qoif\0\0\0\4", "a QOI picture"),
    (b"gimp xcf v011", "a GIMP picture (XCF)"),
    (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\x82\x84webm", "a WebM film"),
    (b"\x1aE\xdf\xa3\xa3B\x82\x88matroska", "a Matroska film (MKV), which is not supported"),
    (b"RIFF\0\0\0\0AVI LIST", "an AVI film"),
    (b"\0\0\1\xba\x44", "an MPEG film"),
    (b"ID3\4\0", "MP3 sound, which is not a picture"),
    (b"RIFF\0\0\0\0WAVEfmt ", "WAV sound"),
    (b"PK\3\4\x14\0", "a ZIP archive, or a document in one"),
    (bytes(512), "nothing but zeros"),
    (b"\0\0\0\x14ftypzzzz\0\0\0\0zzzz", "a file of the brand 'zzzz', which is not supported"),
    (b"Dear diary", "not an image, or of a kind that is not supported"),
    (b"\x93\x12\x8e" * 50, "not an image, or of a kind that is not supported"),
]


@pytest.mark.parametrize(("data", "reason"), OTHERS)
def test_the_reason_names_the_kind(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decode(data, 224)
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without extras."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "indexer.photos.formats.family.find_spec",
        lambda name: None if name in EXTRAS.values() else find(name),
    )


KNOWN = {
    "jxl": (b"\xff\x0a\0\0", "a JPEG XL picture"),
    "raw": (b"FUJIFILMCCD-RAW 0201", "a raw photo"),
    "film": (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a film"),
}


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("extra", KNOWN)
def test_the_reason_names_the_extra(extra: str) -> None:
    data, what = KNOWN[extra]
    expected = f"{what}, which needs an extra: pip install 'magpie-search[{extra}]'"
    with pytest.raises(Unreadable, match=f"^{re.escape(expected)}$"):
        decode(data, 224)


@pytest.mark.usefixtures("plain")
def test_files_that_need_an_extra_are_not_looked_for() -> None:
    assert {".jpg", ".avif", ".jp2", ".hif"} <= set(endings())
    assert not {".jxl", ".dng", ".mov"} & set(endings())


def test_every_family_says_what_is_needed_of_it() -> None:
    names = [one.name for family in FAMILIES for one in family.formats]
    assert len(set(names) - {"mov"}) == len(names) - names.count("mov")
    every = [ending for family in FAMILIES for ending in family.endings]
    assert len(set(every)) == len(every)
    for family in FAMILIES:
        assert bool(family.extra) == bool(family.package) == bool(family.what)
        assert all(ending == ending.lower() and ending[0] == "." for ending in family.endings)


def test_media_types() -> None:
    assert formats.media_type("avif") == "image/avif"
    assert formats.media_type("mov") == "video/quicktime"
    assert {family.extra: family.package for family in FAMILIES if family.extra} == EXTRAS


def test_reading_the_head_leaves_the_file_usable() -> None:
    file = io.BytesIO()
    Image.new("RGB", (9, 7)).save(file, "PNG")
    assert decode(file, 224).width == 9
    assert decode(file, 224).width == 9
