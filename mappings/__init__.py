"""What a document is: one JSON file for each index, in Elasticsearch's own mapping language."""

import json
from functools import cache
from importlib import resources
from typing import Any

KIBANA_FILES = ("data-views", "library", "learning")


def load(index: str) -> dict[str, Any]:
    """Return the mapping of `index` ("photos", "files", ...) as Elasticsearch takes it.

    Each call returns a fresh one.
    """
    mapping = _read(index)
    del mapping["_meta"]["oldest"]  # which is about this Magpie, not about an index
    return mapping


@cache
def version(index: str) -> int:
    """Return the version of the mapping of `index`, which grows with each change to its fields."""
    return int(_read(index)["_meta"]["version"])


@cache
def oldest(index: str) -> int:
    """Return the oldest version of the mapping of `index` whose stores can still be opened.

    A version that only adds an optional field leaves `_meta.oldest` as it is: in older stores the
    field is missing, and reads as its default. A version that changes what a field means raises
    `_meta.oldest` to itself.
    """
    return int(_read(index)["_meta"]["oldest"])


def _read(index: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(f"{index}.json").read_text("utf-8")
    mapping: dict[str, Any] = json.loads(text)
    return mapping


def examples() -> dict[str, Any]:
    """Return one document of each index, by index: those that docs/documents.md shows."""
    text = resources.files(__package__).joinpath("examples.json").read_text("utf-8")
    documents: dict[str, Any] = json.loads(text)
    return documents


def kibana() -> list[dict[str, Any]]:
    """Return the saved objects for Kibana 8.19, for the store `photos` and an API on this machine.

    Objects come after those that they refer to.
    """
    folder = resources.files(__package__).joinpath("kibana")
    texts = (folder.joinpath(f"{name}.ndjson").read_text("utf-8") for name in KIBANA_FILES)
    return [json.loads(line) for text in texts for line in text.splitlines()]
