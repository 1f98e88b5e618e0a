"""Pictures and texts that OpenCLIP's numbers in the tests are of."""

import numpy as np
from PIL import Image

SENTENCES = (
    "a dog", "A photo of two zebras.", "it's 12 o'clock", "Hund im Schnee", "...", "word " * 200
)  # fmt: skip
CLASSES = ("tench", "goldfish", "great white shark")
TEMPLATES = ("a photo of a {}.", "a photo of the {}.", "a photo of many {}.")
TEXTS = (
    "a dog", "A photo of two dogs,  in 2019.", "Hund im Schnee", "собака", "dog - cat !",
    "snow_dog's", "犬", "word " * 200,
)  # fmt: skip
LANGUAGES = {"en": "eng_Latn", "de": "deu_Latn", "ja": "jpn_Jpan"}
"""What a browser calls a language -> what NLLB does."""


def picture(width: int, height: int) -> Image.Image:
    """Return a picture of coloured squares, the same everywhere."""
    random = np.random.default_rng(width * 10_000 + height)
    coarse = random.integers(0, 256, (height // 16 + 1, width // 16 + 1, 3), dtype=np.uint8)
    return Image.fromarray(np.kron(coarse, np.ones((16, 16, 1), np.uint8))[:height, :width])
