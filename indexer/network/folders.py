"""Networks that users bring: folders, found by path or by name, and told apart by their content.

`--model` takes a folder; below MAGPIE_MODELS, which may be Immich's own cache too, its name is
enough. Magpie remembers where it saw a network last, so that later commands on the same library
find it without being told.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.derived.locations import cache_folder
from indexer.errors import NotFound
from indexer.network.models import Weights

if TYPE_CHECKING:
    from indexer.network.joint.network import JointNetwork, Towers

PARTS = ("", "clip")
"""Folders of MAGPIE_MODELS that hold networks; Immich's cache has them in "clip"."""


def known_names() -> tuple[str, ...]:
    """Return the names of the networks below MAGPIE_MODELS, in order."""
    from indexer.network.layouts import looks_like_one

    found = {
        folder.name for place in _places() for folder in _folders(place) if looks_like_one(folder)
    }
    return tuple(sorted(found))


def lost_place() -> str:
    """Say what is wrong with MAGPIE_MODELS; "" where nothing is."""
    given = os.environ.get("MAGPIE_MODELS")
    lost = given and not _is_folder(Path(given))
    return f"; MAGPIE_MODELS names {given}, which is not there" if lost else ""


def find_folder(name: str) -> Path | None:
    """Return the folder of a network: named, given by its path, or remembered; else None."""
    named = [place / name for place in _places()] if _is_name(name) else []
    given = [Path(name)] if name else []
    for folder in (*named, *given):
        if _is_folder(folder):
            return folder.resolve()
    seen = _memory(name)
    with suppress(OSError, ValueError, KeyError, TypeError):
        folder = Path(json.loads(seen.read_text(encoding="utf-8"))["folder"])
        return folder if _is_folder(folder) else None
    return None


def load_folder(folder: Path) -> "JointNetwork":
    """Return the network of a folder; its graphs are not read.

    Raises:
        NotFound: a file is missing.
        BadValue: it holds no network, or settings that are not understood.
    """
    from indexer.network.joint.network import JointNetwork
    from indexer.network.layouts import read_towers

    towers = read_towers(folder)
    network = JointNetwork(folder, towers, lambda: weights_of(folder, towers, network.check))
    return network


def weights_of(folder: Path, towers: "Towers", check: Callable[[], None]) -> Weights:
    """Return the sha256 of all that a network's numbers depend on, and remember the folder.

    The files are read once; later, their sizes and times tell that they are the same.

    Args:
        folder, towers: the network.
        check: raises an error if it cannot work; no library is to begin with such a one.

    Raises:
        NotFound: a file cannot be read.
    """
    memory = _memory(folder.name)
    try:
        files = _files(folder, towers)
        stamps = [_stamp(folder, file) for file in files]
        with suppress(OSError, ValueError, KeyError, TypeError):
            seen = json.loads(memory.read_text(encoding="utf-8"))
            if seen["folder"] == str(folder) and seen["files"] == stamps:
                return Weights(folder, seen["sha256"])
        check()
        sha256 = _digest(folder, files)
    except OSError as error:
        raise NotFound(f"cannot read the network {folder}: {error}; download it again") from None
    with suppress(OSError):  # a full disk, say: then they are read again the next time
        _remember(memory, {"folder": str(folder), "files": stamps, "sha256": sha256})
    return Weights(folder, sha256)


def _files(folder: Path, towers: "Towers") -> list[Path]:
    """Return the files, in order: those that are named, and those that the graphs name."""
    graphs = (towers.pictures, towers.texts)
    named = {*graphs, *towers.others}
    for graph in graphs:
        beside = {file for file in graph.parent.iterdir() if file.is_file()} - named
        if beside:
            named |= _mentioned(graph, beside)
    return sorted(named)


def _mentioned(graph: Path, files: set[Path]) -> set[Path]:
    """Return those of `files` whose names stand in a graph: they hold its weights."""
    if not graph.stat().st_size:  # cannot be mapped; who reads it as a graph says what is wrong
        return set()
    with graph.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return {one for one in files if content.find(one.name.encode()) >= 0}


def _digest(folder: Path, files: list[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
        whole.update(f"{file.relative_to(folder).as_posix()} {content}\n".encode())
    return whole.hexdigest()


def _stamp(folder: Path, file: Path) -> list[Any]:
    status = file.stat()
    return [file.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns]


def _remember(memory: Path, seen: dict[str, Any]) -> None:
    from indexer.derived.array_file import replacing

    with replacing(memory) as file:
        file.write(json.dumps(seen).encode())


def _memory(name: str) -> Path:
    """Where it is written down which folder had that name last."""
    safe = hashlib.sha256(name.encode()).hexdigest()[:32]
    return cache_folder() / "networks" / f"{safe}.json"


def _is_name(name: str) -> bool:
    return name not in ("", ".", "..") and "/" not in name and os.sep not in name


def _is_folder(path: Path) -> bool:
    """Tell whether there is such a folder; a name that is too long for one is none either."""
    with suppress(OSError):
        return path.is_dir()
    return False


def _places() -> list[Path]:
    given = os.environ.get("MAGPIE_MODELS")
    return [Path(given) / part for part in PARTS] if given else []


def _folders(place: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from filter(_is_folder, place.iterdir())
