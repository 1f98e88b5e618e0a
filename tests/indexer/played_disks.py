"""Two folders of tiny pictures, and what people do with them, in random order.

All pictures have the same size in bytes, so that only their content tells them apart.
"""

import os
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from indexer.photos.content import content_id

HEAD = b"BM" + struct.pack("<IIIIiiHHIIiiII", 246, 0, 54, 40, 8, 8, 1, 24, 0, 192, 0, 0, 0, 0)
"""Begins a BMP file of 8 x 8 pixels."""

ENDING = ".bmp"


@dataclass
class Disks:
    """The folders a and b.

    Attributes:
        home: holds them, and what is not mounted now.
        chance: decides what happens.
        roots: the folders, wherever they are now.
        left: where they were before.
        away: mount points, and where what belongs there is meanwhile.
        log: what was done, for the message of a failure.
    """

    home: Path
    chance: random.Random
    roots: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)
    away: dict[Path, Path] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    _numbered: int = 0

    def __post_init__(self) -> None:
        """Make the folders."""
        self.roots = [self.home / "a", self.home / "b"]
        # In some, a folder with more than a handful is less than a fifth of the whole.
        many = self.chance.choice([2, 2, 2, 40])
        for folder, number in (("a", many), ("a/x", 11), ("a/y/z", 4), ("b", 3), ("b/x", 7)):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
            for _ in range(number):
                self.put(self.home / folder / f"p{self._number()}{ENDING}")

    def put(self, path: Path) -> None:
        """Write a picture that never was before."""
        path.write_bytes(HEAD + random.Random(self._number()).randbytes(8 * 8 * 3))

    def change(self) -> None:
        """Do something that people do."""
        files = [file for root in self.roots for file in root.rglob("*" + ENDING) if file.exists()]
        inner = [one for one in self._folders() if one not in self.roots]
        given: tuple[Path, ...]
        do: Callable[..., None]
        kind = self.chance.choice(["file"] * 11 + ["folder"] * 4 + ["unmount"] * 2 + ["root", ""])
        if kind == "file" and files:
            do, given = self.chance.choice(self._with_files()), (self.chance.choice(sorted(files)),)
        elif kind == "folder" and inner:
            do, given = self.chance.choice(self._with_folders()), (self.chance.choice(inner),)
        elif kind == "unmount":
            do, given = self._unmount, (self.chance.choice(self._folders()),)
        elif kind == "root":
            do, given = self._rename_root, (self.chance.choice(self.roots),)
        else:
            do, given = self.remount, ()
        self.log.append(f"{do.__name__} {' '.join(map(str, given))}")
        do(*given)

    def _with_files(self) -> list[Callable[[Path], None]]:
        return [
            self._copy, self._move, self._move, self._rename_case, self._edit, self._replace,
            self._touch, self._delete, self._link_hard, self._link, self._add,
        ]  # fmt: skip

    def _with_folders(self) -> list[Callable[[Path], None]]:
        return [self._rename_folder, self._move_folder, self._empty, self._link_folder]

    def _number(self) -> int:
        self._numbered += 1
        return self._numbered

    def _folders(self) -> list[Path]:
        folders = [one for root in self.roots for one in (root, *root.rglob("*"))]
        return sorted(one for one in folders if one.is_dir() and not one.is_symlink())

    def _free(self) -> Path:
        return self.chance.choice(self._folders()) / f"p{self._number()}{ENDING}"

    def _other(self) -> Path:
        self.put(self.home / "other")
        return self.home / "other"

    def _copy(self, file: Path) -> None:
        self._free().write_bytes(file.read_bytes())

    def _move(self, file: Path) -> None:
        file.rename(self._free())

    def _rename_case(self, file: Path) -> None:
        file.rename(file.with_name(file.name[0].swapcase() + file.name[1:]))

    def _edit(self, file: Path) -> None:
        """Write in place and keep the time, as some tools do that turn pictures."""
        before = file.stat()
        with file.open("r+b") as opened:
            opened.write(self._other().read_bytes())
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def _replace(self, file: Path) -> None:
        """Put another file in its place that has its time, as `rsync --times` may."""
        before = file.stat()
        other = self._other()
        os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
        other.rename(file)

    def _touch(self, file: Path) -> None:
        file.touch()

    def _delete(self, file: Path) -> None:
        file.unlink()

    def _link_hard(self, file: Path) -> None:
        os.link(file.resolve(), self._free())

    def _link(self, file: Path) -> None:
        self._free().symlink_to(file)

    def _add(self, _: Path) -> None:
        self.put(self._free())

    def _rename_folder(self, folder: Path) -> None:
        self._to(folder, folder.with_name(f"folder {self._number()}"))

    def _move_folder(self, folder: Path) -> None:
        self._to(folder, self.chance.choice(self.roots) / f"folder {self._number()}")

    def _rename_root(self, root: Path) -> None:
        """Let the whole library have another place."""
        new = root.with_name(f"{root.name[0]}{self._number()}")
        self._to(root, new)
        self.left.append(root)
        self.roots[self.roots.index(root)] = new

    def _to(self, folder: Path, target: Path) -> None:
        folder.rename(target)
        for place in [place for place in self.away if place.is_relative_to(folder)]:
            self.away[target / place.relative_to(folder)] = self.away.pop(place)

    def _empty(self, folder: Path) -> None:
        for file in sorted(folder.rglob("*" + ENDING)):
            file.unlink()

    def _link_folder(self, folder: Path) -> None:
        (self.chance.choice(self.roots) / f"link {self._number()}").symlink_to(folder)

    def _unmount(self, folder: Path) -> None:
        """Leave a mount point: an empty folder."""
        if folder not in self.away:
            self.away[folder] = self.home / f"away {self._number()}"
            folder.rename(self.away[folder])
            folder.mkdir()

    def remount(self) -> None:
        """Let everything be back where it was."""
        for place, kept in reversed(self.away.items()):  # what lies in another disk comes later
            for path in sorted(kept.rglob("*")):
                target = place / path.relative_to(kept)
                target.parent.mkdir(parents=True, exist_ok=True)
                if path.is_symlink() or not path.is_dir():
                    path.rename(target)
        self.away.clear()


def contents(roots: list[Path]) -> dict[str, set[str]]:
    """Return id -> paths of all pictures below folders; each real folder is walked once."""
    found: dict[str, set[str]] = {}
    seen: set[str] = set()
    for root in roots:
        for folder, inner, names in os.walk(root, followlinks=True):
            if os.path.realpath(folder) in seen:
                inner.clear()
                continue
            seen.add(os.path.realpath(folder))
            for path in (Path(folder, name) for name in names if name.endswith(ENDING)):
                if path.exists():
                    found.setdefault(content_id(path.read_bytes()), set()).add(str(path))
    return found
