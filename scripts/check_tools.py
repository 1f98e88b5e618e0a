"""Say loudly which tests are skipped because a tool is missing; in CI that is a failure."""

import os
import shutil
import sys
from pathlib import Path

NEEDED = {
    "java": "the Elasticsearch tests are skipped: install a JDK 17 or later, or set ES_URL",
    "mvn": "the Elasticsearch tests are skipped: install Maven, or set ES_URL",
}


def main() -> int:
    """Return the exit code: 1 in CI if anything is missing."""
    missing = [
        f"{tool} is missing: {loss}"
        for tool, loss in NEEDED.items()
        if not shutil.which(tool) and not os.environ.get("ES_URL")
    ]
    missing += [
        f"{tool} is missing: the tests of the page are skipped"
        for tool in ("npm", "chromium")
        if not shutil.which(tool) and not (tool == "chromium" and os.environ.get("CHROMIUM"))
    ]
    if not (Path(__file__).parents[2] / "shared" / "photos").is_dir():
        missing.append("../shared/photos is missing: the tests on real libraries are skipped")
    for line in missing:
        print(f"!!! {line}", file=sys.stderr)
    return int(bool(missing) and os.environ.get("CI") == "true")


if __name__ == "__main__":
    sys.exit(main())
