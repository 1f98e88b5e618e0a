"""What a document is: one JSON file an index, in Elasticsearch's own mapping language."""

import json
from importlib import resources
from typing import Any

KIBANA_FILES = ("data-views", "library", "learning")


def load(index: str) -> dict[str, Any]:
    """Return the mapping of `index` ("photos", "files"), fresh at each call.

    `_meta.version` counts up whenever a field changes its meaning; a store that was made by
    another version is refused by the stores.
    """
    text = resources.files(__package__).joinpath(f"{index}.json").read_text("utf-8")
    mapping: dict[str, Any] = json.loads(text)
    return mapping


def version(index: str) -> int:
    """Return the version of the mapping of `index`."""
    return int(load(index)["_meta"]["version"])


def examples() -> dict[str, Any]:
    """Return one document of each index, by index: what docs/documents.md shows."""
    text = resources.files(__package__).joinpath("examples.json").read_text("utf-8")
    documents: dict[str, Any] = json.loads(text)
    return documents


def kibana() -> list[dict[str, Any]]:
    """Return the saved objects for Kibana 8.19, for the store `photos` and an API on this machine.

    What another object refers to comes before it.
    """
    folder = resources.files(__package__).joinpath("kibana")
    texts = (folder.joinpath(f"{name}.ndjson").read_text("utf-8") for name in KIBANA_FILES)
    return [json.loads(line) for text in texts for line in text.splitlines()]
