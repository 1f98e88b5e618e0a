"""The page in a real browser: web/tests/*.test.mjs, each on real servers with real photos."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from surroundings import ROOT, missing

from search.commands import main

WEB = ROOT / "web"
TESTS = sorted(WEB.glob("tests/*.test.mjs"))


def index(store: Path, *folders: Path) -> None:
    """Index folders into a new store; a library is the folder that it lies in."""
    store.mkdir()
    url = f"sqlite:///{store / 'photos.db'}"
    done = CliRunner().invoke(main, ["index", *map(str, folders), "--store", url])
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module")
def page_environment(tmp_path_factory, free_photos):
    """What the tests of the page are told: the command, photos, a library of them."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    for tool, found in (("npm", shutil.which("npm")), ("chromium", chromium)):
        if not found:
            missing(f"{tool} for the tests of the page")
    subprocess.run([sys.executable, ROOT / "scripts" / "page.py", "--install"], check=True)
    home = tmp_path_factory.mktemp("page")
    photos = home / "photos"
    photos.mkdir()
    for photo in free_photos:
        shutil.copy(photo, photos)
    index(home / "library", photos)
    return os.environ | {
        "CHROMIUM": str(chromium),
        "MAGPIE_COMMAND": json.dumps([sys.executable, "-m", "search"]),
        "PAGE_LIBRARY": str(home / "library"),
        "PAGE_PHOTOS": str(photos),
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture(scope="module")
def large_library(page_environment, photos_folder):
    """More photos than a window shows: for scrolling."""
    store = Path(page_environment["PAGE_LIBRARY"]).with_name("large")
    index(store, Path(page_environment["PAGE_PHOTOS"]), photos_folder / "everyday")
    return store


def run_tests(file: Path, environment: dict[str, str]) -> None:
    """Run a test file with node; what it printed is the message of a failure."""
    done = subprocess.run(
        ["node", "--test", "--test-force-exit", "--test-reporter=spec", file],
        cwd=WEB,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "file",
    [file for file in TESTS if "large" not in file.name],
    ids=lambda file: file.name.partition(".")[0],
)
def test_in_a_browser(file, page_environment):
    run_tests(file, page_environment)


@pytest.mark.timeout(600)
def test_in_a_browser_with_many_photos(page_environment, large_library):
    environment = page_environment | {"PAGE_LARGE_LIBRARY": str(large_library)}
    run_tests(WEB / "tests" / "large.test.mjs", environment)


@pytest.mark.timeout(600)
def test_parts_without_a_browser(page_environment):
    done = subprocess.run(["npm", "test"], cwd=WEB, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
