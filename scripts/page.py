"""Build the page: web/ becomes search/static, which is committed so that users need no Node.

The TypeScript types of the API are generated from its OpenAPI document first. With --check, nothing
in the checkout changes: the page is built elsewhere, and any difference from the committed files
is a failure.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
WEB = ROOT / "web"
BUILT = ROOT / "search" / "static"
TYPES = WEB / "src" / "schema.d.ts"
CONFLICT = "is not what web/ builds: run `make page` and commit what changes"


def run(*command: str | Path) -> None:
    """Run one of the page's tools in web/; show its output only if it fails."""
    done = subprocess.run(list(map(str, command)), cwd=WEB, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\n{' '.join(map(str, command))} failed")


def install() -> None:
    """Install the page's tools at their locked versions, unless they are installed."""
    lock, installed = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        run("npm", "ci", "--no-fund", "--no-audit")
        os.utime(installed)


def write_types(target: Path, scratch: Path) -> None:
    """Generate the TypeScript types from the API's OpenAPI document."""
    from search.api.app import make_routes

    document = scratch / "openapi.json"
    document.write_text(json.dumps(make_routes().openapi(), sort_keys=True), "utf-8")
    run("npx", "--no-install", "openapi-typescript", document, "--output", target)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the content of all files below a folder, by relative path."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def check(scratch: Path) -> None:
    """Exit with an error if a committed file differs from what is built now."""
    write_types(scratch / "schema.d.ts", scratch)
    if (scratch / "schema.d.ts").read_bytes() != TYPES.read_bytes():
        sys.exit(f"{TYPES.relative_to(ROOT)} {CONFLICT}")
    run("npm", "run", "--silent", "build", "--", "--outDir", scratch / "static")
    now, committed = files_of(scratch / "static"), files_of(BUILT)
    for name in sorted(now.keys() | committed.keys()):
        if now.get(name) != committed.get(name):
            sys.exit(f"{BUILT.relative_to(ROOT)}/{name} {CONFLICT}")


def main() -> None:
    """Build or check; say loudly if Node is missing, which in CI is a failure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    parser.add_argument("--install", action="store_true", help="only install the page's tools")
    given = parser.parse_args()
    is_check = given.check
    if not shutil.which("npm"):
        print("!!! npm is missing: the page can neither be built nor checked", file=sys.stderr)
        sys.exit(int(not is_check or os.environ.get("CI") == "true"))
    install()
    if given.install:
        return
    with tempfile.TemporaryDirectory() as name:
        if is_check:
            check(Path(name))
            print("search/static is what web/ builds")
        else:
            write_types(TYPES, Path(name))
            run("npm", "run", "--silent", "build")


if __name__ == "__main__":
    main()
