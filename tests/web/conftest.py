"""Runs the test files of web/tests, two at a time, because they wait more than they compute.

Each file is a test of pytest's, which waits for it. They share a browser and most of their servers.
One that fails runs once more: where a machine stands still for a while, a step takes longer than
any test waits. The first failure is then a warning in the summary, never nothing.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from surroundings import ROOT, missing

WEB = ROOT / "web"
AT_ONCE = 2
DETAILS = 13
"""Cut out of each photo, for a library of more photos than a window shows."""

Environment = Mapping[str, str]
Run = subprocess.CompletedProcess[str]
Outcomes = Mapping[Path, "Future[list[Run]]"]
"""What became of each file: of its first run and, if that failed, of its second one."""


@pytest.fixture(scope="module")
def page_environment(
    tmp_path_factory: pytest.TempPathFactory, free_photos: list[Path]
) -> Environment:
    """What the files are told: the command, photos, a folder for pictures of the page."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    for tool, found in (("npm", shutil.which("npm")), ("chromium", chromium)):
        if not found:
            missing(f"{tool} for the tests of the page")
    subprocess.run([sys.executable, ROOT / "scripts" / "page.py", "--install"], check=True)
    home = tmp_path_factory.mktemp("page")
    photos, details = home / "photos", home / "details"
    photos.mkdir()
    details.mkdir()
    for photo in free_photos:
        shutil.copy(photo, photos)
        cut(photo, details)
    return os.environ | {
        "CHROMIUM": str(chromium),
        "MAGPIE_COMMAND": json.dumps([sys.executable, "-m", "search"]),
        "PAGE_PHOTOS": str(photos),
        "PAGE_DETAILS": str(details),
        "PAGE_PICTURES": str(home / "pictures"),
        "PYTHONPATH": str(ROOT),
    }


def cut(photo: Path, target: Path) -> None:
    """Write details of a photo, each two thirds as wide as it is, as photos of their own."""
    with Image.open(photo) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((640, 640))
    for number in range(DETAILS):
        left, top = picture.width * number // 40, picture.height * (number % 5) // 20
        box = (left, top, left + picture.width * 2 // 3, top + picture.height * 3 // 4)
        picture.crop(box).save(target / f"{photo.stem}_{number:02}.jpg")


@pytest.fixture(scope="module")
def stage(page_environment: Environment) -> Iterator[Environment]:
    """What the files share, and where it is: see web/tests/stage.mjs."""
    process = subprocess.Popen(
        ["node", "tests/stage.mjs"],
        cwd=WEB,
        env=page_environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:  # closes its stdin in the end, and waits for it
        assert process.stdout is not None
        yield page_environment | json.loads(process.stdout.readline())


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, stage: Environment) -> Iterator[Outcomes]:
    """The files that pytest was asked for, and what becomes of them."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    wanted = [item.callspec.params["file"] for item in items if "outcomes" in item.fixturenames]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {file: pool.submit(runs, file, stage) for file in wanted}
        pool.shutdown(cancel_futures=True)


def runs(file: Path, environment: Environment) -> list[Run]:
    first = run(file, environment)
    return [first] if first.returncode == 0 else [first, run(file, environment)]


def run(file: Path, environment: Environment) -> Run:
    return subprocess.run(
        ["node", "--test", "--test-force-exit", "--test-reporter=spec", file],
        cwd=WEB,
        env=environment,
        capture_output=True,
        text=True,
    )
