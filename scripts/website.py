"""Build the documentation as a website that works offline; fails on a dead link.

The pages are the README, everything in docs/ and the other Markdown files that they link to. They
keep their places relative to each other, so the same links work here and in the repository.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".build" / "website"
FILES = (
    *("*.md", "docs/*.md", "docs/images/*", "docs/javascripts/*"),
    *("benchmarks/*.md", "benchmarks/*.svg"),
)


class Page(HTMLParser):
    """What a built page refers to.

    Attributes:
        loaded: addresses that a browser loads by itself.
        linked: addresses that a reader can follow.
        anchors: ids that links can point to.
    """

    def __init__(self, file: Path) -> None:
        """Read the page."""
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []
        self.anchors = {""}
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses and the id of an element."""
        given = {name: value or "" for name, value in attrs}
        self.anchors.add(given.get("id", ""))
        if tag in ("a", "link"):
            (self.linked if tag == "a" else self.loaded).extend(
                address for name, address in given.items() if name == "href"
            )
        elif tag != "source":
            self.loaded += [given[name] for name in ("src", "data") if name in given]


def collect(work: Path) -> None:
    """Copy mkdocs.yml and the pages into the folder `work`, in place of what was there."""
    shutil.rmtree(work, ignore_errors=True)
    for path in (path for pattern in FILES for path in ROOT.glob(pattern)):
        page = work / "pages" / path.relative_to(ROOT)
        page.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, page)
    shutil.copy(ROOT / "mkdocs.yml", work)


def build(work: Path) -> Path:
    """Build what `collect` copied; return the folder of the site.

    Raises:
        subprocess.CalledProcessError: a link to a page is dead, or mkdocs.yml is wrong.
    """
    command = [str(Path(sys.executable).with_name("zensical")), "build", "--strict", "--clean"]
    subprocess.run(command, cwd=work, check=True)
    return work / "site"


def faults(site: Path) -> Iterator[str]:
    """Yield what is wrong with a built site: dead links, pictures that are missing, other sites.

    `zensical build --strict` looks at links to pages only.
    """
    pages = {file: Page(file) for file in sorted(site.rglob("*.html"))}
    for file, page in pages.items():
        name = file.relative_to(site)
        for address in page.loaded:
            if urlsplit(address).netloc:
                yield f"{name} loads {address} from another site"
        for address in (*page.loaded, *page.linked):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = _target(site, file, unquote(parts.path))
            if not target.is_file():
                yield f"{name} refers to {address}, which does not exist"
            elif target in pages and unquote(parts.fragment) not in pages[target].anchors:
                yield f"{name} refers to {address}, which has no such heading"


def _target(site: Path, file: Path, path: str) -> Path:
    """Return the file that a page's address leads to."""
    if not path:
        return file
    top = site if path.startswith("/") else file.parent
    target = Path(os.path.normpath(top / path.lstrip("/")))
    return target / "index.html" if target.is_dir() else target


def main() -> None:
    """Build the site, and print the path of its first page."""
    collect(WORK)
    try:
        site = build(WORK)
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
    if found := "\n".join(faults(site)):
        sys.exit(found)
    print(site / "index.html")


if __name__ == "__main__":
    main()
