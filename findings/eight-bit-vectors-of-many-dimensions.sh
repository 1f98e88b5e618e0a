#!/usr/bin/env bash
# Eight-bit storage in usearch and voyager loses neighbours of long unit vectors that 8 bits can tell.
#
# Seen with usearch 2.26.6 (dtype "i8") and voyager 2.2.3 (Float8). Both map -1 to 1 to the levels of a
# byte, whatever the numbers are. Those of a unit vector of n dimensions are about 1 / sqrt(n): of 2,048
# dimensions, as vision networks give them, some 20 levels are used, and of the ten nearest .82 to .84
# are found in exact search (usearch); with 64 dimensions .96. Longer vectors get worse, where other
# methods of compression profit from length. Stretched so that the largest number of all is 1, with the
# inner product as metric, voyager finds .97 of them. usearch makes every vector as long as before by
# itself, with "ip" as with "cos", though the inner product depends on lengths: nothing helps there.
# Neither warns of it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet usearch==2.26.6 voyager==2.2.3 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
import voyager
from usearch.index import Index

PHOTOS, QUERIES, NEAREST = 1500, 100, 10
random = np.random.default_rng(0)


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def recall(found: np.ndarray) -> float:
    """Share of the nearest that are among those found; both of shape (queries, nearest)."""
    return float(np.mean([np.isin(row, right).mean() for row, right in zip(found, nearest)]))


def by_usearch(photos: np.ndarray, queries: np.ndarray, metric: str, dtype: str) -> float:
    index = Index(ndim=photos.shape[1], metric=metric, dtype=dtype)
    index.add(np.arange(PHOTOS), photos)
    return recall(index.search(queries, NEAREST, exact=True).keys)


def by_voyager(photos: np.ndarray, queries: np.ndarray, storage) -> float:
    index = voyager.Index(
        voyager.Space.InnerProduct, photos.shape[1], ef_construction=200, storage_data_type=storage
    )
    index.add_items(photos)
    return recall(index.query(queries, k=NEAREST, query_ef=500)[0])


types = voyager.StorageDataType
recalls = {}
for width in (64, 2048):
    groups = random.standard_normal((30, width))
    photos = unit(groups[random.integers(0, 30, PHOTOS)] + random.standard_normal((PHOTOS, width)))
    queries = unit(photos[:QUERIES] + 0.5 * random.standard_normal((QUERIES, width)) / width**0.5)
    nearest = np.argsort(-(queries @ photos.T), axis=1, kind="stable")[:, :NEAREST]
    stretched = [one / max(np.abs(photos).max(), np.abs(queries).max()) for one in (photos, queries)]
    recalls[width] = {
        "usearch cos f16": by_usearch(photos, queries, "cos", "f16"),
        "usearch cos i8": by_usearch(photos, queries, "cos", "i8"),
        "usearch ip i8": by_usearch(photos, queries, "ip", "i8"),
        "usearch ip i8, stretched": by_usearch(*stretched, "ip", "i8"),
        "voyager ip Float32": by_voyager(photos, queries, types.Float32),
        "voyager ip Float8": by_voyager(photos, queries, types.Float8),
        "voyager ip Float8, stretched": by_voyager(*stretched, types.Float8),
    }
for name in recalls[64]:
    print(f"{name:30} recall@10 {recalls[64][name]:.3f} of 64, {recalls[2048][name]:.3f} of 2,048")
long = recalls[2048]
for name in ("usearch cos i8", "usearch ip i8", "usearch ip i8, stretched", "voyager ip Float8"):
    assert long[name] < 0.9 < recalls[64][name], f"{name} keeps them now"
assert long["voyager ip Float8, stretched"] > 0.95, "stretching no longer helps"
PYTHON
