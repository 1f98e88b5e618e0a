"""Colour profiles of RGB spaces other than sRGB, made from their published primaries.

A profile of a matrix and a curve, version 2: ICC.1:2001-04, 6.3.1.2.
"""

import struct

import numpy as np

D50 = (0.9642, 1.0, 0.8249)
BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
Points = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Red, green, blue, white: x, y."""

D65_WHITE, D50_WHITE = (0.3127, 0.3290), (0.3457, 0.3585)
DISPLAY_P3: Points = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), D65_WHITE)
ADOBE_RGB: Points = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06), D65_WHITE)
PROPHOTO: Points = ((0.734699, 0.265301), (0.159597, 0.840403), (0.036598, 0.000105), D50_WHITE)


def display_p3() -> bytes:
    steps = np.arange(1024) / 1023
    light = np.where(steps <= 0.04045, steps / 12.92, ((steps + 0.055) / 1.055) ** 2.4)
    return profile(DISPLAY_P3, light)


def adobe_rgb() -> bytes:
    return profile(ADOBE_RGB, (np.arange(1024) / 1023) ** (563 / 256))


def prophoto() -> bytes:
    return profile(PROPHOTO, (np.arange(1024) / 1023) ** 1.8)


def profile(points: Points, light: np.ndarray) -> bytes:
    """A profile of RGB with these primaries, and this linear light of each step of a value."""
    columns = to_d50(points)
    curve = b"curv" + bytes(4) + struct.pack(">I", len(light))
    curve += np.round(light * 65_535).astype(">u2").tobytes()
    tags = {b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + b"wide\0" + bytes(78)}
    tags |= {b"wtpt": xyz(D50), b"cprt": b"text" + bytes(4) + b"none\0"}
    tags |= dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(xyz, columns.T), strict=True))
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return with_header(b"mntrRGB XYZ ", tags)


def with_header(kind: bytes, tags: dict[bytes, bytes]) -> bytes:
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += name + struct.pack(">2I", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    size = struct.pack(">I", start + len(body))
    head = size + bytes(4) + b"\x02\x40\0\0" + kind + bytes(12) + b"acsp" + bytes(28)
    return (head + struct.pack(">3i", *fixed(D50))).ljust(128, b"\0") + table + body


def to_d50(points: Points) -> np.ndarray:
    """XYZ of red, green and blue, in columns, adapted to D50."""
    columns = np.stack([whole(point) for point in points[:3]], axis=1)
    columns = columns * np.linalg.solve(columns, whole(points[3]))
    cones = (BRADFORD @ np.array(D50)) / (BRADFORD @ whole(points[3]))
    return np.linalg.inv(BRADFORD) @ np.diag(cones) @ BRADFORD @ columns


def whole(point: tuple[float, float]) -> np.ndarray:
    x, y = point
    return np.array([x / y, 1, (1 - x - y) / y])


def xyz(values: np.ndarray | tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *fixed(values))


def fixed(values: np.ndarray | tuple[float, ...]) -> list[int]:
    return [round(float(value) * 65_536) for value in values]


def cmyk() -> bytes:
    """A profile of CMYK whose inks are dull, by a table of its 16 corners in Lab (lut8Type)."""
    corners = np.stack(np.meshgrid(*[[0, 1]] * 4, indexing="ij"), axis=-1).reshape(16, 4)
    cyan, magenta, yellow, black = corners.T
    light = (100 - 35 * cyan - 40 * magenta - 8 * yellow) * (1 - 0.9 * black)
    a = (-30 * cyan + 60 * magenta - 5 * yellow) * (1 - black)
    b = (-40 * cyan - 5 * magenta + 75 * yellow) * (1 - black)
    lab = np.stack([light.clip(0, 100) * 2.55, a + 128, b + 128], axis=-1).round().astype(np.uint8)
    ramp = bytes(range(256))
    unity = struct.pack(">9i", *(65_536 if place % 4 == 0 else 0 for place in range(9)))
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + unity + ramp * 4 + lab.tobytes() + ramp * 3
    tags = {b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + b"inks\0" + bytes(78)}
    return with_header(b"prtrCMYKLab ", tags | {b"wtpt": xyz(D50), b"A2B0": table})
