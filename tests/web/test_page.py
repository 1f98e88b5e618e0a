"""The page in a real browser: web/tests/*.test.mjs, on real servers with real photos."""

import os
import subprocess
import warnings
from pathlib import Path

import pytest
from screenshots import IMAGES, MOST_BYTES, NAMES, press
from surroundings import ROOT

WEB = ROOT / "web"
FILES = sorted(WEB.glob("tests/*.test.mjs"))
SCREENSHOTS = WEB / "tests" / "screenshots.mjs"


def assert_passed(outcome):
    first, *again = outcome.result()
    told = "\nagain: ".join(f"{done.stdout}\n{done.stderr}" for done in (first, *again))
    assert (first, *again)[-1].returncode == 0, told
    if again:
        warnings.warn(f"passed only the second time; at first: {first.stdout}", stacklevel=2)


@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("default:passed only the second time")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.partition(".")[0])
def test_in_a_browser(file, outcomes):
    assert_passed(outcomes[file])


@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("default:passed only the second time")
@pytest.mark.parametrize("file", [SCREENSHOTS], ids=["screenshots"])
def test_pictures_of_the_documentation_can_be_taken(file, outcomes, page_environment):
    assert_passed(outcomes[file])
    for name in NAMES:
        picture = press(Path(page_environment["PAGE_PICTURES"]) / f"{name}.png")
        assert len(picture) <= MOST_BYTES
        if os.environ.get("SCREENSHOTS") == "docs":  # make screenshots
            IMAGES.mkdir(exist_ok=True)
            (IMAGES / f"{name}.webp").write_bytes(picture)


@pytest.mark.timeout(600)
def test_parts_without_a_browser(page_environment):
    done = subprocess.run(["npm", "test"], cwd=WEB, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
