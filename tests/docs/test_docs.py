"""What the documentation promises: commands and settings are in it, examples run, names exist."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from search.commands import main

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])
PACKAGES = ("indexer", "search", "mappings")
PLACEHOLDERS = ("NAME", "SUBJECT")


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def section(command: str) -> str:
    """What docs/commands.md says about a command."""
    found = re.search(
        rf"^### magpie {command}\n(.*?)(?=^##|\Z)", read("docs/commands.md"), re.M | re.S
    )
    assert found, f"docs/commands.md has no section for magpie {command}"
    return found[1]


def shared() -> str:
    """What docs/commands.md says about options of many commands."""
    return read("docs/commands.md").split("## Build a library")[0]


def options_of(command: click.Command) -> list[str]:
    return [
        flag
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for flag in (*parameter.opts, *parameter.secondary_opts)
    ]


@pytest.mark.parametrize("name", main.commands)
def test_every_command_and_its_options_are_documented(name):
    described = section(name)
    for flag in options_of(main.commands[name]):
        assert f"`{flag}" in described or f"`{flag}" in shared(), flag


def test_no_command_is_documented_that_is_gone():
    documented = re.findall(r"^### magpie (\S+)$", read("docs/commands.md"), re.M)
    assert documented == list(dict.fromkeys(documented))
    assert set(documented) == set(main.commands)


def test_no_option_is_documented_that_is_gone():
    exist = {flag for command in main.commands.values() for flag in options_of(command)} | {
        "--help"
    }
    assert set(re.findall(r"`(--[a-z-]+)", read("docs/commands.md"))) <= exist


def test_every_environment_variable_is_documented():
    code = "".join(
        path.read_text("utf-8") for name in PACKAGES for path in (ROOT / name).rglob("*.py")
    )
    known = set(re.findall(r"MAGPIE_[A-Z_]+", code))
    assert known == set(re.findall(r"`(MAGPIE_[A-Z_]+)`", shared()))


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_the_python_example_runs_as_printed(page, tmp_path, free_photos):
    code = read(page).split("```python\n")[1].split("```")[0]
    (tmp_path / "photos").mkdir()
    for photo in free_photos[:6]:
        (tmp_path / "photos" / photo.name).write_bytes(photo.read_bytes())
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "6 photos"
    assert "chelsea.png" in done.stdout.splitlines()[1]


def test_the_readme_shows_magpie_before_it_explains_it():
    lines = read("README.md").splitlines()
    assert len(lines) <= 120
    top = "\n".join(lines[:30])
    assert "(docs/images/search.webp)" in top and "```console\n$ magpie search" in top


def test_the_readme_shows_what_the_command_prints(free_photos, all_looks, tmp_path):
    command, *printed = (
        read("README.md").split("```console\n$ magpie ")[1].split("```")[0].splitlines()
    )
    store, photos = f"sqlite:///{tmp_path}/photos.db", tmp_path / "photos"
    photos.mkdir()
    for photo in free_photos[:-1]:
        shutil.copy(photo, photos)
    assert CliRunner().invoke(main, ["index", str(photos), "--store", store]).exit_code == 0
    done = CliRunner().invoke(main, [*command.split(), "--no-search-log", "--store", store])
    assert done.exit_code == 0
    understood, likely, *hits = done.output.replace(f"{photos}/", "/photos/").splitlines()
    assert [understood, likely] == printed[:2]
    for hit, as_printed in zip(hits, printed[2:], strict=True):
        (score, *what), (score_printed, *what_printed) = parts_of(hit), parts_of(as_printed)
        assert what == what_printed
        assert float(score) == pytest.approx(float(score_printed), abs=0.1)


def parts_of(hit: str) -> tuple[str, ...]:
    """Score, path and first reason of a printed hit; further reasons differ between processors."""
    found = re.match(r"(\S+)  (\S+)  \((.+?) \d", hit)
    assert found, hit
    return found.groups()


def named_files(text: str) -> set[str]:
    """Files and folders of the repository that a page names, without their placeholders."""
    tops = "|".join((*PACKAGES, "tests", "scripts", "web", "benchmarks", "docs", "tools"))
    return set(re.findall(rf"(?<![\w./-])((?:{tops})/[\w./*-]*[\w*/])", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_named_files_exist(page):
    for name in named_files(page.read_text("utf-8")):
        pattern = name
        for placeholder in PLACEHOLDERS:
            pattern = pattern.replace(placeholder, "*")
        assert list(ROOT.glob(pattern.rstrip("/"))), f"{page.name} names {name}"


def test_every_folder_of_the_code_is_in_the_architecture():
    text = read("docs/architecture.md")
    folders = [path for top in ("indexer", "search") for path in (ROOT / top).iterdir()]
    for folder in folders:
        if folder.is_dir() and folder.name != "__pycache__":
            assert f"`{folder.parent.name}/{folder.name}`" in text, folder


def test_messages_named_as_problems_exist():
    """The left column of "Problems" in docs/operations.md, as the code words them."""
    code = "".join(path.read_text("utf-8") for path in (ROOT / "indexer/stores").rglob("*.py"))
    plain = re.sub(r'"\s*\n\s*f?"', "", code)
    rows = read("docs/operations.md").split("## Problems\n")[1].split("\n## ")[0].splitlines()
    messages = [row.strip("|").split(" | ")[0].strip() for row in rows if row.startswith("| ")][2:]
    assert len(messages) == 8
    for message in messages:
        assert message in plain, message
