"""Write a film that browsers can play: `film.py PHOTOS FOLDER`."""

import sys
from pathlib import Path

import av
from PIL import Image

SIZE = (640, 424)
FRAMES, RATE = 120, 24


def main() -> None:
    """Move over the photo of the cat for five seconds, as VP9 in MP4."""
    photos, folder = map(Path, sys.argv[1:])
    with Image.open(photos / "chelsea.png") as opened:
        picture = opened.convert("RGB").resize((SIZE[0] + FRAMES, SIZE[1]))
    with av.open(str(folder / "cat.mp4"), "w") as container:
        stream = container.add_stream("libvpx-vp9", rate=RATE)
        stream.width, stream.height = SIZE
        stream.pix_fmt, stream.options = "yuv420p", {"deadline": "realtime", "cpu-used": "8"}
        for left in range(FRAMES):
            image = picture.crop((left, 0, left + SIZE[0], SIZE[1]))
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    main()
