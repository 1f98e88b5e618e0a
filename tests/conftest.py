"""What many tests need: real photos, and a cache that leaves the user's own alone."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))


def missing(what: str) -> None:
    """Leave a test out, loudly; in CI that is a failure, because there it must run."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, but CI must run this test")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def photos_folder() -> Path:
    """The 1,200 labelled photos beside the checkout, to be used in place."""
    folder = ROOT.parent / "shared" / "photos"
    if not folder.is_dir():
        missing("../shared/photos")
    return folder


@pytest.fixture(scope="session")
def free_photos() -> list[Path]:
    """Sixteen real photographs with free licences out of Python packages."""
    from real_photos import real_photos

    return real_photos()
