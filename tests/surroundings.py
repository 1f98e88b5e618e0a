"""What tests need to know of their surroundings."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def missing(what: str) -> None:
    """Leave a test out, loudly; in CI that is a failure, because there it must run."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, but CI must run this test")
    pytest.skip(f"{what} is missing")
