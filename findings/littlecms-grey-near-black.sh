#!/usr/bin/env bash
# Grey pictures with a linear profile come out of LittleCMS up to 10 levels too dark near black.
#
# Seen with Pillow 13.0.0, which holds LittleCMS 2.19. A profile of grey (GRAY, kTRC: gamma 1.0) is
# converted to sRGB, mode L to RGB, with the flags that ImageCms uses unless told otherwise. Level 1
# of 255 should become 13 and level 2 should become 22 (IEC 61966-2-1); they become 6 and 12. The
# error falls below 3 levels only from level 8 on. With NOOPTIMIZE, all 256 levels are within .5.
# HIGHRESPRECALC does not help. RGB profiles as linear as this one are not affected (1 level):
# only the table that replaces the two curves of a grey profile has too few nodes near black.
# Scanned film and microscope pictures carry such profiles.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import io
import struct

import numpy as np
from PIL import Image, ImageCms, features


def grey_profile() -> bytes:
    """Version 2, a display, GRAY, one curve: gamma 1.0 as u8Fixed8Number."""
    xyz = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + b"grey\0" + bytes(78),
        b"wtpt": xyz,
        b"kTRC": b"curv" + bytes(4) + struct.pack(">IH", 1, 256) + bytes(2),
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += name + struct.pack(">2I", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    head = struct.pack(">I", start + len(body)) + bytes(4) + b"\x02\x40\0\0" + b"mntrGRAYXYZ "
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + table + body


levels = np.arange(256, dtype=np.uint8)
light = levels / 255
right = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055) * 255
ramp = Image.fromarray(np.tile(levels, (4, 1)))
errors = {}
for name in ("NONE", "HIGHRESPRECALC", "NOOPTIMIZE"):
    profile = ImageCms.getOpenProfile(io.BytesIO(grey_profile()))
    flags = ImageCms.Flags[name]
    srgb = ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(profile, srgb, "L", "RGB", flags=flags)
    given = np.asarray(ImageCms.applyTransform(ramp, transform), np.int16)[0, :, 1]
    errors[name] = float(np.abs(given - right).max())
    print(f"{name:15} levels 1 to 4 -> {given[1:5].tolist()}, largest error {errors[name]:.1f}")
print(f"right: {right[1:5].round(1).tolist()}; LittleCMS {features.version('littlecms2')}")
assert errors["NONE"] > 9, "the default is exact now"
assert errors["HIGHRESPRECALC"] > 6, "HIGHRESPRECALC is exact now"
assert errors["NOOPTIMIZE"] < 1, "NOOPTIMIZE is no longer exact"
PYTHON
