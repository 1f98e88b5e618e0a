"""Reading only the previews that photos carry: a few per cent of the work with the photos."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from typing_extensions import override

from indexer.errors import Unreadable
from indexer.photos.decoding import decode_preview
from indexer.photos.finding import Found
from indexer.photos.formats import endings_with_previews
from indexer.photos.left_out import ending
from indexer.photos.reading import Known, PhotoReader, Ready, Unread

IN_VAIN = 20
"""Files of an ending without a preview, or of known photos, after which others are left alone."""

VAIN_FOR_ONE = 4
"""So many more are looked into for each that had one, as reading a file is little of the work."""


@dataclass(slots=True)
class Prospects:
    """Which files are worth a look, by what others of the same ending had."""

    _vain: Counter[str] = field(default_factory=Counter)
    _found: Counter[str] = field(default_factory=Counter)
    _endings: frozenset[str] = field(default_factory=endings_with_previews)

    def are_good(self, path: str) -> bool:
        """Tell whether a file is likely enough to carry a preview."""
        name = ending(path)
        vain = self._vain[name] - VAIN_FOR_ONE * self._found[name]
        return name in self._endings and vain < IN_VAIN

    def learn(self, path: str, found: bool) -> None:
        """Count a file; two threads at once may lose one, which does not matter."""
        (self._found if found else self._vain)[ending(path)] += 1


@dataclass(frozen=True, slots=True)
class PreviewReader(PhotoReader):
    """Reads the previews of files for one model; what has none is unreadable for it."""

    prospects: Prospects = field(default_factory=Prospects)

    def is_worth(self, found: Found) -> bool:
        """Tell whether to read a file at all."""
        return self.prospects.are_good(found.path)

    @override
    def read(self, found: Found) -> Ready | Known | Unread:
        # Without `super`, which the copy of a class that slots make does not know.
        result = PhotoReader.read(self, found)
        # Photos that the library knows, as where a folder moved, make another look vain too.
        self.prospects.learn(found.path, isinstance(result, Ready))
        return result

    @override
    def _decode(self, found: Found, id: str, file: BinaryIO) -> Ready:
        decoded = decode_preview(file, self.side)
        if decoded is None:
            raise Unreadable("no preview")
        ready = self._ready(found, id, decoded)
        return replace(ready, photo=replace(ready.photo, preview=True))
