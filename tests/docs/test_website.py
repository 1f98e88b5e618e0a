"""`make docs`: the site builds strictly, works offline, and a fault of a page fails it."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import website
import yaml


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("website")
    website.collect(folder)
    return folder


@pytest.fixture(scope="module")
def site(work: Path) -> Path:
    return website.build(work)


def test_every_page_is_built(work, site):
    sources = {page.relative_to(work / "pages") for page in (work / "pages").rglob("*.md")}
    expected = {page.with_suffix(".html") for page in sources} - {Path("README.html")}
    assert len(expected) > 20
    assert expected | {Path("index.html")} <= {page.relative_to(site) for page in site.rglob("*")}


def test_nothing_is_missing_and_nothing_comes_from_elsewhere(site):
    assert list(website.faults(site)) == []


def test_every_page_is_in_the_navigation_and_in_the_overview(work):
    sources = {str(page.relative_to(work / "pages")) for page in (work / "pages").rglob("*.md")}
    config = yaml.safe_load((work / "mkdocs.yml").read_text("utf-8"))
    assert set(files_in(config["nav"])) == sources
    overview = (work / "pages" / "docs" / "index.md").read_text("utf-8")
    links = re.findall(r"\]\(([^)#]+\.md)\)", overview)
    assert {os.path.normpath(f"docs/{link}") for link in links} == sources - {"docs/index.md"}


def files_in(nav):
    for entry in nav:
        (item,) = entry.values()
        yield from [item] if isinstance(item, str) else files_in(item)


def with_text(text: str, folder: Path) -> Path:
    """Collect the pages into a folder, this text at the end of one of them."""
    website.collect(folder)
    page = folder / "pages" / "docs" / "ranking.md"
    page.write_text(f"{page.read_text('utf-8')}\n{text}\n", "utf-8")
    return folder


@pytest.mark.parametrize("link", ["missing.md", "commands.md#missing"])
def test_a_dead_link_to_a_page_fails_the_build(tmp_path, link):
    with pytest.raises(subprocess.CalledProcessError):
        website.build(with_text(f"[dead]({link})", tmp_path))


FAULTS = {
    "![](images/missing.png)": "refers to images/missing.png, which does not exist",
    "[code](../LICENSE)": "refers to ../LICENSE, which does not exist",
    '<a href="commands.html#no">x</a>': "refers to commands.html#no, which has no such heading",
    "![](https://example.com/x.png)": "loads https://example.com/x.png from another site",
    '<script src="//example.com/x.js"></script>': "loads //example.com/x.js from another site",
}


def test_other_faults_of_a_page_are_named(tmp_path):
    site = website.build(with_text("\n\n".join(FAULTS), tmp_path))
    found = list(website.faults(site))
    for fault in FAULTS.values():
        assert f"docs/ranking.html {fault}" in found
