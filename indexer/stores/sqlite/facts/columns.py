"""What filters ask about many photos: one array a fact, so that a million are tested at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.derived.array_file import SavedArrays
from indexer.derived.vectors import as_bytes
from indexer.facets import folder_of
from indexer.filters import without_case
from indexer.stores.documents import location_of

Rows = NDArray[np.integer[Any]]
Truths = NDArray[np.bool_]

UNKNOWN = ""
"""The camera of a photo that does not name one, and the place of one that has none."""

EARTH_KM = 6371.0087714
"""Mean radius of the earth (Moritz 2000, GRS 80), as Lucene has it."""

NOWHERE = (np.nan, np.nan)

SAMPLE = 1 << 16
"""Bytes of names that tell how often each byte occurs."""


@dataclass(frozen=True)
class FactColumns(SavedArrays):
    """The facts of n photos with p paths, one photo a row.

    Names are in UTF-8, each followed by a NUL, and in small letters (`without_case`) but for those
    that are `written_`: as they are.

    Attributes:
        ids: photo ids in UTF-8, in any order, shape (n,).
        order: int32, shape (n,): the rows in ascending order of ids.
        taken: int64, shape (n,): milliseconds since 1970, of `Photo.captured` or, where that is
            not known, of `Photo.modified`.
        dated: bool, shape (n,): whether `Photo.captured` is known.
        widths, heights: int32, shape (n,).
        latitudes, longitudes: float64, shape (n,): degrees; NaN where they are not known.
        formats, cameras, places: int32, shape (n,): numbers of names.
        path_starts: int64, shape (n + 1,): row i has the paths path_starts[i] to path_starts[i+1].
        path_folders: int32, shape (p,): numbers of the paths' folders.
        name_starts: int64, shape (p,): where in `names` the file name of each path begins.
        names: uint8: all file names.
        format_names, camera_names, place_names, folder_names: uint8: the names that the numbers
            count; two that differ in capitals alone have a number each.
        written_cameras, written_places, written_folders: uint8: the same names.
    """

    ids: NDArray[np.bytes_]
    order: NDArray[np.int32]
    taken: NDArray[np.int64]
    dated: NDArray[np.bool_]
    widths: NDArray[np.int32]
    heights: NDArray[np.int32]
    latitudes: NDArray[np.float64]
    longitudes: NDArray[np.float64]
    formats: NDArray[np.int32]
    cameras: NDArray[np.int32]
    places: NDArray[np.int32]
    path_starts: NDArray[np.int64]
    path_folders: NDArray[np.int32]
    name_starts: NDArray[np.int64]
    names: NDArray[np.uint8]
    format_names: NDArray[np.uint8]
    camera_names: NDArray[np.uint8]
    place_names: NDArray[np.uint8]
    folder_names: NDArray[np.uint8]
    written_cameras: NDArray[np.uint8]
    written_places: NDArray[np.uint8]
    written_folders: NDArray[np.uint8]

    @classmethod
    def build(cls, documents: Iterable[Mapping[str, Any]]) -> Self:
        """Make the columns of photos from their plain fields (see `stores.documents`)."""
        return cls(**_Gathering().read(documents))

    def rows_of(self, ids: NDArray[np.bytes_], order: Rows) -> Rows:
        """Return the row of each of some ids, -1 where it has none.

        Args:
            ids: shape (m,).
            order: their positions in ascending order: sorted ids are found in a tenth of the time.
        """
        rows = np.full(len(ids), -1, np.int32)
        if len(self.ids) and len(ids):
            wanted, mine = ids[order], self._sorted
            places = np.searchsorted(mine, wanted).clip(max=len(mine) - 1)
            rows[order] = np.where(mine[places] == wanted, self.order[places], -1)
        return rows

    def with_camera(self, texts: Sequence[str]) -> Truths:
        """Tell which photos have a camera with one of some texts in its name."""
        return _named(self.camera_names, self._camera_starts, texts)[self.cameras]

    def at_place(self, texts: Sequence[str]) -> Truths:
        """Tell which photos have a place with one of some texts in its name."""
        return _named(self.place_names, _starts(self.place_names), texts)[self.places]

    def exactly(self, fact: str, name: str) -> Truths:
        """Tell which photos have a camera, place or folder of this very name."""
        if fact == "folder":
            folders = _equal(self.written_folders, name)
            return self._by_path(np.flatnonzero(folders[self.path_folders]))
        if fact == "place":
            return _equal(self.written_places, name)[self.places]
        return _equal(self.written_cameras, name)[self.cameras]

    def near(self, latitude: float, longitude: float, kilometres: float) -> Truths:
        """Tell which photos are at most so far away: by the haversine formula."""
        half = kilometres / (2 * EARTH_KM)
        band = np.degrees(2 * half) + 1e-6
        holds: Truths = np.abs(self.latitudes - latitude) <= band  # which NaN never is
        rows = np.flatnonzero(holds)
        here, there = np.radians(latitude), np.radians(self.latitudes[rows])
        across = np.radians(self.longitudes[rows] - longitude)
        squares = np.sin((there - here) / 2) ** 2
        squares += np.cos(here) * np.cos(there) * np.sin(across / 2) ** 2
        holds[rows] = np.arcsin(np.sqrt(np.minimum(squares, 1))) <= half
        return holds

    def of_format(self, format_: str) -> Truths:
        """Tell which photos have a format."""
        names = self.format_names.tobytes().split(b"\0")[:-1]
        return np.array([name == format_.encode() for name in names], bool)[self.formats]

    def in_folder(self, texts: Sequence[str]) -> Truths:
        """Tell which photos have a place in a folder with one of some texts in its path."""
        folders = _named(self.folder_names, self._folder_starts, texts)
        return self._by_path(np.flatnonzero(folders[self.path_folders]))

    def named(self, texts: Sequence[str]) -> Truths:
        """Tell which photos have a file with one of some texts in its name."""
        return self._by_path(np.flatnonzero(_named(self.names, self.name_starts, texts)))

    def _by_path(self, paths: Rows) -> Truths:
        """Tell which photos have one of some paths."""
        holds = np.zeros(len(self.ids), bool)
        one_each = len(self.path_folders) == len(self.ids)
        rows = paths if one_each else np.searchsorted(self.path_starts, paths, "right") - 1
        holds[rows] = True
        return holds

    @cached_property
    def _sorted(self) -> NDArray[np.bytes_]:
        return self.ids[self.order]

    @cached_property
    def _camera_starts(self) -> Rows:
        return _starts(self.camera_names)

    @cached_property
    def _folder_starts(self) -> Rows:
        return _starts(self.folder_names)


class _Gathering:
    """Collects the columns of photos one after another."""

    def __init__(self) -> None:
        self.formats: dict[str, int] = {}
        self.cameras: dict[str, int] = {}
        self.places: dict[str, int] = {}
        self.folders: dict[str, int] = {}

    def read(self, documents: Iterable[Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
        ids, times, dated, sizes, kinds, spots = [], [], [], [], [], []
        ends, folders, starts, names = [0], [], [], bytearray()
        for one in documents:
            ids.append(one["id"])
            captured = one.get("captured")
            dated.append(bool(captured))
            times.append((captured or one["modified"])[:23].rstrip("Z"))
            sizes.append((one["width"], one["height"]))
            kinds.append(
                (
                    _number(self.formats, one["format"]),
                    _number(self.cameras, one.get("camera") or UNKNOWN),
                    _number(self.places, one.get("place") or UNKNOWN),
                )
            )
            spots.append(location_of(one) or NOWHERE)
            for path in one["paths"]:
                folders.append(_number(self.folders, folder_of(path)))
                starts.append(len(names))
                names += (
                    without_case(path.rpartition("/")[2]).encode("utf-8", "surrogatepass") + b"\0"
                )
            ends.append(len(folders))
        known = as_bytes(ids)
        shape = np.array(sizes, np.int32).reshape(-1, 2)
        kind = np.array(kinds, np.int32).reshape(-1, 3)
        spot = np.array(spots, np.float64).reshape(-1, 2)
        return {
            "ids": known,
            "order": np.argsort(known).astype(np.int32),
            "taken": _milliseconds(times),
            "dated": np.array(dated, bool),
            "widths": shape[:, 0].copy(),
            "heights": shape[:, 1].copy(),
            "latitudes": spot[:, 0].copy(),
            "longitudes": spot[:, 1].copy(),
            "formats": kind[:, 0].copy(),
            "cameras": kind[:, 1].copy(),
            "places": kind[:, 2].copy(),
            "path_starts": np.array(ends, np.int64),
            "path_folders": np.array(folders, np.int32),
            "name_starts": np.array(starts, np.int64),
            "names": np.frombuffer(bytes(names), np.uint8),
            "format_names": _blob(self.formats),
            "camera_names": _blob(map(without_case, self.cameras)),
            "place_names": _blob(map(without_case, self.places)),
            "folder_names": _blob(without_case(f"{one.rstrip('/')}/") for one in self.folders),
            "written_cameras": _blob(self.cameras),
            "written_places": _blob(self.places),
            "written_folders": _blob(self.folders),
        }


def _milliseconds(times: Sequence[str]) -> NDArray[np.int64]:
    """Return moments in milliseconds since 1970; what is not a moment is before all others."""
    try:
        return np.array(times, "datetime64[ms]").astype(np.int64)
    except ValueError:
        return np.array([_moment(time) for time in times]).astype(np.int64)


def _moment(time: str) -> np.datetime64:
    try:
        return np.datetime64(time, "ms")
    except ValueError:
        return np.datetime64("NaT", "ms")


def _number(numbers: dict[str, int], name: str) -> int:
    return numbers.setdefault(name, len(numbers))


def _blob(names: Iterable[str]) -> NDArray[np.uint8]:
    text = "".join(f"{name}\0" for name in names)
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)


def _starts(names: NDArray[np.uint8]) -> Rows:
    """Return where each of some names begins, which end with a NUL."""
    return np.append(0, np.flatnonzero(names == 0)[:-1] + 1) if len(names) else np.zeros(0, int)


def _named(names: NDArray[np.uint8], starts: Rows, texts: Iterable[str]) -> Truths:
    """Tell which of some names have one of some texts in them."""
    found = np.zeros(len(starts), bool)
    for text in texts:
        places = _places(names, text.encode("utf-8", "surrogatepass"))
        found[np.searchsorted(starts, places, "right") - 1] = True
    return found


def _equal(names: NDArray[np.uint8], wanted: str) -> Truths:
    """Tell which of some names is one."""
    known = names.tobytes().split(b"\0")[:-1]
    name = wanted.encode("utf-8", "surrogatepass")
    return np.array([one == name for one in known], bool)


def _places(names: NDArray[np.uint8], text: bytes) -> Rows:
    """Return where a text that is not empty stands, the rarest of its bytes looked for first."""
    wanted, last = np.frombuffer(text, np.uint8), len(names) - len(text)
    if last < 0:
        return np.zeros(0, np.intp)
    often = np.bincount(names[:SAMPLE], minlength=256)
    first, *others = np.argsort(often[wanted], kind="stable").tolist()
    places = np.flatnonzero(names[first : last + first + 1] == wanted[first])
    for other in others:
        places = places[names[places + other] == wanted[other]]
    return places
