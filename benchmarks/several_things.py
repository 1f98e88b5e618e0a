"""Photos with several things, and wide ones: the everyday photos pasted together.

Nothing is scaled but backgrounds, so that things have the size that they have in photos. The same
photos give the same sets.
"""

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

HEIGHT = 320
"""Pixels: the shorter side of the everyday photos."""

PHOTOS = 120
"""In each set."""

QUALITY = 90


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo and what it shows."""

    path: Path
    categories: frozenset[str]


Chance = random.Random
Paste = Callable[[Sequence[Image.Image], Chance], Image.Image]


def read(folder: Path, part: str) -> list[Photo]:
    """Return the photos of a folder in ../shared/photos."""
    with (folder / "truth.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["path"].startswith(f"{part}/")]
    return [Photo(folder / row["path"], frozenset([row["category"]])) for row in rows]


def build(photos: Sequence[Photo], folder: Path) -> dict[str, list[Photo]]:
    """Write every set into a folder of its name below `folder`; return what the photos show."""
    return {name: list(_build(photos, folder / name, *SETS[name])) for name in SETS}


def _build(photos: Sequence[Photo], folder: Path, parts: int, paste: Paste) -> Iterator[Photo]:
    folder.mkdir(parents=True)
    chance = random.Random(folder.name)
    mixed = chance.sample(photos, parts * PHOTOS)
    for number in range(PHOTOS):
        some = mixed[number * parts :][:parts]
        path = folder / f"{number:03}.jpg"
        paste([_open(one.path) for one in some], chance).save(path, quality=QUALITY)
        yield Photo(path, frozenset().union(*(one.categories for one in some)))


def _open(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def _upright(photo: Image.Image) -> Image.Image:
    """Cut the middle of a photo to 3:4."""
    width = min(photo.width, round(photo.height * 3 / 4))
    left = (photo.width - width) // 2
    return photo.crop((left, 0, left + width, photo.height))


def _beside(photos: Sequence[Image.Image]) -> Image.Image:
    same = [photo.resize((round(photo.width * HEIGHT / photo.height), HEIGHT)) for photo in photos]
    whole, left = Image.new("RGB", (sum(photo.width for photo in same), HEIGHT)), 0
    for photo in same:
        whole.paste(photo, (left, 0))
        left += photo.width
    return whole


def _side_by_side(photos: Sequence[Image.Image], _chance: Chance) -> Image.Image:
    return _beside([_upright(photo) for photo in photos])


def _three_in_a_row(photos: Sequence[Image.Image], _chance: Chance) -> Image.Image:
    return _beside(photos)


def _in_a_corner(photos: Sequence[Image.Image], chance: Chance) -> Image.Image:
    whole, small = photos[0].resize((photos[0].width * 2, photos[0].height * 2)), photos[1]
    small = _upright(small)
    small.thumbnail((HEIGHT, HEIGHT))
    places = [(0, whole.width - small.width), (0, whole.height - small.height)]
    whole.paste(small, (chance.choice(places[0]), chance.choice(places[1])))
    return whole


def _in_a_panorama(photos: Sequence[Image.Image], chance: Chance) -> Image.Image:
    """Put a photo at an end or anywhere in a blurred one of 6:1."""
    photo = _beside(photos)
    whole = photo.resize((8, 8)).resize((6 * HEIGHT, HEIGHT))
    free = whole.width - photo.width
    whole.paste(photo, (chance.choice((0, free, chance.randrange(free))), 0))
    return whole


SETS: dict[str, tuple[int, Paste]] = {
    "two side by side, 3:2": (2, _side_by_side),
    "one in a corner of another": (2, _in_a_corner),
    "three in a row, about 4:1": (3, _three_in_a_row),
    "one in a panorama of 6:1": (1, _in_a_panorama),
}
"""Photos of each, and how they are pasted."""
