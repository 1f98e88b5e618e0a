"""What people do not want found: patterns of `--exclude` and `.magpieignore`, and `.nomedia`."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from indexer.errors import BadValue

if TYPE_CHECKING:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

IGNORE_FILE = ".magpieignore"
"""Holds patterns for its folder and all below, in the syntax of .gitignore."""

NO_MEDIA = ".nomedia"
"""Its presence leaves out its folder and all below, as on Android."""

RULE_FILES = frozenset({IGNORE_FILE, NO_MEDIA})

# Thumbnails, recycle bins, snapshots and the like of Synology, QNAP, NetApp, Windows, macOS
# archives and ext4: copies that nobody wants to find, or folders that no user may read.
SYSTEM_FOLDERS = frozenset(
    {
        *("@eaDir", "#recycle", "@Recycle", "$RECYCLE.BIN", "System Volume Information"),
        *("#snapshot", "@Recently-Snapshot", "~snapshot", "__MACOSX", "lost+found"),
    }
)

LIBRARIES = (".photoslibrary", ".lrdata")
"""Endings of folders that Apple Photos and Lightroom keep to themselves, lower case."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a file of patterns.

    Attributes:
        include: whether what it matches is left out; False for a line that begins with "!".
        only_folders: whether it ends with "/".
        compiled: matches paths without a "/" at either end.
    """

    include: bool
    only_folders: bool
    compiled: "GitIgnoreSpecPattern"

    def matches(self, path: str, is_folder: bool) -> bool:
        """Tell whether the pattern matches `path` itself, not only a folder above it."""
        if self.only_folders and not is_folder:
            return False
        found = self.compiled.match_file(path)
        # A folder above that is left out is not entered, as with git. Here it must not count:
        # GitIgnoreSpec, which lets it count, leaves out everything by "*", "!*/", "!*.jpg".
        return found is not None and not found.match.groupdict().get("ps_d")


@dataclass(frozen=True, slots=True)
class Layer:
    """The patterns that hold from one folder on.

    Attributes:
        folder: as `os.DirEntry.path` begins for what lies in it, with "/" at the end.
        patterns: last line first, which is the order in which they decide.
    """

    folder: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All patterns that hold in a folder.

    Attributes:
        layers: those that decide first come first: of the command line, of the folder, of the
            folder above it.
        given: how many of them are of the command line.
    """

    layers: tuple[Layer, ...] = ()
    given: int = 0

    @classmethod
    def of(cls, top: Path, patterns: Iterable[str]) -> Self:
        """Return the rules that the command line gives for a folder and all below.

        Raises:
            BadValue: something is not a pattern.
        """
        parsed = tuple(parse(patterns, strict=True))
        return cls((Layer(_prefix(top), parsed[::-1]),), 1) if parsed else cls()

    def within(self, folder: Path) -> Self:
        """Add those of a folder's `IGNORE_FILE`, which exists.

        Raises:
            OSError: it cannot be read.
        """
        # As names of files are read, so that any name can be written down.
        text = (folder / IGNORE_FILE).read_text("utf-8-sig", "surrogateescape")
        lines = (line.removesuffix("\r") for line in text.split("\n"))
        layer = Layer(_prefix(folder), tuple(parse(lines))[::-1])
        place = self.given
        return replace(self, layers=(*self.layers[:place], layer, *self.layers[place:]))

    def leave_out(self, path: str, is_folder: bool) -> bool:
        """Tell whether what lies at `path`, in a folder where the rules hold, is left out."""
        for layer in self.layers:
            inner = path[len(layer.folder) :]
            for pattern in layer.patterns:
                if pattern.matches(inner, is_folder):
                    return pattern.include
        return False


def parse(lines: Iterable[str], strict: bool = False) -> Iterator[Pattern]:
    """Yield the patterns of lines; comments and empty lines are none.

    Args:
        lines: without their ends.
        strict: refuse lines that match nothing, such as comments and mistakes.

    Raises:
        BadValue: a line is wrong.
    """
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    for line in lines:
        text = line if line.endswith("\\ ") else line.rstrip(" ")
        compiled = None
        with suppress(ValueError):
            compiled = GitIgnoreSpecPattern(text.removesuffix("/"))
        if compiled is not None and compiled.include is not None:
            yield Pattern(compiled.include, text.endswith("/"), compiled)
        elif strict:
            raise BadValue(f"{line!r} is not a pattern: write it as in .gitignore")


def is_system_folder(name: str) -> bool:
    """Tell whether systems and programs make folders of that name for themselves."""
    return name in SYSTEM_FOLDERS or name.lower().endswith(LIBRARIES)


def _prefix(folder: Path) -> str:
    return f"{str(folder).rstrip('/')}/"
