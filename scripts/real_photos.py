"""Real photographs with free licences that ship inside Python packages.

scikit-image's photos are public domain, CC0 or under its BSD licence (skimage/data/README.txt);
scikit-learn's two are CC BY (sklearn/datasets/images/README.txt).
"""

import importlib.util
from pathlib import Path

PHOTOS = {
    "skimage": (
        "data",
        ("astronaut.png", "brick.png", "camera.png", "chelsea.png", "clock_motion.png"),
        ("coffee.png", "coins.png", "grass.png", "gravel.png", "hubble_deep_field.jpg"),
        ("moon.png", "motorcycle_left.png", "retina.jpg", "rocket.jpg"),
    ),
    "sklearn": ("datasets/images", ("china.jpg", "flower.jpg")),
}


def real_photos() -> list[Path]:
    """Return the paths of the photographs, without importing the packages.

    Raises:
        FileNotFoundError: a package or one of its photographs is missing.
    """
    paths = []
    for package, (folder, *names) in PHOTOS.items():
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise FileNotFoundError(f"{package} is not installed")
        paths += [Path(spec.origin).parent / folder / name for row in names for name in row]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise FileNotFoundError(", ".join(map(str, missing)))
    return paths
