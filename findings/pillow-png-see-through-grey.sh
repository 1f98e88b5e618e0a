#!/usr/bin/env bash
# The see-through colour of a PNG counts in Pillow only for some depths.
#
# Seen with Pillow 13.0.0. A tRNS chunk names a colour in the depth of the file. Pillow decodes grey
# of 2 and 4 bits to 8 and colours of 16 bits to 8, but keeps the number of tRNS as it is: grey 3 of
# 3 (white) then makes level 3 of 255 see-through, which no pixel has, and of a 16-bit colour the
# lower byte is compared with what was the upper one. convert("RGBA") then gives opaque pixels where
# browsers (libpng's png_set_expand) show through. Grey of 1 and 8 bits and colours of 8 are right;
# grey of 2 and 4 bits cannot be told from them by the mode, which is "L" like that of 8.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import io
import struct
import zlib

import numpy as np
from PIL import Image


def chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def clear_pixels(colour: int, depth: int) -> tuple[int, int]:
    """Pixels of the colour that tRNS names, and how many of them Pillow shows through."""
    channels = {0: 1, 2: 3}[colour]
    values = np.zeros((8, 8, channels), np.uint16)
    clear = 0x8140 if depth == 16 else 2**depth - 1
    values[:, 4:] = clear
    bits = values[..., None] >> np.arange(depth)[::-1] & 1
    rows = np.packbits(bits.astype(np.uint8).reshape(8, -1), axis=1)
    data = b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">2I5B", 8, 8, depth, colour, 0, 0, 0)
    )
    data += chunk(b"tRNS", struct.pack(">H", clear) * channels)
    data += chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows)))
    shown = Image.open(io.BytesIO(data + chunk(b"IEND", b""))).convert("RGBA")
    return 32, int((np.asarray(shown)[:, 4:, 3] == 0).sum())


found = {
    f"{'grey' if colour == 0 else 'RGB'} of {depth} bits": clear_pixels(colour, depth)
    for colour, depth in ((0, 1), (0, 2), (0, 4), (0, 8), (2, 8), (2, 16))
}
for name, (wanted, given) in found.items():
    print(f"{name:16} see-through pixels: {given} of {wanted}")
wrong = {name for name, (wanted, given) in found.items() if wanted != given}
assert wrong == {"grey of 2 bits", "grey of 4 bits", "RGB of 16 bits"}, wrong
PYTHON
