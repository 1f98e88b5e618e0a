"""Films, of which one frame stands for the whole, through FFmpeg (PyAV), which is an extra."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from itertools import islice
from struct import unpack
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from PIL import Image
from PIL.ExifTags import Base

from indexer.photos import exif
from indexer.photos.colour_spaces import from_numbers
from indexer.photos.formats.boxes import is_cut_off
from indexer.photos.formats.brands import is_of
from indexer.photos.formats.family import Family, Format, Picture, PictureFile

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

PLACES = 8
"""Places, spread over the film, where frames are looked at."""

MOST_PACKETS = 64
"""Packets that are read for each of them."""

LOOK = (64, 64)
"""Pixels at which frames are compared."""

HIGH_DEFINITION = 720
"""Lines from which films that do not name their colours have those of BT.709."""

PIXEL_BYTES = 24.0
"""Of FFmpeg, which keeps up to 16 frames for others that are made from them, and RGB of one."""

WIDEST = 4
"""Times that a pixel may be as wide as high, or as high as wide; more is damage."""

_UNNAMED = 2
"""Colours, as ISO/IEC 23091-2 numbers them."""

# Where a display matrix (ISO/IEC 14496-12, 6.2.2) takes x and y -> orientation of EXIF.
_ORIENTATIONS = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}

_FIRST_YEAR = 1971
"""Clocks that are not set begin in 1904 or 1970."""

_MAKES = ("com.apple.quicktime.make", "com.android.manufacturer", "make")
_MODELS = ("com.apple.quicktime.model", "com.android.model", "model")
_TIMES = ("com.apple.quicktime.creationdate", "creation_time")
"""The former is the time at the place; the latter is always in UTC."""
_PLACES = ("com.apple.quicktime.location.ISO6709", "location", "location-eng")

# ISO 6709, annex H: degrees, minutes and seconds without signs between them; the last may have
# decimals, and a height may follow.
_ISO_6709 = re.compile(
    r"([+-])(\d\d)(\d\d)?(\d\d)?(\.\d+)?([+-])(\d{3})(\d\d)?(\d\d)?(\.\d+)?(?:[+-].*)?/?"
)


def _open(file: BinaryIO, _: str) -> PictureFile:
    container, stream = _opened(file)
    with container:
        size = stream.codec_context.width, stream.codec_context.height
        ratio = stream.codec_context.sample_aspect_ratio or stream.sample_aspect_ratio
    shown = _shown_width(size[0], ratio), size[1]
    return PictureFile(shown, lambda _: _decode(file, size, shown), pixel_bytes=PIXEL_BYTES)


def _shown_width(width: int, ratio: Fraction | None) -> int:
    """Return the width of a film in pixels as wide as they are high; in HDV and DV they are not."""
    if ratio is None or not 1 / WIDEST <= ratio <= WIDEST:
        return width
    return max(1, round(width * ratio))


def _opened(file: BinaryIO) -> "tuple[InputContainer, VideoStream]":
    """Read the header of a film, and choose the stream that players show."""
    import av

    av.logging.set_level(None)  # of this process: FFmpeg would tell stderr about damage
    file.seek(0)
    container = av.open(file, "r", format="mov")
    stream = container.streams.best("video")
    if not isinstance(stream, av.VideoStream) or not stream.codec_context.width:
        container.close()
        raise ValueError("there is sound, but no picture")
    return container, stream


def _decode(file: BinaryIO, size: tuple[int, int], shown: tuple[int, int]) -> Picture:
    container, stream = _opened(file)
    with container:
        context = stream.codec_context
        context.thread_count = 1  # files are decoded side by side
        # A damaged stream must not ask for larger frames than the header tells, and some margins.
        context.options = {"max_pixels": str((size[0] + 256) * (size[1] + 256))}
        frame = _most_telling(container, stream)
        image = _rgb(frame)
        if shown != size:
            image = image.resize(shown, Image.Resampling.BICUBIC)
        said = {**stream.metadata, **container.metadata}
        facts = replace(
            exif.read(exif.parse(_notes(said))),
            orientation=_orientation(frame),
            location=_location(said),
        )
        colours = from_numbers(int(frame.color_primaries), int(frame.color_trc))
        duration = _duration(container, stream)
        return Picture(image, facts, colours, is_cut_off(file), duration)


def _most_telling(container: "InputContainer", stream: "VideoStream") -> "VideoFrame":
    """Return the frame with the most to see, because films begin dark, and cut to black."""
    best, most = None, -1.0
    for frame in _frames(container, stream):
        detail = _detail(frame) / (1 if frame.pts != stream.start_time else 2)
        if detail > most:
            best, most = frame, detail
    if best is None:
        raise ValueError("no frame can be read")
    return best


def _frames(container: "InputContainer", stream: "VideoStream") -> "Iterator[VideoFrame]":
    """Yield key frames, which decode alone; of a film with only one, what follows it, too."""
    from av.stream import Discard

    for other in container.streams:
        if other is not stream:
            other.discard = Discard.all
    start, length = stream.start_time or 0, _length(container, stream)
    times = set()
    for place in range(PLACES):
        frame = _key_frame(container, stream, start + length * (2 * place + 1) // (2 * PLACES))
        if frame is not None and frame.pts not in times:
            times.add(frame.pts)
            yield frame
    if len(times) < 2:
        yield from _first_frames(container, stream, start)


def _key_frame(
    container: "InputContainer", stream: "VideoStream", place: int
) -> "VideoFrame | None":
    """Return the last key frame before a place, or a later one if the film is damaged there."""
    try:
        container.seek(place, stream=stream)
        for packet in islice(container.demux(stream), MOST_PACKETS):
            if packet.is_keyframe:
                # Without the end of the stream, many decoders would wait for more frames.
                frames = stream.decode(packet) + stream.decode(None)
                return frames[0] if frames else None
    except Exception:  # FFmpeg raises more kinds than its own
        return None
    return None


def _first_frames(
    container: "InputContainer", stream: "VideoStream", start: int
) -> "Iterator[VideoFrame]":
    """Yield every eighth frame of the beginning."""
    container.seek(start, stream=stream)
    packets = islice(container.demux(stream), PLACES * PLACES)
    frames = (frame for packet in packets for frame in stream.decode(packet))
    try:
        yield from islice(frames, 0, None, PLACES)
    except Exception:  # what came before the damage may do
        return


def _detail(frame: "VideoFrame") -> float:
    """Return how much a frame shows: the contrast of the whole, and that of neighbours."""
    width, height = LOOK
    grey = frame.reformat(width, height, "gray").to_ndarray().astype(np.float32)
    return float(grey.std() + np.abs(np.diff(grey)).mean() + np.abs(np.diff(grey, axis=0)).mean())


def _rgb(frame: "VideoFrame") -> Image.Image:
    unnamed = frame.colorspace == _UNNAMED and min(frame.width, frame.height) >= HIGH_DEFINITION
    colours = "ITU709" if unnamed else None
    return Image.fromarray(frame.reformat(format="rgb24", src_colorspace=colours).to_ndarray())


def _orientation(frame: "VideoFrame") -> int:
    """Return how a frame is turned upright: cameras write it into the film's header."""
    from av.sidedata.sidedata import Type

    matrix: Any = frame.side_data.get(Type.DISPLAYMATRIX.name)
    if matrix is None:
        return 1
    numbers = unpack("=9i", bytes(matrix))
    most = max(map(abs, numbers[:5])) or 1
    return _ORIENTATIONS.get(tuple(round(numbers[at] / most) for at in (0, 1, 3, 4)), 1)


