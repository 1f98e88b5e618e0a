"""The label tree as data: the 1,000 classes, their WordNet names and all their ancestors."""

import json
from functools import cache
from importlib import resources
from typing import TypedDict


class TreeData(TypedDict):
    """The content of tree.json; an id is a WordNet noun ("n02391049").

    Keys:
        labels: id -> the one name that no other label has.
        ancestors: id -> first name.
        parents: id of a label or ancestor -> ids of its hypernyms.
        senses: folded name -> {id: rank among all meanings of the noun, 1 the most frequent}.
    """

    labels: dict[str, str]
    ancestors: dict[str, str]
    parents: dict[str, list[str]]
    senses: dict[str, dict[str, int]]


@cache
def tree_data() -> TreeData:
    """Return the bundled tree, which scripts/words/01_tree.py builds."""
    text = resources.files("indexer.imagenet").joinpath("tree.json").read_text(encoding="utf-8")
    tree: TreeData = json.loads(text)
    return tree
