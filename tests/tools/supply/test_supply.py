"""What is installed is known by its hashes, and the bill of materials names all of it."""

import configparser
import hashlib
import re
from types import SimpleNamespace

import sbom
from surroundings import ROOT

from indexer.network.models import efficientnet_lite0

TEXT = (ROOT / "constraints.txt").read_text("ascii")


def requirements():
    """Names of all that setup.cfg requires for running, demo and tests."""
    read = configparser.ConfigParser()
    read.read(ROOT / "setup.cfg", "utf-8")
    extras = read["options.extras_require"]
    texts = [read["options"]["install_requires"], *(extras[name] for name in ("dev", "demo"))]
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return {
        re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", line)[0]).lower()
        for line in lines
        if line and not line.startswith("#")
    }


def test_every_requirement_is_known_by_its_hashes():
    known = sbom.constraints()
    assert all(known.values()) and len(known) > 100
    assert requirements() - {name for name, _ in known} == set()


def test_constraints_name_no_registry():
    assert "://" not in TEXT and "--index" not in TEXT


def test_make_and_docker_install_by_them():
    makefile, dockerfile = ((ROOT / name).read_text() for name in ("Makefile", "Dockerfile"))
    assert "--require-hashes --requirement constraints.txt" in makefile
    assert "COPY pyproject.toml setup.cfg constraints.txt" in dockerfile
    assert "--constraint versions.txt ." in dockerfile


def test_the_bill_names_what_extras_of_requirements_bring(monkeypatch):
    requires = {
        sbom.NAME: ["data[Fast]>=1", 'own; extra == "demo"'],
        "data": ['quick; extra == "fast"', 'slow; extra == "tidy"', 'never; extra == "docs"'],
        "own": ["data[tidy] ; python_version > '3'"],
        "quick": ["data"],
    }
    monkeypatch.setattr(
        sbom, "distribution", lambda name: SimpleNamespace(requires=requires.get(name))
    )
    assert list(sbom.required()) == ["data", "own", "quick", "slow"]


def test_the_bill_names_what_runs_with_versions_and_hashes():
    made = sbom.bom()
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    components = {one["name"]: one for one in made["components"]}
    for name in ("numpy", "pillow", "uvicorn", "starlette"):  # starlette is required by fastapi too
        assert components[name]["purl"].startswith(f"pkg:pypi/{name}@")
    assert components["react"]["hashes"][0]["alg"] == "SHA-512"
    table = components["search/words/data/table.npz"]
    content = (ROOT / "search/words/data/table.npz").read_bytes()
    assert table["hashes"][0]["content"] == hashlib.sha256(content).hexdigest()
    weights = [one for name, one in components.items() if name.startswith(sbom.WEIGHTS)]
    digests = {one["hashes"][0]["content"] for one in weights if one["type"] == "data"}
    assert efficientnet_lite0.SHA256 in digests
