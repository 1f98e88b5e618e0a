"""Films, written by FFmpeg: MPEG-4 part 2, which every build of it can write."""

import io
from collections.abc import Iterable, Mapping
from fractions import Fraction

from PIL import Image

Matrix = tuple[int, int, int, int]
"""Where x and y are taken: (1, 0, 0, 1) leaves them alone."""

RATE = 24


def film(
    frames: Iterable[Image.Image],
    format: str = "mp4",
    keys: int = 6,
    matrix: Matrix = (1, 0, 0, 1),
    tags: Mapping[str, str] = {},
    pixel: Fraction = Fraction(1),
) -> bytes:
    """Return a film of `frames`, each `keys`-th of them a key frame.

    A `pixel` is that many times as wide as high.
    """
    import av

    file = io.BytesIO()
    options = {"movflags": "use_metadata_tags"} if tags else {}
    with av.open(file, "w", format=format, options=options) as container:
        container.metadata.update(tags)
        stream = container.add_stream("mpeg4", rate=RATE)
        stream.pix_fmt, stream.gop_size, stream.bit_rate = "yuv420p", keys, 4_000_000
        for number, image in enumerate(frames):
            if not number:
                stream.width, stream.height = image.size
                stream.codec_context.sample_aspect_ratio = pixel
                if matrix != (1, 0, 0, 1):
                    a, b, c, d = (number * 65536 for number in matrix)
                    stream.set_display_matrix((a, b, 0, c, d, 0, 0, 0, 1 << 30))
            container.mux(stream.encode(av.VideoFrame.from_image(image.convert("RGB"))))
        container.mux(stream.encode())
    return file.getvalue()
