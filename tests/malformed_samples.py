"""Malformed picture files of over 60 kinds, made by ourselves from pictures that are drawn here.

The same seed gives the same files. Each kind is harmless: it claims, repeats or lacks something;
what it unpacks to is small. Nothing here crashes or hangs a decoder; `odd_worker` stands in for
what does.
"""

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pillow_heif
from film_samples import film
from PIL import Image, ImageDraw
from raw_samples import dng

Random = random.Random


@dataclass(frozen=True, slots=True)
class Malformed:
    """A file: its name, which begins with its kind, and what is in it."""

    name: str
    content: bytes


def drawn(rng: Random) -> Image.Image:
    """Draw a small picture that is like no other."""
    image = Image.new("RGB", (rng.randint(64, 128), rng.randint(64, 128)), _colour(rng))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = rng.randrange(image.width), rng.randrange(image.height)
        draw.ellipse((x, y, x + rng.randint(4, 60), y + rng.randint(4, 60)), _colour(rng))
    return image


def _colour(rng: Random) -> tuple[int, int, int]:
    return rng.randrange(256), rng.randrange(256), rng.randrange(256)


def saved(rng: Random, format: str, frames: int = 1, **options: object) -> bytes:
    """Draw a picture, or an animation, and save it."""
    first, *others = (drawn(rng) for _ in range(frames))
    file = io.BytesIO()
    if format == "HEIF":
        pillow_heif.from_pillow(first).save(file)
    elif format == "JXL":
        from pillow_jxl import Encoder

        encoder = Encoder(mode="RGB", quality=80, num_threads=0)
        none = {"exif": None, "jumb": None, "xmp": None}
        size = (first.width, first.height)
        return encoder(first.tobytes(), *size, jpeg_encode=False, compress=False, **none)
    elif format == "MP4":
        size = (first.width // 2 * 2, first.height // 2 * 2)
        return film([first.resize(size).rotate(5 * number) for number in range(12)])
    elif format == "DNG":
        return dng(first.resize((96, 64)))
    else:
        if others:
            options |= {
                "save_all": True,
                "append_images": [one.resize(first.size) for one in others],
            }
        first.save(file, format, **options)
    return file.getvalue()


def patched(data: bytes, place: int, content: bytes) -> bytes:
    """Write something over what lies at a place."""
    return data[:place] + content + data[place + len(content) :]


def behind(data: bytes, mark: bytes, offset: int, content: bytes) -> bytes:
    """Write something over what lies so many bytes behind a mark."""
    return patched(data, data.index(mark) + len(mark) + offset, content)


def cut(data: bytes, rng: Random, most: float = 0.4) -> bytes:
    """Return the beginning."""
    return data[: rng.randint(16, max(17, int(len(data) * most)))]


def flipped(data: bytes, rng: Random) -> bytes:
    """Change bytes of the header, behind what tells the format."""
    changed = bytearray(data)
    for _ in range(rng.randint(8, 24)):
        changed[rng.randrange(12, min(len(data), 160))] ^= rng.randint(1, 255)
    return bytes(changed)


def emptied(data: bytes, rng: Random) -> bytes:
    """Leave zeros from somewhere near the beginning on, as a broken download does."""
    start = rng.randint(24, max(25, len(data) // 4))
    return data[:start] + bytes(len(data) - start)


# JPEG ----------------------------------------------------------------------------------------


def _jpeg(rng: Random, **options: object) -> bytes:
    return saved(rng, "JPEG", **options)


def _frame(data: bytes) -> int:
    """Place of the height in a JPEG's frame header."""
    mark = b"\xff\xc0" if b"\xff\xc0\0\x11" in data else b"\xff\xc2"
    return data.index(mark + b"\0\x11") + 5


def _jpeg_size(rng: Random, height: int, width: int, **options: object) -> bytes:
    data = _jpeg(rng, **options)
    return patched(data, _frame(data), struct.pack(">2H", height, width))


def _many_scans(rng: Random) -> bytes:
    data = _jpeg(rng, progressive=True)
    scan = data.rindex(b"\xff\xda")
    return data[:scan] + data[scan:-2] * rng.randint(200, 400) + data[-2:]


def _without(data: bytes, marker: bytes) -> bytes:
    while marker in data:
        place = data.index(marker)
        (length,) = struct.unpack_from(">H", data, place + 2)
        data = data[:place] + data[place + 2 + length :]
    return data


def _exif(rng: Random, tiff: bytes) -> bytes:
    """A JPEG cut short whose EXIF is that: it may be damaged, and so is the rest."""
    data = _jpeg(rng)
    segment = b"Exif\0\0" + tiff
    head = b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment
    return cut(data[:2] + head + data[2:], rng, 0.3)


def looping_directory(order: str = "<") -> bytes:
    """A TIFF directory whose next one is itself, and so are those below it."""
    entries = [struct.pack(order + "HHII", tag, 4, 1, 8) for tag in (330, 34665, 34853)]
    mark = b"II*\0" if order == "<" else b"MM\0*"
    content = struct.pack(order + "H", len(entries)) + b"".join(entries)
    return mark + struct.pack(order + "I", 8) + content + struct.pack(order + "I", 8)


# PNG -----------------------------------------------------------------------------------------


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", _crc(kind, content))


def _crc(kind: bytes, content: bytes) -> int:
    return zlib.crc32(kind + content)


def png(
    header: tuple[int, int, int, int], *chunks: bytes, data: bytes = b"", interlaced: int = 0
) -> bytes:
    """Return a PNG of a header (width, height, depth, colour), of chunks and of packed data."""
    first = struct.pack(">2I5B", *header, 0, 0, interlaced)
    parts = (chunk(b"IHDR", first), *chunks, chunk(b"IDAT", data), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def bomb(size: int) -> bytes:
    """Deflate zeros: a thousandth of their size."""
    return zlib.compress(bytes(size), 9)


def _frames_of_none(rng: Random) -> bytes:
    control = chunk(b"acTL", struct.pack(">2I", 0, 0))
    return png((rng.randint(9, 99), 9, 8, 2), control)


# GIF, BMP, WebP ------------------------------------------------------------------------------


def gif(width: int, height: int, *blocks: bytes) -> bytes:
    """Return a GIF of two colours."""
    head = b"GIF89a" + struct.pack("<2H3B", width, height, 0x80, 0, 0)
    return head + bytes(3) + b"\xff\xff\xff" + b"".join(blocks) + b";"


def _gif_frame(box: tuple[int, int, int, int], bits: int, data: bytes) -> bytes:
    return b"," + struct.pack("<4HB", *box, 0) + bytes((bits, len(data))) + data + b"\0"


def bmp(
    width: int, height: int, bits: int, compression: int, data: bytes = b"", size: int = 40
) -> bytes:
    """Return a BMP."""
    info = struct.pack("<I2i2H6I", size, width, height, 1, bits, compression, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<I4xI", 54 + len(data), 54) + info + data


def webp(*chunks: tuple[bytes, bytes], size: int | None = None) -> bytes:
    """Return a WebP of chunks."""
    parts = [
        name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for name, data in chunks
    ]
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def _canvas(width: int, height: int, animated: bool = False) -> tuple[bytes, bytes]:
    flags = 2 if animated else 0
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", bytes((flags, 0, 0, 0)) + sides


# TIFF ----------------------------------------------------------------------------------------


def tiff(tags: dict[int, tuple[int, int, int]], after: bytes = b"", following: int = 0) -> bytes:
    """Return a TIFF of one directory; a tag has a type, a number of values, a value or place."""
    entries = b"".join(struct.pack("<HHII", tag, *tags[tag]) for tag in sorted(tags))
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", following)
    return head + after


def _page(width: int, height: int, **others: int) -> dict[int, tuple[int, int, int]]:
    """Tags of a grey page of one strip, which lies behind 200 bytes."""
    tags = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 200, 277: 1, 278: height, 279: 64}
    names = {
        "bits": 258,
        "compression": 259,
        "rows": 278,
        "place": 273,
        "bytes_": 279,
        "samples": 277,
    }
    tags |= {names[name]: value for name, value in others.items()}
    return {tag: (4, 1, value) for tag, value in tags.items()}


def _chained(rng: Random) -> bytes:
    """Thousands of empty directories, one after the other."""
    count = rng.randint(3_000, 6_000)
    parts = [b"II*\0" + struct.pack("<I", 8)]
    parts += [struct.pack("<HI", 0, 8 + 6 * (number + 1)) for number in range(count - 1)]
    return b"".join((*parts, struct.pack("<HI", 0, 0)))


def _packed_tiff(rng: Random) -> bytes:
    """A strip that unpacks to far more than the page has."""
    data = bomb(20_000_000)
    page = _page(rng.randint(8, 64), 64, compression=8, bytes_=len(data))
    return tiff(page).ljust(200, b"\0") + data


# Boxes: JPEG 2000, JPEG XL, HEIF, AVIF, films ---------------------------------------------------


def box(kind: bytes, content: bytes, length: int | None = None) -> bytes:
    """Return a box, of another length than its own if asked."""
    return struct.pack(">I", 8 + len(content) if length is None else length) + kind + content


def nested(kind: bytes, depth: int) -> bytes:
    """Return a box in a box in a box."""
    content = b""
    for _ in range(depth):
        content = box(kind, content)
    return content


def _codestream(rng: Random, offset: int, content: bytes) -> bytes:
    """A JPEG 2000 codestream whose SIZ segment has something else at a place."""
    data = saved(rng, "JPEG2000", no_jp2=True)
    return patched(data, data.index(b"\xff\x51") + 4 + offset, content)


def _brand(brand: bytes, *boxes: bytes) -> bytes:
    return box(b"ftyp", brand + bytes(4) + brand + b"mif1") + b"".join(boxes)


def _coded(rng: Random, format: str, mark: bytes, offset: int, content: bytes) -> bytes:
    options = {"speed": 10} if format == "AVIF" else {}
    return behind(saved(rng, format, **options), mark, offset, content)


def _jxl_size(rng: Random) -> bytes:
    """A JPEG XL codestream that claims 100,000 x 100,000 pixels (18181-1, D.2)."""
    bits, value = 0, 0
    for number, width in ((0, 1), (3, 2), (100_000 - 1, 30), (0, 3), (3, 2), (100_000 - 1, 30)):
        value |= number << bits
        bits += width
    return b"\xff\x0a" + value.to_bytes(12, "little") + saved(rng, "JXL")[20:]


Kind = Callable[[Random], bytes]

HUGE = 60_000
"""Pixels of a side: with another like it, over the limit of any picture."""


def wide(rng: Random) -> int:
    """Return pixels of a side: with another like it under that limit, or as a camera has them."""
    return rng.choice((6_500, 13_000))


KINDS: dict[str, tuple[str, Kind]] = {
    "jpeg cut": (".jpg", lambda rng: cut(_jpeg(rng), rng)),
    "jpeg flipped header": (".jpg", lambda rng: flipped(_jpeg(rng), rng)),
    "jpeg emptied": (".jpg", lambda rng: emptied(_jpeg(rng), rng)),
    "jpeg huge": (".jpg", lambda rng: _jpeg_size(rng, HUGE, HUGE)),
    "jpeg wide": (".jpg", lambda rng: _jpeg_size(rng, *[wide(rng)] * 2)),
    "jpeg wide progressive": (
        ".jpg",
        lambda rng: _jpeg_size(rng, *[wide(rng)] * 2, progressive=True),
    ),
    "jpeg of no size": (".jpg", lambda rng: _jpeg_size(rng, 0, rng.randint(0, 9))),
    "jpeg of many scans": (".jpg", _many_scans),
    "jpeg without tables": (".jpg", lambda rng: _without(_jpeg(rng), b"\xff\xdb")),
    "jpeg looping exif": (".jpg", lambda rng: _exif(rng, looping_directory())),
    "jpeg greedy exif": (".jpg", lambda rng: _exif(rng, tiff({271: (2, 2**31, 8)}))),
    "jpeg components": (
        ".jpg",
        lambda rng: (d := _jpeg(rng), patched(d, _frame(d) + 4, b"\xff"))[1],
    ),
    "png cut": (".png", lambda rng: cut(saved(rng, "PNG"), rng)),
    "png flipped header": (".png", lambda rng: flipped(saved(rng, "PNG"), rng)),
    "png huge": (".png", lambda rng: png((HUGE, HUGE, 8, 2), data=bomb(99))),
    "png wide": (
        ".png",
        lambda rng: png((*[wide(rng)] * 2, 8, 6), data=bomb(rng.randint(9, 9999))),
    ),
    "png large and empty": (
        ".png",
        lambda rng: png((4_000, 4_000, 8, 6), data=bomb(rng.randint(1, 9))),
    ),
    "png of no size": (".png", lambda rng: png((0, rng.randint(0, 9), 8, 2), data=bomb(9))),
    "png bomb behind little": (
        ".png",
        lambda rng: png((8, 8, 16, 6), data=bomb(rng.randint(4, 9) * 10**6)[:99]),
    ),
    "png profile bomb": (
        ".png",
        lambda rng: png((64, 64, 8, 2), chunk(b"iCCP", b"x\0\0" + bomb(30 * 10**6)), data=bomb(9)),
    ),
    "png text bomb": (
        ".png",
        lambda rng: png((64, 64, 8, 2), chunk(b"zTXt", b"x\0\0" + bomb(30 * 10**6)), data=bomb(9)),
    ),
    "png no frames": (".png", _frames_of_none),
    "png impossible depth": (
        ".png",
        lambda rng: png((64, 64, rng.choice((3, 7, 32)), 6), data=bomb(9999)),
    ),
    "png no palette": (".png", lambda rng: png((rng.randint(9, 64), 64, 8, 3), data=b"")),
    "gif cut": (".gif", lambda rng: saved(rng, "GIF")[: rng.randint(13, 200)]),
    "gif huge": (".gif", lambda rng: gif(HUGE, HUGE, _gif_frame((0, 0, HUGE, HUGE), 2, b"\x44\1"))),
    "gif wide": (".gif", lambda rng: gif(*[wide(rng)] * 2, _gif_frame((0, 0, 9, 9), 2, b"\x44\1"))),
    "gif no frames": (".gif", lambda rng: gif(rng.randint(1, 99), 9)),
    "gif of no size": (
        ".gif",
        lambda rng: gif(0, rng.randint(0, 9), _gif_frame((0, 0, 0, 0), 2, b"\x44\1")),
    ),
    "gif codes": (
        ".gif",
        lambda rng: gif(64, 64, _gif_frame((0, 0, 64, 64), rng.randint(13, 255), b"\xff\xff")),
    ),
    "bmp huge": (".bmp", lambda rng: bmp(HUGE, HUGE, 24, 0)),
    "bmp wide": (
        ".bmp",
        lambda rng: bmp(wide(rng), -wide(rng), rng.choice((16, 32)), 3, bytes(16)),
    ),
    "bmp depth": (".bmp", lambda rng: bmp(64, 64, rng.choice((7, 48, 99)), 0, bytes(99))),
    "bmp header": (".bmp", lambda rng: bmp(64, 64, 24, 0, bytes(99), rng.randint(100_000, 2**31))),
    "bmp cut": (".bmp", lambda rng: cut(saved(rng, "BMP"), rng)),
    "webp cut": (".webp", lambda rng: cut(saved(rng, "WEBP"), rng)),
    "webp flipped header": (
        ".webp",
        lambda rng: behind(saved(rng, "WEBP"), b"VP8 ", 4, rng.randbytes(12)),
    ),
    "webp huge": (".webp", lambda rng: webp(_canvas(16_000, 16_000), (b"VP8 ", rng.randbytes(64)))),
    "webp no frames": (".webp", lambda rng: webp(_canvas(64, 64, True), (b"ANIM", bytes(6)))),
    "webp size": (
        ".webp",
        lambda rng: webp((b"VP8L", b"\x2f" + rng.randbytes(9)), size=rng.randint(4, 2**32 - 1)),
    ),
    "tiff cut": (".tif", lambda rng: cut(saved(rng, "TIFF"), rng)),
    "tiff looping": (".tif", lambda rng: looping_directory(rng.choice("<>"))),
    "tiff chained": (".tif", _chained),
    "tiff huge": (".tif", lambda rng: tiff(_page(2**31, HUGE)).ljust(300, b"\0")),
    "tiff wide": (".tif", lambda rng: tiff(_page(*[wide(rng)] * 2, bits=16)).ljust(300, b"\0")),
    "tiff outside": (".tif", lambda rng: tiff(_page(64, 64, place=rng.randint(10**6, 2**32 - 1)))),
    "tiff depth": (
        ".tif",
        lambda rng: tiff(_page(64, 64, bits=rng.choice((7, 255)), samples=99)).ljust(999, b"\0"),
    ),
    "tiff bomb": (".tif", _packed_tiff),
    "tiff greedy tag": (".tif", lambda rng: tiff({**_page(64, 64), 33432: (2, 2**32 - 1, 8)})),
    "jpeg2000 cut": (".jp2", lambda rng: cut(saved(rng, "JPEG2000"), rng, 0.2)),
    "jpeg2000 huge": (".j2k", lambda rng: _codestream(rng, 2, struct.pack(">2I", HUGE, HUGE))),
    "jpeg2000 wide": (
        ".j2k",
        lambda rng: _codestream(rng, 2, struct.pack(">2I", *[wide(rng)] * 2)),
    ),
    "jxl cut": (".jxl", lambda rng: cut(saved(rng, "JXL"), rng)),
    "jxl huge": (".jxl", _jxl_size),
    "heif cut": (".heic", lambda rng: cut(saved(rng, "HEIF"), rng)),
    "heif huge": (
        ".heic",
        lambda rng: _coded(rng, "HEIF", b"ispe", 4, struct.pack(">2I", HUGE, HUGE)),
    ),
    "heif nested": (".heic", lambda rng: _brand(b"heic", nested(b"meta", rng.randint(500, 900)))),
    "avif cut": (".avif", lambda rng: cut(saved(rng, "AVIF", speed=10), rng)),
    "avif wide": (
        ".avif",
        lambda rng: _coded(rng, "AVIF", b"ispe", 4, struct.pack(">2I", *[wide(rng)] * 2)),
    ),
    "avif boxes": (
        ".avif",
        lambda rng: _brand(b"avif", box(b"meta", b"", 2**31), rng.randbytes(99)),
    ),
    "dng cut": (".dng", lambda rng: cut(saved(rng, "DNG"), rng, 0.9)),
    "dng flipped header": (".dng", lambda rng: flipped(saved(rng, "DNG"), rng)),
    "mp4 cut": (".mp4", lambda rng: cut(saved(rng, "MP4"), rng, 0.5)),
    "mp4 no pictures": (".mp4", lambda rng: _brand(b"isom", box(b"mdat", rng.randbytes(99)))),
    "mp4 nested": (".mp4", lambda rng: _brand(b"isom", nested(b"moov", rng.randint(500, 900)))),
    "mp4 samples": (
        ".mp4",
        lambda rng: _coded(rng, "MP4", b"stsz", 4, b"\0\0\0\1\x7f\xff\xff\xff"),
    ),
}


def malformed(count: int, seed: int = 1) -> Iterator[Malformed]:
    """Yield so many files, of one kind after the other."""
    kinds = list(KINDS)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        ending, make = KINDS[kind]
        content = make(Random(f"{seed} {number}"))
        yield Malformed(f"{kind.replace(' ', '-')}-{number}{ending}", content)
