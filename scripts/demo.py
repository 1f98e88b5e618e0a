"""Show what Magpie does: index, three searches, one similar photo, and a contact sheet.

Runs the commands that a user would type, on real photographs, in a library of its own.
"""

import argparse
import base64
import html
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from real_photos import real_photos

from indexer.photos.listing import is_photo_name

ROOT = Path(__file__).parents[1]
SEARCHES = ("cat", "rocket", "cup of coffee")
THUMBNAIL = 240

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Magpie: contact sheet</title>
<style>
:root {{ color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }}
body {{ max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.6rem; }} h2 {{ font-size: 1.15rem; margin: 2rem 0 0; }}
p {{ margin: 0 0 .5rem; opacity: .75; }}
ol {{ display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; list-style: none; }}
li {{ width: 15rem; font-size: .85rem; overflow-wrap: anywhere; }}
img {{ display: block; height: 11rem; max-width: 100%; object-fit: contain; }}
b {{ font-variant-numeric: tabular-nums; }}
</style><h1>Magpie: contact sheet</h1>{sections}</html>"""


def magpie(*words: str) -> dict[str, Any]:
    """Run a command as a user would, show it, and return its JSON."""
    command = [str(Path(sys.executable).with_name("magpie")), *words]
    print("$ magpie", *words, flush=True)
    done = subprocess.run([*command, "--json"], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def show(hits: list[dict[str, Any]]) -> None:
    """Print the first three hits with their reasons."""
    for hit in hits[:3]:
        print(f"  {hit['score']:.3f}  {Path(hit['path']).name}  ({reasons(hit)})")


def reasons(hit: dict[str, Any]) -> str:
    """Return the three strongest reasons of a hit in words; none that would print as 0.00."""
    parts = [part for part in hit["reasons"] if abs(part["score"]) >= 0.005]
    strongest = sorted(parts, key=lambda part: -abs(part["score"]))[:3]
    return ", ".join(f"{part['what']} {part['score']:.2f}" for part in strongest)


def section(title: str, note: str, hits: list[dict[str, Any]]) -> str:
    """Return one row of the contact sheet."""
    items = "".join(
        f'<li><img alt="" src="{thumbnail(Path(hit["path"]))}">'
        f"<b>{hit['score']:.3f}</b> {html.escape(Path(hit['path']).name)}<br>"
        f"{html.escape(reasons(hit))}</li>"
        for hit in hits[:8]
    )
    return f"<h2>{html.escape(title)}</h2><p>{html.escape(note)}</p><ol>{items}</ol>"


def thumbnail(path: Path) -> str:
    """Return a photo as a small JPEG in a data URL."""
    with Image.open(path) as image:
        small = ImageOps.exif_transpose(image).convert("RGB")
        small.thumbnail((2 * THUMBNAIL, 2 * THUMBNAIL))
        data = io.BytesIO()
        small.save(data, "JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(data.getvalue()).decode()


def understood(answer: dict[str, Any]) -> str:
    """Say how a query was understood."""
    parts = [f"{part['word']} = {part['meaning']}" for part in answer["words"]]
    return "; ".join(parts) if answer["familiar"] else f"unfamiliar: {answer['query']}"


def sections(store: str, example: Path) -> Iterator[str]:
    """Run the queries and yield their rows."""
    for words in SEARCHES:
        answer = magpie("search", *words.split(), "--limit", "8", "--store", store)
        show(answer["hits"])
        yield section(words, understood(answer), answer["hits"])
    found = magpie("similar", str(example), "--limit", "8", "--store", store)["hits"]
    show(found)
    yield section(f"like {example.name}", "the most similar photos", found)


def main() -> None:
    """Index, search and write the contact sheet; its path is printed last."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, help="a folder of your own photos")
    folder = parser.parse_args().photos
    home = ROOT / "demo"
    shutil.rmtree(home, ignore_errors=True)
    if folder is None:
        folder = home / "photos"
        folder.mkdir(parents=True)
        for photo in real_photos():
            shutil.copy(photo, folder)
    home.mkdir(exist_ok=True)
    store = f"sqlite:///{home / 'photos.db'}"
    report = magpie("index", str(folder), "--store", store)
    print(
        f"  {report['indexed']} photos indexed by {report['model']} in {report['seconds']:.1f} s, "
        f"{len(report['failed'])} failed"
    )
    example = next(path for path in sorted(folder.rglob("*")) if is_photo_name(path.name))
    sheet = home / "contact-sheet.html"
    sheet.write_text(PAGE.format(sections="".join(sections(store, example))), "utf-8")
    print(sheet)


if __name__ == "__main__":
    main()
