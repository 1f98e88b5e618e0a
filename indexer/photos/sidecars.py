"""What programs wrote into a file beside a photo: IMG_1.xmp or IMG_1.jpg.xmp of IMG_1.jpg.

A sidecar is XMP (ISO 16684-1): properties of the photo in RDF, as attributes or as elements. Where
the photo itself does not tell when, where and by which camera it was taken, its sidecar may. One
that is damaged, too large or hostile tells nothing, and costs no photo.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from xml.parsers import expat

from indexer.photos.exif import Facts, camera_of, degrees, position, printable
from indexer.photos.paths import to_path

ENDING = ".xmp"

LARGEST = 4_000_000
"""Bytes. Long histories of edits take some hundred thousand."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXIF = "http://ns.adobe.com/exif/1.0/"
_TIFF = "http://ns.adobe.com/tiff/1.0/"
_MAKE, _MODEL = f"{_TIFF} Make", f"{_TIFF} Model"
_LATITUDE, _LONGITUDE = f"{_EXIF} GPSLatitude", f"{_EXIF} GPSLongitude"
_TIMES = (
    f"{_EXIF} DateTimeOriginal",
    "http://ns.adobe.com/photoshop/1.0/ DateCreated",
    "http://ns.adobe.com/xap/1.0/ CreateDate",
)
"""When it was taken, the surest first."""
_WANTED = frozenset((_MAKE, _MODEL, _LATITUDE, _LONGITUDE, *_TIMES))

# Degrees and minutes with decimals, or degrees, minutes and seconds (XMP part 2, GPSCoordinate).
_ANGLE = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d{1,20})?)(?:,(\d{1,2}(?:\.\d{1,20})?))?([NSEW])")


class Rejected(Exception):
    """A sidecar that holds what no XMP has."""


def sidecar_names(name: str) -> tuple[str, ...]:
    """Return the names that a sidecar of a file may have, the surest first."""
    stems = dict.fromkeys((name, name.rpartition(".")[0] or name))
    return tuple(stem + ending for stem in stems for ending in (ENDING, ENDING.upper()))


def sidecars_among(files: Iterable[os.DirEntry[str]]) -> dict[str, os.DirEntry[str]]:
    """Return those files of a folder that are named like sidecars, by name."""
    return {one.name: one for one in files if one.name.lower().endswith(ENDING)}


def changed_ns_beside(name: str, sidecars: Mapping[str, os.DirEntry[str]]) -> int:
    """Return when the sidecar of a photo last changed, as `records.File` has it; 0 without one."""
    for one in sidecar_names(name):
        if one in sidecars:
            with suppress(OSError):  # it went while the folder was read
                return sidecars[one].stat().st_ctime_ns
    return 0


def facts_beside(path: str) -> Facts | None:
    """Return what the sidecar of a photo tells; None where it has none.

    Args:
        path: of the photo, as `paths.to_text` writes it.
    """
    folder, slash, name = path.rpartition("/")
    for one in sidecar_names(name):
        data = _content(to_path(folder + slash + one))
        if data is not None:
            return parse_sidecar(data)
    return None


def _content(path: Path) -> bytes | None:
    """Return the bytes of a file, b"" where they are too many or cannot be read, None for none."""
    try:
        # Not blocking, because a pipe would wait for its writer.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST:
                return file.read(LARGEST)
    except FileNotFoundError:
        return None
    except OSError:
        return b""
    return b""


def parse_sidecar(data: bytes) -> Facts:
    """Return what XMP tells of time, camera and place; nothing where it is damaged."""
    reader = _XmpReader()
    with suppress(expat.ExpatError, Rejected, LookupError, ValueError):
        reader.read(data)
    said = {name: " ".join(printable(text).split()) for name, text in reader.said.items()}
    return Facts(
        captured=next(_moments(said.get(name, "") for name in _TIMES), None),
        camera=camera_of(said.get(_MAKE, ""), said.get(_MODEL, "")),
        location=position(_angle(said.get(_LATITUDE, "")), _angle(said.get(_LONGITUDE, ""))),
    )


class _XmpReader:
    """Takes the wanted properties of a photo out of XMP.

    Attributes:
        said: "namespace name" -> text.
    """

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self._open: list[str] = []
        self._text: list[str] = []

    def read(self, data: bytes) -> None:
        """Read a whole file.

        Raises:
            expat.ExpatError, ValueError: it is not XML.
            LookupError: nobody knows its encoding.
            Rejected: it defines entities, which can grow without end and name other files.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.Parse(data, True)

    def _refuse(self, *_: object) -> None:
        raise Rejected

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        # Descriptions of the photo lie right in rdf:RDF; others tell of layers and earlier states.
        if name == f"{_RDF} Description" and self._open[-1:] == [f"{_RDF} RDF"]:
            for own in _WANTED & attributes.keys():
                self.said.setdefault(own, attributes[own])
        self._open.append(name)
        self._text.clear()

    def _end(self, name: str) -> None:
        self._open.pop()
        if name in _WANTED and self._open[-2:] == [f"{_RDF} RDF", f"{_RDF} Description"]:
            self.said.setdefault(name, "".join(self._text))
        self._text.clear()


def _moments(texts: Iterable[str]) -> Iterator[str]:
    """Yield those that are days or times, ISO 8601 without a zone, as EXIF has none."""
    for text in texts:
        date, time = text[:10].replace(":", "-"), text[10:]  # darktable writes them as EXIF does
        with suppress(ValueError):
            moment = datetime.fromisoformat(date + time.replace(" ", "T"))
            yield moment.replace(tzinfo=None, microsecond=0).isoformat()


def _angle(text: str) -> float | None:
    """Return an angle in degrees; south and west are under 0."""
    found = _ANGLE.fullmatch(text.replace(" ", "").upper())
    if found is None:
        return None
    angle = degrees(*(float(part or 0) for part in found.groups()[:3]))
    return -angle if angle is not None and found[4] in "SW" else angle
