"""What a document is: one JSON file an index, in Elasticsearch's own mapping language."""

import json
from importlib import resources
from typing import Any


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
