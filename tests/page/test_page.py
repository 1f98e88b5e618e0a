"""The page in a real browser: web/tests/*.test.mjs, on real servers with real photos."""

import subprocess

import pytest
from surroundings import ROOT

WEB = ROOT / "web"
FILES = sorted(WEB.glob("tests/*.test.mjs"))


def assert_passed(outcome):
    done = outcome.result()
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.partition(".")[0])
def test_in_a_browser(file, outcomes):
    assert_passed(outcomes[file])


@pytest.mark.timeout(600)
def test_parts_without_a_browser(page_environment):
    done = subprocess.run(["npm", "test"], cwd=WEB, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
