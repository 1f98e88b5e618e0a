"""How many of the photos that a query finds are of each month, camera, folder and format."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Counted = Mapping[str, int]
"""Name -> photos, most photos first, ties by name; or month -> photos, in order of time."""


@dataclass(frozen=True, slots=True)
class Facets:
    """The hits of a query, counted by what filters ask for.

    A month is that of `Taken` in indexer/filters.py, so that a filter by it finds as many photos.

    Attributes:
        photos: all hits.
        months: "YYYY-MM" -> photos.
        undated: photos without a capture time, which are counted in the month of their file.
        cameras: names as documents have them.
        nameless: photos that do not name their camera.
        folders: paths, of the folders themselves, without those within them; a photo counts once
            in each folder that has a file of it.
        formats: names as documents have them.
        places: as documents have them.
        placeless: photos that have no place.
    """

    photos: int = 0
    months: Counted = field(default_factory=dict)
    undated: int = 0
    cameras: Counted = field(default_factory=dict)
    nameless: int = 0
    folders: Counted = field(default_factory=dict)
    formats: Counted = field(default_factory=dict)
    places: Counted = field(default_factory=dict)
    placeless: int = 0

    @property
    def years(self) -> Counted:
        """Year -> photos, in order of time."""
        years: dict[str, int] = {}
        for month, photos in self.months.items():
            year = month.rpartition("-")[0]
            years[year] = years.get(year, 0) + photos
        return years


def by_count(counts: Counted) -> dict[str, int]:
    """Put names in order: most photos first, ties by name. Names without photos go."""
    named = [(name, photos) for name, photos in counts.items() if photos]
    return dict(sorted(named, key=lambda one: (-one[1], one[0])))


def by_time(counts: Counted) -> dict[str, int]:
    """Put months in order. Those without photos go."""
    return {month: photos for month, photos in sorted(counts.items()) if photos}


def folder_of(path: str) -> str:
    """Return the folder of a path, as facets name it."""
    return path.rpartition("/")[0] or "/"
