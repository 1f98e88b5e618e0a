"""Networks and runtimes, each built once a session."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexer.network import engines, models
from indexer.network.engines import Batch, Engine
from indexer.network.models import Model, Weights


@pytest.fixture(scope="session", params=models.names())
def model(request: pytest.FixtureRequest) -> Model:
    return models.load(request.param)


@pytest.fixture(scope="session")
def weights_of(request: pytest.FixtureRequest) -> Callable[[Model], Weights]:
    def find(model: Model) -> Weights:
        if model.name == "inception_v3":
            return model.weights(request.getfixturevalue("inception_weights"))
        return model.weights()

    return find


@pytest.fixture(scope="session")
def engine_of(
    own_cache: Path, weights_of: Callable[[Model], Weights]
) -> Callable[[str, Model], Engine]:
    @cache
    def load(name: str, model_name: str) -> Engine:
        model = models.load(model_name)
        return engines.load(name, model, weights_of(model))

    return lambda name, model: load(name, model.name)


@pytest.fixture(scope="session", params=engines.names())
def engine(
    request: pytest.FixtureRequest, model: Model, engine_of: Callable[[str, Model], Engine]
) -> Engine:
    if not engines.installed(request.param):
        pytest.skip(f"{request.param} is not installed")
    return engine_of(request.param, model)


@pytest.fixture(scope="session")
def batch(model: Model, free_photos: list[Path]) -> Batch:
    """Six photos, prepared."""
    return np.stack([model.prepare(Image.open(path).convert("RGB")) for path in free_photos[:6]])
