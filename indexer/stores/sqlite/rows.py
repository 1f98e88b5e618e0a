"""What the columns of the SQLite store hold: photos as rows, neighbours as bytes."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from indexer.errors import Damaged
from indexer.records import Neighbour, Photo, Vector
from indexer.stores.documents import from_parts
from indexer.stores.sqlite.labels.numbers import LabelNumbers
from indexer.stores.sqlite.row_checksums import is_of_key, is_photos

NEAR = np.dtype([("id", "V16"), ("millionths", "<i4")])
"""A neighbour whose id is 32 hex digits, in 20 bytes; lists with other ids are kept as JSON."""


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


def intact_neighbours(id: str, blob: bytes, checksum: int | None) -> tuple[Neighbour, ...]:
    """Do as `decode_neighbours`; return none where they are not what was written.

    That is how a list reads that is not linked yet, so that the next run makes it.
    """
    if not is_photos(id, blob, checksum):
        return ()
    try:
        return decode_neighbours(blob)
    except (ValueError, TypeError):  # of an earlier version, which had no checksums
        return ()


def decode_paths(paths: str) -> tuple[str, ...]:
    """Read the paths of a document, a JSON list."""
    return tuple(json.loads(paths))


PHOTO = (
    "SELECT id, key, version, CAST(document AS BLOB), document_checksum, labels, labels_checksum, "
    "neighbours, neighbours_checksum, vector, vectors.checksum "
    "FROM photos JOIN vectors USING (key) WHERE "
)
"""Start of a query for `decode_photo`, for `row_checksums.selected`."""

DAMAGED = "photo {id} is damaged ({reason}): run `magpie verify --repair`, then index again"


def decode_photo(row: Sequence[Any], labels: LabelNumbers) -> Photo:
    """Return the photo of a row of `PHOTO`, without neighbours if these are damaged.

    Raises:
        Damaged: it is not what was written.
    """
    id, _, version, document, _, entries, _, neighbours, near_checksum, vector, _ = row
    try:
        photo = from_parts(
            json.loads(document),
            labels=labels.decode(entries),
            vector=_decode_vector(vector, labels),
            neighbours=intact_neighbours(id, neighbours, near_checksum),
            version=str(version),
        )
    except Exception as error:  # damaged bytes lead to errors of any kind
        reason = f"{type(error).__name__}: {error}"
        raise Damaged(DAMAGED.format(id=id, reason=" ".join(reason.split()))) from error
    check_row(row)
    return photo


def _decode_vector(vector: bytes, labels: LabelNumbers) -> Vector:
    with np.errstate(invalid="ignore", over="ignore"):  # numbers that damage made are told below
        return labels.layout.decode_vector(vector)


def check_row(row: Sequence[Any]) -> None:
    """Check a row of `PHOTO`, its neighbours apart.

    Raises:
        Damaged: as `decode_photo`.
    """
    id, key, _, document, document_checksum, entries, labels_checksum, *_, vector, checksum = row
    wrong = [
        name
        for name, is_sound in (
            ("document", is_photos(id, document, document_checksum)),
            ("labels", is_photos(id, entries, labels_checksum)),
            ("vector", is_of_key(key, vector, checksum)),
        )
        if not is_sound
    ]
    if wrong:
        reason = f"{' and '.join(wrong)} not as written"
        raise Damaged(DAMAGED.format(id=id, reason=reason), is_readable=True)
