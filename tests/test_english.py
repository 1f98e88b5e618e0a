"""What people read is plain English: phrases that no native engineer writes cannot come back."""

import json
import re
import subprocess

import pytest
from click.testing import CliRunner
from surroundings import ROOT

from search.api.app import make_routes
from search.commands import main

FOREIGN = {
    # phrase (a regular expression, any case) -> what to write instead
    r"(?<!there )(?<!it )\b(is|are|was|were) no "
    r"(?!(long|fast|bett|small|larg|few)er\b|more\b|less\b|worse\b)[a-z]+":
        "is not a ..., there is no ...",
    r"\bof late\b": "recent",
    r"\bmade anew\b": "rebuilt",
    r"\b(written|built|computed|described|read|fitted|filled) anew\b": "again",
    r"\bby chance\b": "at random, in random order",
    r"\bat hand\b": "available",
    r"\bhalf a copy\b": "incomplete copy",
    r"\bstores of before\b": "older stores",
    r"\bleav(e|es|ing) [A-Za-z_]+ away\b": "unset ...",
    r"\bwhoever\b": "anyone who, the person who",
    r"\bfelt\b": "noticeable",
    r"\b(his|her) (clicks|votes?|feedback|own|judg)": "their ...",
    r"\bhe (has|is|may|must|can|judges|taught|marks|saw|typed|wants)\b": "they ...",
    r"\bfor want of\b": "because ... is missing",
    r"\bso often\b": "this often",
    r"\b(a|an) (photos?|lines?|rows?|files?|values?) a (photo|line|row|file|word|second|core)\b":
        "one ... per ...",
    r"\bone a (line|core|photo|word|row)\b": "one per ...",
    r"\b(photos|documents|requests) a second\b": "per second",
    r"\bhits an answer\b": "hits per answer",
    r"\bdoes not hold of\b": "is not true of",
    r"\bheld against\b": "compared with",
    r"\bmade[- ]up (photos|vectors)\b": "synthetic ...",
    r"\bto be had\b|\bcan be had\b|\bcannot be had\b": "available",
    r"\bthe same (goes|holds) of\b": "the same goes for",
    r"\b(what|all that) is known of\b": "what is known about",
}  # fmt: skip

KINDS = ("*.py", "*.md", "*.ts", "*.tsx", "*.mjs", "*.yml", "*.json", "Dockerfile", ".env.example")
SKIPPED = (
    "tests/test_english.py",  # names the phrases
    "web/package-lock.json",
    "tests/deployment/compose/compose-spec.json",  # not ours
    "search/words/data/",
    "search/static/",
    "indexer/imagenet/imagenet.json",
    "indexer/imagenet/tree.json",
)


def complaints(text: str) -> list[str]:
    """Return each foreign phrase in a text, with what to write instead."""
    spaced = re.sub(r"[\s\"'#*]+", " ", text)  # phrases may be wrapped over lines
    return [
        f"{found[0]!r}: write {better!r}"
        for phrase, better in FOREIGN.items()
        for found in re.finditer(phrase, spaced, re.IGNORECASE)
    ]


def sources() -> list[str]:
    """Return the files under version control that hold text of ours."""
    listed = subprocess.run(["git", "ls-files", *KINDS], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:  # not a checkout
        return []
    return [name for name in listed.stdout.splitlines() if not name.startswith(SKIPPED)]


@pytest.mark.parametrize("phrase", [
    "this file is no photo", "uploads of late", "the index is made anew", "photos by chance",
    "weights are not at hand", "half\n    a copy", "leave MAGPIE_X away", "whoever asks",
    "he judges the best", "one a line",
])  # fmt: skip
def test_a_foreign_phrase_is_noticed(phrase):
    assert complaints(phrase)


@pytest.mark.parametrize("phrase", [
    "there is no photo here", "the file is not a photo", "recent uploads", "one per line",
    "the file is no longer there", "photos in random order", "on the other hand",
])  # fmt: skip
def test_plain_english_is_left_alone(phrase):
    assert complaints(phrase) == []


@pytest.mark.parametrize("name", ["", *main.commands])
def test_help_is_plain_english(name):
    done = CliRunner().invoke(main, [*name.split(), "--help"])
    assert done.exit_code == 0
    assert complaints(done.output) == []


@pytest.mark.parametrize("name", main.commands)
def test_the_first_sentence_of_a_command_fits_into_the_list_of_commands(name):
    """Click ends a longer one in "..."."""
    short = main.commands[name].get_short_help_str(limit=66)
    assert not short.endswith("..."), short


def test_the_description_of_the_api_is_plain_english():
    assert complaints(json.dumps(make_routes().openapi(), ensure_ascii=False)) == []


@pytest.mark.parametrize("name", sources())
def test_sources_are_plain_english(name):
    """Code, comments, messages and documents: everything in the repository that people read."""
    assert complaints((ROOT / name).read_text("utf-8")) == []
