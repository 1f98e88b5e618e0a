"""From a picture to the square that a network of two towers sees, pixel by pixel as published."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from indexer.network.looks import Box
from indexer.network.models import Pixels

if TYPE_CHECKING:
    from PIL import Image

MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)
"""Of CLIP's training pictures, for layouts whose files do not say it."""

WIDEST = 50
"""Of longer pictures only the middle is scaled: scaling all of them would take gigabytes."""


@dataclass(frozen=True, slots=True)
class Squares:
    """How pictures become squares, and what the network subtracts and divides by.

    Attributes:
        side: pixels of the square.
        squashes: whether the whole picture is squeezed into it; else its middle is seen.
        bilinear: else bicubic, as Pillow has both.
        rounds: whether the middle begins at a rounded pixel, as in torchvision and rclip; else at
            a truncated one, as in Immich.
        mean, std: of each channel in [0, 1], red first.
    """

    side: int
    squashes: bool = False
    bilinear: bool = False
    rounds: bool = False
    mean: tuple[float, float, float] = MEAN
    std: tuple[float, float, float] = STD

    def square(self, image: "Image.Image") -> Pixels:
        """Return the square of an upright RGB picture."""
        width, height = image.size
        longer, shorter = max(width, height), min(width, height)
        if self.squashes:
            return self.cut(image, (0, 0, width, height))
        if longer > WIDEST * shorter:
            return self.cut(image, _box(width, height))
        scaled = (
            int(longer * self.side / shorter) if self.rounds else int(longer / shorter * self.side)
        )
        scaled = max(scaled, self.side)
        size = (scaled, self.side) if width >= height else (self.side, scaled)
        left, top = (self._start(length) for length in size)
        whole = image.resize(size, self._filter())
        return np.asarray(whole.crop((left, top, left + self.side, top + self.side)))

    def cut(self, image: "Image.Image", box: Box) -> Pixels:
        """Scale a box of the picture into the square."""
        return np.asarray(image.resize((self.side, self.side), self._filter(), box))

    def _start(self, length: int) -> int:
        """Where the middle begins."""
        rest = length - self.side
        return round(rest / 2) if self.rounds else int(length / 2 - self.side / 2)

    def _filter(self) -> "Image.Resampling":
        from PIL.Image import Resampling

        return Resampling.BILINEAR if self.bilinear else Resampling.BICUBIC


def _box(width: int, height: int) -> Box:
    """The middle square of a picture, in its own pixels."""
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    return left, top, left + side, top + side
