"""Files that are left out because of their ending: how they are counted and told."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from indexer.photos.formats import FAMILIES
from indexer.records import LeftOut

NO_ENDING = "(none)"
"""Counts as the ending of names that have none, or only something too odd to be one."""

KINDS = 6
"""Endings that a line names."""

_ENDING = re.compile(r"\.[\w+~-]{1,12}\Z")


def ending(name: str) -> str:
    """Return the ending of a file's name with its dot, lower case; or `NO_ENDING`."""
    found = _ENDING.search(name.lower())
    return found[0] if found else NO_ENDING


def by_ending(left_out: Iterable[LeftOut]) -> dict[str, int]:
    """Add folders up: ending -> files, most first, ties by ending."""
    files: Counter[str] = Counter()
    for one in left_out:
        files[one.ending] += one.files
    return dict(sorted(files.items(), key=lambda item: (-item[1], item[0])))


def in_words(left_out: Mapping[str, int]) -> str:
    """Return "280 .mp4, 32 .txt and 5 others", with what to install for some.

    Args:
        left_out: ending -> files, most first.
    """
    named = list(left_out.items())[:KINDS]
    others = sum(left_out.values()) - sum(files for _, files in named)
    text = ", ".join(_kind(ending, files) for ending, files in named)
    return f"{text} and {others:,} {'other' if others == 1 else 'others'}" if others else text


def _kind(ending: str, files: int) -> str:
    if ending == NO_ENDING:
        return f"{files:,} without an ending"
    extra = _extra(ending)
    return f"{files:,} {ending}" + (f" (pip install 'magpie-search[{extra}]')" if extra else "")


def _extra(ending: str) -> str:
    """Return the extra of Magpie that reads such files and is not installed; "" for none."""
    missing = (family for family in FAMILIES if not family.installed)
    return next((family.extra for family in missing if ending in family.endings), "")
