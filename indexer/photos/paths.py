"""Paths as text that every store can hold, whatever bytes a file name consists of."""

import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

# One code point for each byte 0x80 to 0xFF, in the last private-use plane.
_FIRST = 0x10FF00
_BEYOND_TEXT = re.compile("[\udc80-\udcff\U0010ff80-\U0010ffff]")
_ESCAPED = re.compile("[\U0010ff80-\U0010ffff]")


def to_text(path: Path | str) -> str:
    """Return `path` as valid Unicode, reversibly: JSON, SQLite and Elasticsearch refuse surrogates.

    A byte that is not UTF-8 becomes U+10FF00 + byte. If a name contains these characters already,
    their bytes are escaped too, so no two paths share a text. All other paths stay as they are.
    """
    plain = str(path)
    if plain.isascii():  # most are, and a library may have a million
        return plain
    # Surrogate escapes: PEP 383.
    text = os.fsencode(plain).decode("utf-8", "surrogateescape")
    return _BEYOND_TEXT.sub(_escape, text)


def to_path(text: str) -> Path:
    """Return the path that `to_text` turned into `text`."""
    return Path(os.fsdecode(_ESCAPED.sub(_unescape, text).encode("utf-8", "surrogateescape")))


def absolute(path: Path) -> Path:
    """Return `path` from the root; symbolic links stay unless a ".." needs them resolved."""
    whole = path.absolute()
    return Path(os.path.realpath(whole)) if ".." in whole.parts else whole


def above(path: str) -> Iterator[str]:
    """Yield the folders around a path, as text, the innermost first."""
    while path != "/":
        path = parent(path)
        yield path


def parent(path: str) -> str:
    """Return the folder in which a path lies, as text."""
    return path.rpartition("/")[0] or "/"


def beginning(folder: str) -> str:
    """Return how the paths of everything below `folder` begin."""
    return folder.rstrip("/") + "/"


def is_under(path: str, folder: str) -> bool:
    """Tell whether `path` lies in `folder` or below it."""
    return path.startswith(beginning(folder))


def is_within(place: str, folders: Iterable[str]) -> bool:
    """Tell whether a folder is one of some or lies below one."""
    return any(place == folder or is_under(place, folder) for folder in folders)


def is_under_any(path: str, folders: Collection[str]) -> bool:
    """Tell whether `path` lies below one of `folders`, of which there may be many."""
    return bool(folders) and any(folder in folders for folder in above(path))


def _escape(found: re.Match[str]) -> str:
    return "".join(chr(_FIRST + byte) for byte in found[0].encode("utf-8", "surrogateescape"))


def _unescape(found: re.Match[str]) -> str:
    return chr(0xDC00 + ord(found[0]) - _FIRST)
