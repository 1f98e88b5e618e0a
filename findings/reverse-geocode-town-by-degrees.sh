#!/usr/bin/env bash
# reverse-geocode names a town farther away than another, the more often the farther north one is.
#
# Seen with reverse-geocode 1.6.6. Its tree compares latitudes and longitudes as if they were numbers
# on a plane, where a degree of longitude is as long as one of latitude. It is half as long at 60
# degrees, so towns to the east and west look farther than they are. Of 2,000 positions within some
# 22 km of towns, one in 11 gets a town that is not the nearest at 35 to 45 degrees of latitude, and
# one in 5 at 55 to 65 (Scotland, Scandinavia, Alaska), typically 1.2 times as far, at worst 16 km
# farther. Near the equator all but .2 % are right. And the tree ends at 180 degrees: a position on
# Taveuni, Fiji gets a town 203 km away, though one lies at 80 km beyond that line.
# A tree over points on the unit sphere, of the same towns, answers rightly everywhere.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet reverse-geocode==1.6.6 scipy==1.17.1 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
import reverse_geocode
from scipy.spatial import cKDTree

EARTH_KM = 6371


def on_sphere(positions) -> np.ndarray:
    """Degrees, shape (n, 2), latitude first -> points of the unit sphere, shape (n, 3)."""
    latitude, longitude = np.radians(np.asarray(positions, float)).T
    level = np.cos(latitude)
    return np.stack([level * np.cos(longitude), level * np.sin(longitude), np.sin(latitude)], -1)


def kilometres(chords) -> np.ndarray:
    return 2 * EARTH_KM * np.arcsin(np.minimum(np.asarray(chords) / 2, 1))


def position(town: dict) -> tuple[float, float]:
    return town["latitude"], town["longitude"]


def compare(positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far away are the towns that the package names, and the nearest ones?"""
    named = reverse_geocode.search([tuple(one) for one in positions])
    points = on_sphere(positions)
    given = np.linalg.norm(points - on_sphere([position(town) for town in named]), axis=1)
    return kilometres(given), kilometres(tree.query(points)[0])


towns = reverse_geocode.GeocodeData()._locations
places = np.array([position(town) for town in towns])
tree = cKDTree(on_sphere(places))
random = np.random.default_rng(0)
wrong = {}
for low, high in ((0, 20), (35, 45), (55, 65)):
    band = places[(places[:, 0] >= low) & (places[:, 0] < high)]
    near = random.choice(band, 2000, replace=False)
    moved = random.uniform(-0.2, 0.2, near.shape)
    moved[:, 1] /= np.cos(np.radians(near[:, 0]))  # as many kilometres as to the north
    given, nearest = compare(near + moved)
    is_wrong = given > nearest + 0.1
    wrong[low] = is_wrong.mean()
    print(
        f"{low:2} to {high} degrees: {wrong[low]:5.1%} not the nearest town, "
        f"{np.median((given / nearest)[is_wrong]):.2f} times as far (median), "
        f"up to {(given - nearest).max():.0f} km farther"
    )
given, nearest = compare(np.array([(-16.8, -179.99)]))
print(f"-16.8, -179.99: a town at {given[0]:.0f} km; the nearest at {nearest[0]:.0f} km")
assert wrong[0] < 0.02 < 0.05 < wrong[35] < 0.15 < wrong[55], "it may measure on the sphere now"
assert given[0] > 2 * nearest[0], "it sees beyond 180 degrees now"
PYTHON
