"""Kinds of files that are known, but not read here: so that people are told which one it is."""

import re
from typing import BinaryIO

from indexer.photos.formats.brands import brands

HEAD = 512
"""Bytes that are looked at."""

NOBODY_KNOWS = "not an image, or of a kind that is not supported"

# Signatures as PRONOM and the formats' own documents have them.
_PICTURES = (
    (rb"8BPS\0[\x01\x02]", "a Photoshop picture (PSD)"),
    (rb"gimp xcf", "a GIMP picture (XCF)"),
    (rb"\0\0[\x01\x02]\0[^\0]\0", "an icon (ICO)"),
    (rb"icns", "an icon (ICNS)"),
    (rb"\xd7\xcd\xc6\x9a|\x01\0\x09\0\0\x03", "a Windows metafile (WMF)"),
    (rb"\x01\0\0\0.{36} EMF", "a Windows metafile (EMF)"),
    (rb"%!PS-Adobe-\d\.\d EPSF|\xc5\xd0\xd3\xc6", "an EPS drawing"),
    (rb"II\xbc\x01", "a JPEG XR picture"),
    (rb"FLIF", "a FLIF picture"),
    (rb"BPG\xfb", "a BPG picture"),
    (rb"AT&TFORM....DJV", "a DjVu document"),
    (rb"v/1\x01", "an OpenEXR picture"),
    (rb"#\?(?:RADIANCE|RGBE)", "a Radiance HDR picture"),
    (rb"P[1-7]\s", "a PNM picture"),
    (rb"P[Ff]\s", "a PFM picture"),
    (rb"qoif", "a QOI picture"),
    (rb"\x59\xa6\x6a\x95", "a Sun raster picture"),
    (rb"SIMPLE  =", "a FITS picture"),
    (rb"DDS \x7c", "a DirectDraw texture (DDS)"),
    (rb"\xabKTX ", "a KTX texture"),
    (rb"FOVb", "a raw photo by Sigma (X3F)"),
    (rb"\0MRM", "a raw photo by Minolta (MRW)"),
    (rb"\x8aMNG|\x8bJNG", "an MNG or JNG picture"),
    (rb"FORM....(?:ILBM|PBM )", "an Amiga picture (ILBM)"),
    (rb"(?:\xef\xbb\xbf)?\s*(?i:<svg\b|<(?:\?xml|!--|!doctype svg).*<svg\b)", "an SVG drawing"),
)
_FILMS = (
    (rb"\x1aE\xdf\xa3.*?webm", "a WebM film"),
    (rb"\x1aE\xdf\xa3", "a Matroska film (MKV)"),
    (rb"RIFF....AVI ", "an AVI film"),
    (rb"\0\0\x01[\xba\xb3]", "an MPEG film"),
    (rb"G.{187}G|.{4}G.{191}G", "an MPEG transport stream"),
    (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file"),
    (rb"FLV\x01", "a Flash film"),
)
_ANYTHING = (
    (rb"%PDF-", "PDF"),
    (rb"%!PS", "PostScript"),
    (rb"(?:\xef\xbb\xbf)?\s*(?i:<!doctype html|<html|<head|<body)\b", "an HTML page"),
    (rb"\s*<\?xml", "XML"),
    (rb"PK(?:\x03\x04|\x05\x06)", "a ZIP archive, or a document in one"),
    (rb"Rar!\x1a\x07", "a RAR archive"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (rb"\x1f\x8b\x08", "a gzip archive"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office document"),
    (rb"\{\\rtf", "an RTF document"),
    (rb"ID3|\xff[\xfb\xf3\xf2]", "MP3 sound"),
    (rb"RIFF....WAVE", "WAV sound"),
    (rb"OggS", "an Ogg file"),
    (rb"fLaC", "FLAC sound"),
    (rb"SQLite format 3\0", "an SQLite database"),
    (rb"\x7fELF|MZ", "a program"),
    (rb"\0{512}", "nothing but zeros"),
    (rb"\0\x05\x16\x07", "notes of macOS on a file (AppleDouble)"),
    (rb"version https://git-lfs", "a pointer of Git LFS instead of the file"),
)


def reason(file: BinaryIO) -> str:
    """Return why a file that no family knows is not read, in a line."""
    file.seek(0)
    head = file.read(HEAD)
    for kinds, because in (
        (_PICTURES, "which is not supported"),
        (_FILMS, "which is not supported"),
        (_ANYTHING, "which is not a picture"),
    ):
        for signature, name in kinds:
            if re.match(signature, head, re.DOTALL):
                return f"{name}, {because}"
    named = brands(file)[:1]
    if named and named[0].decode("ascii", "replace").isprintable():
        brand = named[0].decode("ascii", "replace").strip()
        return f"a file of the brand {brand!r}, which is not supported"
    return NOBODY_KNOWS
