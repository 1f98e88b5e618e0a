"""The scans of a JPEG: where the picture ends, and which scans a small picture can do without.

Markers and segments: ITU-T T.81, annex B; what scans of a progressive picture hold: annex G.
"""

from dataclasses import dataclass, field, replace

import numpy as np

_START, END = b"\xff\xd8", b"\xff\xd9"
_HUFFMAN, _SCAN, _QUANTISATION, _INTERVAL, _COMMENT = 0xC4, 0xDA, 0xDB, 0xDD, 0xFE
_APPLICATION = frozenset(range(0xE0, 0xF0))
_FRAMES = frozenset(range(0xC0, 0xD0)) - {_HUFFMAN, 0xC8, 0xCC}
_PROGRESSIVE = frozenset((0xC2, 0xC6, 0xCA, 0xCE))
# Within the data of a scan, 0xFF is followed by zero or by the number of a restart interval; a
# further 0xFF before a marker means nothing.
_NO_MARKERS = (0x00, 0xFF, *range(0xD0, 0xD8))


@dataclass(frozen=True, slots=True)
class JpegScan:
    """One scan.

    Attributes:
        components: their identifiers.
        first, last: coefficients that it gives, in zigzag order; 0 is the mean of a block.
        refines: it gives a further bit of what earlier scans gave.
        start, end: bytes from the start of the file to its marker, and to the marker behind it.
    """

    components: bytes
    first: int
    last: int
    refines: bool
    start: int
    end: int = 0


@dataclass(slots=True)
class JpegScans:
    """The scans of a picture, as far as they were looked through.

    Attributes:
        end: bytes from the start of the file up to what cannot be part of the picture: the end
            marker, or what looks like a marker in a trailer.
        found: the scans that begin before that.
        progressive: later scans refine what earlier ones gave.
        components: their identifiers.
        missing: (component, coefficient) that no scan gave to the last bit yet.
    """

    end: int = 0
    found: list[JpegScan] = field(default_factory=list)
    progressive: bool = False
    components: frozenset[int] = frozenset()
    missing: set[tuple[int, int]] = field(default_factory=set)
    _begun: bool = False

    @property
    def complete(self) -> bool:
        """Tell whether no scan is missing; the last one may still be cut short."""
        return self._begun and not self.missing

    def add(self, marker: int, segment: bytes, start: int) -> bool:
        """Take the next segment, which begins with its length; tell whether it may come here.

        Args:
            marker: of the segment.
            segment: behind the marker.
            start: of the marker, bytes from the start of the file.
        """
        if len(segment) < 3 or len(segment) != int.from_bytes(segment[:2]):
            return False
        if marker in _FRAMES:
            return self._add_frame(marker, segment)
        if marker == _SCAN:
            return self._add_scan(segment, start)
        if not self.found:
            return marker in _APPLICATION or marker in (0xC8, 0xCC, 0xDC, *_TABLES, _COMMENT)
        return not self.complete and marker in _TABLES and _TABLES[marker](segment[2:])

    def end_scan(self, place: int) -> None:
        """Take the place of a marker: the data of a scan ends there."""
        if self.found and not self.found[-1].end:
            self.found[-1] = replace(self.found[-1], end=place)

    def _add_frame(self, marker: int, segment: bytes) -> bool:
        if self._begun or len(segment) < 8 or len(segment) != 8 + 3 * segment[7]:
            return False
        self._begun, self.progressive = True, marker in _PROGRESSIVE
        self.components = frozenset(segment[8::3])
        numbers = range(64 if self.progressive else 1)
        self.missing = {(component, number) for component in self.components for number in numbers}
        return True

    def _add_scan(self, segment: bytes, start: int) -> bool:
        if self.complete or not self._begun or len(segment) != 6 + 2 * segment[2]:
            return False
        first, last, bits = segment[-3:]
        if self.progressive and not bits & 15:  # else the lower bits come in a later scan
            numbers = range(first, last + 1)
        else:
            numbers = range(0 if self.progressive else 1)
        components = segment[3:-3:2]
        self.missing -= {(component, number) for component in components for number in numbers}
        self.found.append(JpegScan(components, first, last, bits >> 4 > 0, start))
        return True


def look_through(data: bytes) -> JpegScans:
    """Return the scans of the picture in `data`, which begins with the start marker."""
    scans, position = JpegScans(), len(_START)
    for start in _marker_places(data):
        if start < position:  # within a segment
            continue
        scans.end_scan(start)
        place = start + 2
        segment = data[place : place + int.from_bytes(data[place : place + 2])]
        if not scans.add(data[start + 1], segment, start):
            scans.end = len(data[:start].rstrip(b"\xff"))
            return scans
        position = place + len(segment)
    scans.end = len(data.rstrip(b"\xff"))
    return scans


def _marker_places(data: bytes) -> list[int]:
    """Return where there may be markers: a regular expression would take six times as long."""
    values = np.frombuffer(data, np.uint8)
    places = np.flatnonzero(values[:-1] == 0xFF)
    markers: list[int] = places[~np.isin(values[places + 1], _NO_MARKERS)].tolist()
    return markers


def without_fine_detail(data: bytes) -> bytes | None:
    """Return a progressive picture without what cannot be seen at a quarter of its size.

    Kept are the means of all blocks, and for each component the first scan of the lowest
    frequencies. None if the picture is not whole, or its scans are another series.
    """
    scans = look_through(data)
    if not (scans.progressive and scans.complete and data.startswith(END, scans.end)):
        return None
    coarse, left = b"", []
    for scan in scans.found:
        if scan.first == 1 and not scan.refines and not set(scan.components) & set(coarse):
            coarse += scan.components
        elif scan.first:
            left.append(scan)
    if set(coarse) != scans.components or not left:
        return None
    starts, ends = [0, *(scan.end for scan in left)], [*(scan.start for scan in left), len(data)]
    return b"".join(data[start:end] for start, end in zip(starts, ends, strict=True))


def _are_huffman(tables: bytes) -> bool:
    while tables:
        length = 17 + sum(tables[1:17])
        if tables[0] & 0xEC or len(tables) < length:
            return False
        tables = tables[length:]
    return True


def _are_quantisation(tables: bytes) -> bool:
    while tables:
        length = 1 + 64 * (1 + (tables[0] >> 4))
        if tables[0] & 0xEC or len(tables) < length:
            return False
        tables = tables[length:]
    return True


def _is_interval(number: bytes) -> bool:
    return len(number) == 2


_TABLES = {_HUFFMAN: _are_huffman, _QUANTISATION: _are_quantisation, _INTERVAL: _is_interval}
