"""Networks of two towers, and what the published code makes of the same inputs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from joint_networks import colour_network

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing remembered, and no networks by name."""
    monkeypatch.delenv("MAGPIE_MODELS", raising=False)
    monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def colours(tmp_path: Path) -> Path:
    return colour_network(tmp_path / "models" / "colours")


@pytest.fixture(scope="session")
def tiny_clip() -> Path:
    return HERE / "tiny_clip"


@pytest.fixture(scope="session")
def goldens() -> Mapping[str, Any]:
    with np.load(HERE / "goldens.npz") as file:
        return dict(file)
