"""What every network promises, whichever it is."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexer.errors import BadValue, NotFound
from indexer.network import engines, models
from indexer.network.models import Model, Weights


def noise(width: int, height: int) -> Image.Image:
    random = np.random.default_rng(width)
    return Image.fromarray(random.integers(0, 256, (height, width, 3), dtype=np.uint8))


def test_the_file_name_is_the_name(model: Model) -> None:
    assert model.name in models.names()
    assert type(model).__module__ == f"indexer.network.models.{model.name}"


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (640, 480), (480, 640), (3000, 2), (224, 299)])
def test_images_of_any_size_and_shape_become_the_square(
    model: Model, size: tuple[int, int]
) -> None:
    pixels = model.prepare(noise(*size))
    assert pixels.shape == (model.pixels, model.pixels, 3)
    assert pixels.dtype == np.uint8


def test_one_colour_stays_that_colour_with_red_first(model: Model) -> None:
    pixels = model.prepare(Image.new("RGB", (400, 300), (200, 100, 50)))
    assert (pixels == (200, 100, 50)).all()


def test_up_and_left_stay_up_and_left(model: Model) -> None:
    image = Image.new("RGB", (600, 600))
    image.paste((255, 255, 255), (0, 0, 300, 300))
    pixels = model.prepare(image)
    quarter = model.pixels // 4
    assert pixels[quarter, quarter].tolist() == [255, 255, 255]
    assert pixels[quarter, -quarter].tolist() == [0, 0, 0]
    assert pixels[-quarter, quarter].tolist() == [0, 0, 0]


def test_the_image_is_left_as_it_was(model: Model) -> None:
    image = noise(300, 200)
    before = image.tobytes()
    model.prepare(image)
    assert image.tobytes() == before


def test_weights_name_their_file_and_its_sha256(
    model: Model, weights_of: Callable[[Model], Weights]
) -> None:
    weights = weights_of(model)
    assert weights.path.is_file()
    assert len(bytes.fromhex(weights.sha256)) == 32
    assert model.weights(weights.path) == weights


def test_a_missing_file_of_weights_is_named(model: Model, tmp_path: Path) -> None:
    missing = tmp_path / f"missing{model.suffix}"
    with pytest.raises(NotFound, match=r"cannot read the weights .*missing"):
        model.weights(missing)


def test_a_folder_is_no_file_of_weights(model: Model, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="Is a directory"):
        model.weights(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("engine_name", engines.names())
def test_a_file_without_weights_is_refused_in_one_line(
    model: Model, engine_name: str, tmp_path: Path
) -> None:
    path = tmp_path / f"wrong{model.suffix}"
    path.write_bytes(b"no weights")
    with pytest.raises(BadValue) as caught:
        engines.load(engine_name, model, model.weights(path))
    message = str(caught.value)
    assert "wrong" in message
    assert "\n" not in message
