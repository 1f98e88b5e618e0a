"""From samples of 16 bits and more, as tifffile reads them, to pictures of 8 bits."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from tifffile import TiffPage

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, SEPARATED = 0, 1, 2, 3, 5
CHANNELS = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, PALETTE: 1, SEPARATED: 4}
"""Samples that are colours, by those photometric interpretations that are known here."""

ASSOCIATED, UNASSOCIATED = 1, 2
"""Kinds of alpha: colours were multiplied by it, or not."""

_NO_DATA = 42113
"""Tag of GDAL, with the number that stands for what was not measured."""

Levels = NDArray[np.uint8]
Span = tuple[float, float]
"""The darkest and the lightest number of a page."""


def to_image(page: "TiffPage", values: NDArray[Any], span: Span | None) -> Image.Image:
    """Return the picture of samples of a page, or of a part of it.

    Args:
        page: that they are from.
        values: shape (height, width, samples).
        span: of the whole page, see `span_of`.
    """
    count = CHANNELS[page.photometric]
    if values.shape[2] < count:
        raise ValueError(f"{values.shape[2]} samples a pixel are too few")
    if page.photometric == PALETTE:
        return Image.fromarray(_looked_up(page, values[..., 0]))
    levels = _levels(page, values[..., :count], span)
    if page.photometric == WHITE_IS_ZERO:
        levels = 255 - levels
    alpha = next(iter(page.extrasamples or ()), 0)
    if alpha in (ASSOCIATED, UNASSOCIATED) and values.shape[2] > count and count < 4:
        return _on_white(levels, _opacity(values[..., count]), alpha == ASSOCIATED)
    mode = {1: "L", 3: "RGB", 4: "CMYK"}[count]
    return Image.frombuffer(mode, levels.shape[1::-1], np.ascontiguousarray(levels).tobytes())


def span_of(page: "TiffPage", parts: Iterable[NDArray[Any]]) -> Span | None:
    """Return the span of a page of which `parts` are all samples; None where white is agreed on."""
    if page.photometric == PALETTE or _has_white(page):
        return None
    count = CHANNELS[page.photometric]
    rows = (_shown(page, row) for part in parts for row in part[..., :count])
    spans = [(float(row.min()), float(row.max())) for row in rows if row.size]
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else (0.0, 0.0)


def _has_white(page: "TiffPage") -> bool:
    dtype = page.dtype
    return dtype is not None and dtype.kind == "u" and dtype.itemsize <= 2


def _levels(page: "TiffPage", values: NDArray[Any], span: Span | None) -> Levels:
    """Map samples to 0 to 255; those without an agreed white from darkest to lightest."""
    if span is None:
        most = 2**page.bitspersample - 1
        return _by_rows(values, lambda rows: (rows.astype(np.uint32) * 255 + most // 2) // most)
    low, high = span
    wide = (high - low) or 1.0

    def stretched(rows: NDArray[Any]) -> NDArray[Any]:
        with np.errstate(all="ignore"):
            share = np.nan_to_num((_real(rows).astype(np.float64) - low) / wide)
        return share.clip(0, 1) * 255

    return _by_rows(values, stretched)


def _shown(page: "TiffPage", row: NDArray[Any]) -> NDArray[Any]:
    """Return those numbers of a row that are measured: finite, and not what stands for none."""
    row = _real(row)
    real = row[np.isfinite(row)] if row.dtype.kind == "f" else row.ravel()
    none = page.tags.get(_NO_DATA)
    return real if none is None else real[real != np.asarray(page.nodata).astype(row.dtype)]


def _real(values: NDArray[Any]) -> NDArray[Any]:
    return np.abs(values) if values.dtype.kind == "c" else values


def _by_rows(values: NDArray[Any], map_: Callable[[NDArray[Any]], NDArray[Any]]) -> Levels:
    """Map row by row: numbers of 64 bits for a whole picture may take gigabytes."""
    levels = np.empty(values.shape, np.uint8)
    for number, row in enumerate(values):
        levels[number] = map_(row).clip(0, 255)
    return levels


def _opacity(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return alpha from 0 to 1: of integers by their range, of others as it is."""
    if values.dtype.kind == "f":
        return np.nan_to_num(values.astype(np.float64)).clip(0, 1)
    lowest, highest = np.iinfo(values.dtype).min, np.iinfo(values.dtype).max
    return (values.astype(np.float64) - lowest) / (float(highest) - lowest)


def _on_white(levels: Levels, opacity: NDArray[np.float64], multiplied: bool) -> Image.Image:
    opacity = opacity[..., None]
    shown = levels if multiplied else levels * opacity
    rgb = (shown + 255 * (1 - opacity) + 0.5).clip(0, 255).astype(np.uint8)
    return Image.fromarray(np.repeat(rgb, 3, axis=2) if rgb.shape[2] == 1 else rgb)


def _looked_up(page: "TiffPage", indices: NDArray[Any]) -> Levels:
    if page.colormap is None or int(indices.max(initial=0)) >= page.colormap.shape[1]:
        raise ValueError("a colour is not in the palette")
    return np.ascontiguousarray(
        (page.colormap[:, indices] // 257).astype(np.uint8).transpose(1, 2, 0)
    )
