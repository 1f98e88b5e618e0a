"""Say loudly which tests are skipped because a tool is missing; in CI that is a failure."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
START = ROOT / "tools" / "elasticsearch" / "start"

ELASTICSEARCH = ("8.19", "9.5")
"""The versions that the tests run on; the first is the usual one."""


@cache
def why_not(version: str) -> str:
    """Say why a version of Elasticsearch cannot be started here; "" where it can.

    The first call for a version may build it, which takes a minute and needs Maven Central.
    """
    command = [sys.executable, str(START), "--version", version, "--build"]
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stderr.strip().splitlines() or ["?"])[-1] if done.returncode else ""


def main() -> int:
    """Return the exit code: 1 in CI if anything is missing."""
    wanted = () if os.environ.get("ES_URL") else ELASTICSEARCH
    missing = [
        f"the tests on Elasticsearch {version} are skipped: {why} (or set ES_URL)"
        for version in wanted
        if (why := why_not(version))
    ]
    missing += [
        f"{tool} is missing: the tests of the page are skipped"
        for tool in ("npm", "chromium")
        if not shutil.which(tool) and not (tool == "chromium" and os.environ.get("CHROMIUM"))
    ]
    if not (ROOT.parent / "shared" / "photos").is_dir():
        missing.append("../shared/photos is missing: the tests on real libraries are skipped")
    for line in missing:
        print(f"!!! {line}", file=sys.stderr)
    return int(bool(missing) and os.environ.get("CI") == "true")


if __name__ == "__main__":
    sys.exit(main())
