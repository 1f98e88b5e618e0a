"""RGB colours other than sRGB, as PNG, HEIC and AVIF describe them in numbers.

Primaries and transfer functions: ITU-T H.273, tables 2 and 3. sRGB: IEC 61966-2-1. Adaptation to
another white: Bradford (ICC.1:2022, annex E).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

D65, DCI_WHITE = (0.3127, 0.3290), (0.314, 0.351)
BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)

Point = tuple[float, float]
"""Chromaticity: x, y in CIE 1931."""


@dataclass(frozen=True, slots=True)
class Primaries:
    """Chromaticities of red, green, blue and white."""

    red: Point
    green: Point
    blue: Point
    white: Point = D65


SRGB_PRIMARIES = Primaries((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
BT2020 = Primaries((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))
P3_POINTS = (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)
NTSC_POINTS = (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)

PRIMARIES = {
    1: SRGB_PRIMARIES,
    4: Primaries((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), (0.310, 0.316)),
    5: Primaries((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: Primaries(*NTSC_POINTS),
    7: Primaries(*NTSC_POINTS),
    9: BT2020,
    11: Primaries(*P3_POINTS, DCI_WHITE),
    12: Primaries(*P3_POINTS),
    22: Primaries((0.630, 0.340), (0.295, 0.605), (0.155, 0.077)),
}
"""By their number in H.273; other numbers mean sRGB here."""

GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0, 17: 2.6}
PQ, HLG = 16, 18

HDR_WHITE = 203.0
"""Nits of diffuse white in HDR pictures: ITU-R BT.2408."""
KNEE = 0.8
"""Linear light above which highlights of HDR pictures are compressed into what is left."""


@dataclass(frozen=True, slots=True)
class RgbSpace:
    """What the numbers of an RGB picture mean.

    Attributes:
        primaries: its chromaticities.
        gamma: linear light = value ** gamma; None for the curve of sRGB.
        hdr: `PQ` or `HLG` for their curves; 0 for a picture that is not HDR.
    """

    primaries: Primaries
    gamma: float | None = None
    hdr: int = 0


def from_numbers(primaries: int, transfer: int) -> RgbSpace | None:
    """Return the space that two numbers of H.273 name; None for sRGB.

    The curve of camera standards (BT.709 and those like it) is shown as that of sRGB, as browsers
    do.
    """
    points = PRIMARIES.get(primaries, SRGB_PRIMARIES)
    hdr = transfer if transfer in (PQ, HLG) else 0
    space = RgbSpace(points, GAMMAS.get(transfer), hdr)
    return None if space == RgbSpace(SRGB_PRIMARIES) else space


def to_srgb(picture: Image.Image, space: RgbSpace) -> Image.Image:
    """Convert an RGB picture; colours that sRGB does not have become the nearest on each axis."""
    linear = _linear(space)[np.asarray(picture)]
    linear = linear @ _matrix(space.primaries).T.astype(np.float32)
    if space.hdr:
        over = np.maximum(linear - KNEE, 0)
        linear = np.minimum(linear, KNEE) + (1 - KNEE) * over / (over + 1 - KNEE)
    steps = (linear.clip(0, 1) * 65_535 + 0.5).astype(np.uint16)
    return Image.fromarray(_encoded()[steps])


@lru_cache(maxsize=16)
def _linear(space: RgbSpace) -> NDArray[np.float32]:
    """Linear light of each 8-bit value, 1 = diffuse white."""
    value = np.arange(256) / 255
    if space.hdr == PQ:
        light = _from_pq(value)
    elif space.hdr == HLG:
        light = _from_hlg(value)
    elif space.gamma is not None:
        light = value**space.gamma
    else:
        light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


def _from_pq(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """SMPTE ST 2084, 10,000 nits at 1."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    power = value ** (1 / m2)
    return (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1) * 10_000 / HDR_WHITE


def _from_hlg(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """ARIB STD-B67; diffuse white is 75 % of the signal (BT.2408)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073

    def light(signal: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)

    return light(value) / light(np.array(0.75))


@lru_cache(maxsize=1)
def _encoded() -> NDArray[np.uint8]:
    """The 8-bit value in sRGB of each 16-bit step of linear light."""
    light = np.arange(65_536) / 65_535
    value = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return (value * 255 + 0.5).astype(np.uint8)


@lru_cache(maxsize=16)
def _matrix(primaries: Primaries) -> NDArray[np.float64]:
    """Linear RGB of these primaries -> linear sRGB, shape (3, 3)."""
    cones = [BRADFORD @ _xyz(white) for white in (primaries.white, D65)]
    adapted = np.linalg.inv(BRADFORD) @ np.diag(cones[1] / cones[0]) @ BRADFORD
    matrix: NDArray[np.float64] = np.linalg.inv(_to_xyz(SRGB_PRIMARIES)) @ adapted
    return matrix @ _to_xyz(primaries)


def are_possible(primaries: Primaries) -> bool:
    """Tell whether lights of these three colours add up to the white."""
    columns = np.stack([_xyz(point) for point in _points(primaries)], axis=1)
    if not np.isfinite(columns).all() or np.linalg.matrix_rank(columns) < len(columns):
        return False
    return bool((np.linalg.solve(columns, _xyz(primaries.white)) > 0).all())


def _points(primaries: Primaries) -> tuple[Point, Point, Point]:
    return primaries.red, primaries.green, primaries.blue


def _to_xyz(primaries: Primaries) -> NDArray[np.float64]:
    columns: NDArray[np.float64] = np.stack([_xyz(p) for p in _points(primaries)], axis=1)
    scaled: NDArray[np.float64] = columns * np.linalg.solve(columns, _xyz(primaries.white))
    return scaled


def _xyz(point: Point) -> NDArray[np.float64]:
    x, y = point
    return np.array([x / y, 1.0, (1 - x - y) / y], np.float64)
