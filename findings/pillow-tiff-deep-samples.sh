#!/usr/bin/env bash
# Pillow reads valid TIFFs of deep samples as noise, negatives or other pictures, without an error.
#
# Seen with Pillow 13.0.0 (libtiff 4.7.2), files written by tifffile 2026.3.3 and read back by it:
#  - RGB of 16 bits in separate planes (PlanarConfiguration 2), uncompressed: noise; with LZW right;
#  - grey of 16 bits signed, 32 bits signed or 32 bits float, big-endian, compressed (LZW here;
#    Deflate, PackBits and Zstandard do the same): the bytes of each sample are exchanged, because
#    libtiff gives them in the machine's order and Pillow takes them to be in the file's;
#  - grey of 16 bits unsigned or 32 bits float, PhotometricInterpretation WhiteIsZero: a negative
#    (of 8 bits it is right).
# All are in libraries of scanned film, microscopy and elevation. Nothing is raised or logged.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0 numpy==2.4.6 tifffile==2026.3.3 imagecodecs==2026.3.6

"$folder/venv/bin/python" - <<'PYTHON'
import io

import numpy as np
import tifffile
from PIL import Image

y, x = np.mgrid[0:48, 0:80]
colours = np.stack([x / 79, y / 47, ((x // 10 + y // 8) % 2)], -1)
grey = colours[..., 0] * 0.6 + colours[..., 1] * 0.4
planes = np.ascontiguousarray((colours * 65535).astype(np.uint16).transpose(2, 0, 1))


def seen(values: np.ndarray, **options: object) -> float:
    """How far what Pillow shows is from what was written: correlation of the two."""
    file = io.BytesIO()
    tifffile.imwrite(file, values, **options)
    assert (tifffile.imread(io.BytesIO(file.getvalue())) == values).all()
    file.seek(0)
    given = np.asarray(Image.open(file), np.float64)
    if values.ndim == 3:
        values = values.transpose(1, 2, 0)
    return float(np.corrcoef(given.ravel(), values.astype(np.float64).ravel())[0, 1])


def white_is_zero(type_: type, most: float) -> float:
    """Correlation with what a viewer has to show: dark where the number is high."""
    return -seen(((1 - grey) * most).astype(type_), photometric="miniswhite")


deep = {
    "16-bit planes": seen(planes, photometric="rgb", planarconfig="separate"),
    "big-endian int16, LZW": seen(
        (grey * 65535 - 32768).astype(np.int16), byteorder=">", compression="lzw"
    ),
    "big-endian int32, LZW": seen((grey * 2e9).astype(np.int32), byteorder=">", compression="lzw"),
    "big-endian float32, LZW": seen(grey.astype(np.float32), byteorder=">", compression="lzw"),
    "16-bit WhiteIsZero": white_is_zero(np.uint16, 65535),
    "float WhiteIsZero": white_is_zero(np.float32, 1),
}
right = {
    "16-bit planes, LZW": seen(
        planes, photometric="rgb", planarconfig="separate", compression="lzw"
    ),
    "little-endian int16, LZW": seen(
        (grey * 65535 - 32768).astype(np.int16), byteorder="<", compression="lzw"
    ),
    "big-endian int16, uncompressed": seen(
        (grey * 65535 - 32768).astype(np.int16), byteorder=">"
    ),
    "8-bit WhiteIsZero": white_is_zero(np.uint8, 255),
}
for name, likeness in (deep | right).items():
    print(f"{name:32} correlation with the picture {likeness:5.2f}")
assert all(not likeness > 0.9 for likeness in deep.values()), "one of these is read rightly now"
assert all(likeness > 0.99 for likeness in right.values()), "one of these is no longer read rightly"
PYTHON
