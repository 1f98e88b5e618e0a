"""What the columns of the SQLite store hold: photos as rows, vectors and neighbours as bytes."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from indexer.records import Neighbour, Photo, Vector
from indexer.stores.documents import from_parts
from indexer.stores.sqlite.labels.numbers import LabelNumbers

VECTOR = np.dtype("<f4")
NEAR = np.dtype([("id", "V16"), ("millionths", "<i4")])
"""A neighbour whose id is 32 hex digits, in 20 bytes; lists with other ids are kept as JSON."""


def encode_vector(vector: Vector) -> bytes:
    """Return the numbers as little-endian float32."""
    return vector.astype(VECTOR, copy=False).tobytes()


def decode_vector(blob: bytes) -> Vector:
    """Return a read-only vector."""
    return np.frombuffer(blob, VECTOR)


def encode_neighbours(neighbours: Sequence[Neighbour]) -> bytes:
    """Return cosines in millionths, exact as they have 6 decimals; ids in binary where possible."""
    ids = [near.id for near in neighbours]
    millionths = np.rint(np.array([near.cosine for near in neighbours], np.float64) * 1e6)
    binary = _as_binary(ids)
    if binary is None:
        return b"J" + json.dumps(list(zip(ids, map(int, millionths), strict=True))).encode()
    entries = np.empty(len(ids), NEAR)
    entries["id"] = np.frombuffer(binary, NEAR["id"])
    entries["millionths"] = millionths
    return b"B" + entries.tobytes()


def _as_binary(ids: Sequence[str]) -> bytes | None:
    """Return all ids one after another, 16 bytes each; None unless each is 32 hex digits."""
    text = "".join(ids)
    try:
        binary = bytes.fromhex(text)
    except ValueError:
        return None
    # `fromhex` accepts capitals and spaces too, and they would be lost.
    return binary if binary.hex() == text and set(map(len, ids)) <= {32} else None


def decode_neighbours(blob: bytes) -> tuple[Neighbour, ...]:
    """Read what `encode_neighbours` wrote."""
    if blob[:1] == b"J":
        return tuple(Neighbour(id, millionths / 1e6) for id, millionths in json.loads(blob[1:]))
    entries = np.frombuffer(blob, NEAR, offset=1)
    text, cosines = entries["id"].tobytes().hex(), (entries["millionths"] / 1e6).tolist()
    ids = [text[at : at + 32] for at in range(0, len(text), 32)]
    return tuple(map(Neighbour._make, zip(ids, cosines, strict=True)))


def decode_paths(paths: str) -> tuple[str, ...]:
    """Read the paths of a document, a JSON list."""
    return tuple(json.loads(paths))


PHOTO = (
    "SELECT id, version, document, labels, neighbours, vector "
    "FROM photos JOIN vectors USING (key) WHERE "
)
"""Start of a query for `decode_photo`."""


def decode_photo(row: Sequence[Any], labels: LabelNumbers) -> Photo:
    """Return the photo of a row of `PHOTO`."""
    _, version, document, entries, neighbours, vector = row
    return from_parts(
        json.loads(document),
        labels=labels.decode(entries),
        vector=decode_vector(vector),
        neighbours=decode_neighbours(neighbours),
        version=str(version),
    )
