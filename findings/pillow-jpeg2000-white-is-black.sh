#!/usr/bin/env bash
# Pure white in a JPEG 2000 of more than 8 bits a channel comes out of Pillow as pure black.
#
# Seen with Pillow 13.0.0 (OpenJPEG 2.5.4) on lossless RGB of 10, 12 and 16 bits that imagecodecs
# writes and reads back exactly. The samples are rounded while they are shifted to 8 bits, and the
# highest ones, 2^n - 2^(n-9) and above, become 256, of which the lower eight bits are kept: 0. Level
# 254 of a ramp of 256 is 255, and level 255 is 0. Skies and paper turn black in the middle of a
# bright picture. RGB of 8 bits and grey of 16 bits (mode I;16) are right. Nothing is raised.
#
# And a reduced size is rounded in another way than the standard's (ISO/IEC 15444-1, B.5: up): an
# image of 640 x 427 with `reduce` 3, or of 97 x 65 with 2, is refused as a "broken data stream";
# 640 x 424 with 3, where nothing has to be rounded, is read.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0 numpy==2.4.6 imagecodecs==2026.3.6

"$folder/venv/bin/python" - <<'PYTHON'
import io

import imagecodecs
import numpy as np
from PIL import Image


def written(values: np.ndarray, bits: int) -> bytes:
    data = imagecodecs.jpeg2k_encode(values, level=0, bitspersample=bits, reversible=True)
    assert (imagecodecs.jpeg2k_decode(data) == values).all()
    return data


whites = {}
for bits in (8, 10, 12, 16):
    type_ = np.uint8 if bits == 8 else np.uint16
    ramp = np.linspace(0, 2**bits - 1, 256).round().astype(type_)
    picture = np.repeat(np.tile(ramp, (8, 1))[..., None], 3, -1)
    given = np.asarray(Image.open(io.BytesIO(written(picture, bits))))[0, :, 0]
    whites[bits] = int(given[-1])
    print(f"{bits:2} bits: the last levels of 0 to 255 are {given[-3:].tolist()}")
assert whites == {8: 255, 10: 0, 12: 0, 16: 0}, whites


def reduced(width: int, height: int, levels: int) -> str:
    picture = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    image = Image.open(io.BytesIO(written(picture, 8)))
    image.reduce = levels
    try:
        image.load()
    except OSError as error:
        return str(error)
    return f"{image.width} x {image.height}"


found = {size: reduced(*size) for size in ((640, 424, 3), (640, 427, 3), (97, 65, 2))}
for (width, height, levels), what in found.items():
    print(f"{width} x {height}, reduce {levels}: {what}")
assert found[640, 424, 3] == "80 x 53", found
assert all("broken data stream" in found[size] for size in ((640, 427, 3), (97, 65, 2))), found
PYTHON