def _length(container: "InputContainer", stream: "VideoStream") -> int:
    """Return how long a film is, in its own unit of time."""
    if stream.duration:
        return stream.duration
    return int((container.duration or 0) / 1_000_000 / (stream.time_base or 1))


def _duration(container: "InputContainer", stream: "VideoStream") -> float | None:
    seconds = float(_length(container, stream) * (stream.time_base or 0))
    return round(seconds, 3) if seconds > 0 else None


def _notes(said: Mapping[str, str]) -> bytes:
    """Return as EXIF what a film says of its time and camera."""
    tags = Image.Exif()
    for tag, names in ((Base.Make, _MAKES), (Base.Model, _MODELS)):
        tags[tag] = next((said[name] for name in names if said.get(name)), "")
    for name in _TIMES:
        try:
            moment = datetime.fromisoformat(said.get(name, "")[:19])
        except ValueError:
            continue
        if moment.year >= _FIRST_YEAR:
            tags[Base.DateTime] = moment.strftime("%Y:%m:%d %H:%M:%S")
            break
    return tags.tobytes()


def _location(said: Mapping[str, str]) -> tuple[float, float] | None:
    """Return the position that a film names; None where there is none."""
    for name in _PLACES:
        found = _ISO_6709.fullmatch(said.get(name, "").strip())
        if found:
            return exif.position(_degrees(found.groups()[:5]), _degrees(found.groups()[5:]))
    return None


def _degrees(parts: Sequence[str | None]) -> float | None:
    """Return an angle of its sign, degrees, minutes, seconds and decimals of the last of these."""
    sign, *whole, decimals = parts
    numbers = [float(one) for one in whole if one]
    numbers[-1] += float(decimals or 0)
    angle = exif.degrees(*numbers)
    return angle if angle is None or sign == "+" else -angle


FAMILY = Family(
    (
        Format("mp4", "video/mp4", rb"....ftyp", is_of("mp4")),
        Format("mov", "video/quicktime", rb"....ftyp", is_of("mov")),
        # QuickTime of before 2004 names no brand.
        Format("mov", "video/quicktime", rb"....(?:moov|mdat|wide|pnot)"),
    ),
    (".mp4", ".mov", ".m4v"),
    _open,
    apart=True,
    any_size=True,
    what="a film",
    extra="film",
    package="av",
)
