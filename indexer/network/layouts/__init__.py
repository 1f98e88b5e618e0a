"""Layouts of folders that hold a network of two towers: one file a layout.

A new layout is one new file `indexer/network/layouts/<name>.py` with `NEEDED`, the files by which a
folder is recognised, and `read(folder)`, which returns its `Towers` and loads nothing heavy.
"""

import importlib
import json
import pkgutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from indexer.errors import BadValue, NotFound
from indexer.network.joint.network import Towers

Settings = Mapping[str, Any]


class FolderLayout(Protocol):
    """How files lie in a folder.

    Attributes:
        NEEDED: paths in it, "/" between folders; all of them have to be there.
    """

    NEEDED: tuple[str, ...]

    def read(self, folder: Path) -> Towers:
        """Return what the folder holds.

        Raises:
            BadValue: a file says something that is not understood.
            NotFound: a file is missing.
        """


def names() -> tuple[str, ...]:
    """All layouts, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def looks_like_one(folder: Path) -> bool:
    """Tell whether any file of any layout lies in a folder."""
    return any(_lies(folder / file) for name in names() for file in _load(name).NEEDED)


def read_towers(folder: Path) -> Towers:
    """Return the network in a folder.

    Raises:
        NotFound: a file is missing.
        BadValue: the folder holds no network of a known layout, or two of them, or a file is not
            understood.
    """
    layouts = [(name, _load(name)) for name in names()]
    found = {name: sum(_lies(folder / file) for file in layout.NEEDED) for name, layout in layouts}
    name, layout = max(layouts, key=lambda pair: found[pair[0]] / len(pair[1].NEEDED))
    missing = [file for file in layout.NEEDED if not _lies(folder / file)]
    if not found[name]:
        shapes = "; or ".join(f"{', '.join(one.NEEDED)} ({name})" for name, one in layouts)
        raise BadValue(f"{folder} does not hold a network: give a folder with {shapes}")
    whole = [one for one, layout in layouts if found[one] == len(layout.NEEDED)]
    if len(whole) > 1:
        raise BadValue(
            f"{folder} holds {len(whole)} networks, in the layouts of {' and '.join(whole)}: move "
            "each into a folder of its own"
        )
    if missing:
        raise NotFound(
            f"{folder} has no {missing[0]}, which a network in the layout of {name} needs: "
            "download the folder again"
        )
    return layout.read(folder)


def read_settings(path: Path) -> Settings:
    """Return what a JSON file holds.

    Raises:
        NotFound: it is missing.
        BadValue: it is not an object in JSON.
    """
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(f"{path} is missing: download the folder again") from None
    except (OSError, ValueError) as error:
        raise BadValue(f"{path} cannot be read as JSON ({error}): download it again") from None
    if not isinstance(settings, dict):
        raise BadValue(f"{path} holds no settings: download it again")
    return settings


def _lies(file: Path) -> bool:
    """Tell whether there is such a file; one that this user may not look for is none."""
    with suppress(OSError):
        return file.is_file()
    return False


def _load(name: str) -> FolderLayout:
    layout: FolderLayout = importlib.import_module(f"{__name__}.{name}")
    return layout
