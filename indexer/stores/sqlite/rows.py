"""What the columns of the SQLite store hold: photos as rows, labels and neighbours as bytes."""

import json
import sqlite3
import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from indexer.records import Failure, Label, Neighbour, Photo, Vector
from indexer.stores.documents import from_parts, plain_fields
from indexer.stores.sqlite.label_matrix import ENTRY

VECTOR = np.dtype("<f4")
NEAR = np.dtype([("id", "V16"), ("millionths", "<i4")])
"""A neighbour whose id is 32 hex digits: 20 bytes; other ids are kept as JSON."""


@dataclass(frozen=True, slots=True)
class LabelNumbers:
    """The columns of the labels, as the table `labels` of the file `token` has them."""

    token: str = ""
    wnids: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> Self:
        """Read all, some thousand at most."""
        rows = connection.execute("SELECT wnid FROM labels ORDER BY number")
        wnids = [wnid for (wnid,) in rows]
        (token,) = connection.execute("SELECT token FROM info").fetchone()
        return cls(token, wnids, {wnid: number for number, wnid in enumerate(wnids)})

    def is_current(self, connection: sqlite3.Connection) -> bool:
        """Whether no label came since; labels are only ever added, but another file has others."""
        token, last = connection.execute(
            "SELECT token, (SELECT max(number) FROM labels) FROM info"
        ).fetchone()
        return token == self.token and len(self.wnids) == (0 if last is None else last + 1)

    def encode(
        self,
        wnids: Sequence[str],
        probabilities: Sequence[float],
        connection: sqlite3.Connection,
    ) -> bytes:
        """Return an array of `ENTRY` as bytes; labels not seen before get a number."""
        for wnid in wnids:
            if wnid not in self.numbers:
                number = len(self.wnids)
                connection.execute("INSERT INTO labels VALUES (?, ?)", (number, wnid))
                self.numbers[wnid] = number
                self.wnids.append(wnid)
        entries = np.empty(len(wnids), ENTRY)
        entries["number"] = np.array([self.numbers[wnid] for wnid in wnids], ENTRY["number"])
        entries["probability"] = probabilities
        return entries.tobytes()

    def decode(self, entries: bytes) -> tuple[Label, ...]:
        """Return the labels in the order that was stored."""
        # Of 50 labels, struct reads faster than numpy.
        flat = struct.unpack("<" + "Hf" * (len(entries) // ENTRY.itemsize), entries)
        wnids = map(self.wnids.__getitem__, flat[::2])
        return tuple(map(Label._make, zip(wnids, flat[1::2], strict=True)))

    def pick(self, photos: Sequence[bytes], wanted: Collection[str]) -> list[dict[str, float]]:
        """Return {wnid: probability} for each of many photos, of the wanted labels alone."""
        numbers = [self.numbers[wnid] for wnid in wanted if wnid in self.numbers]
        is_wanted = np.zeros(len(self.wnids), bool)
        is_wanted[numbers] = True
        entries = np.frombuffer(b"".join(photos), ENTRY)
        kept = np.flatnonzero(is_wanted[entries["number"]])
        lengths = [len(photo) // ENTRY.itemsize for photo in photos]
        owners = np.repeat(np.arange(len(photos)), lengths)[kept]
        picked: list[dict[str, float]] = [{} for _ in photos]
        for owner, (number, probability) in zip(
            owners.tolist(), entries[kept].tolist(), strict=True
        ):
            picked[owner][self.wnids[number]] = probability
        return picked


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
    """Return all ids one after another, 16 bytes each; None where they are no 32 hex digits."""
    text = "".join(ids)
    try:
        binary = bytes.fromhex(text)
    except ValueError:
        return None
    # `fromhex` takes capitals and spaces too, which would not come back.
    return binary if binary.hex() == text and set(map(len, ids)) <= {32} else None


def decode_neighbours(blob: bytes) -> tuple[Neighbour, ...]:
    """Read what `encode_neighbours` wrote."""
    if blob[:1] == b"J":
        return tuple(Neighbour(id, millionths / 1e6) for id, millionths in json.loads(blob[1:]))
    entries = np.frombuffer(blob, NEAR, offset=1)
    text, cosines = entries["id"].tobytes().hex(), (entries["millionths"] / 1e6).tolist()
    ids = [text[at : at + 32] for at in range(0, len(text), 32)]
    return tuple(map(Neighbour._make, zip(ids, cosines, strict=True)))


PHOTO = (
    "SELECT id, version, document, labels, neighbours, vector "
    "FROM photos JOIN vectors USING (key) WHERE "
)
"""Begin of a query for `decode_photo`."""


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


@dataclass(frozen=True, slots=True)
class Row:
    """A photo as it is written, but for what only the transaction knows.

    Attributes:
        id, version, vector: as in `Photo`.
        document: its plain fields in JSON.
        wnids, probabilities: its labels.
        neighbours: see `encode_neighbours`.
    """

    id: str
    version: str | None
    document: str
    wnids: tuple[str, ...]
    probabilities: tuple[float, ...]
    neighbours: bytes
    vector: Vector

    @classmethod
    def of(cls, photo: Photo) -> Self:
        """Encode a photo."""
        return cls(
            id=photo.id,
            version=photo.version,
            document=json.dumps(plain_fields(photo)),
            wnids=tuple([label.wnid for label in photo.labels]),
            probabilities=tuple([label.probability for label in photo.labels]),
            neighbours=encode_neighbours(photo.neighbours),
            vector=photo.vector,
        )


class PhotoWriter:
    """Writes photos within one transaction, each judged by itself."""

    def __init__(self, connection: sqlite3.Connection, change: int) -> None:
        """Prepare for the transaction of `connection`, which has the number `change`."""
        self._connection = connection
        self._change = change
        self._labels = LabelNumbers.read(connection)
        (self._dimensions,) = connection.execute("SELECT dimensions FROM info").fetchone()

    def put(self, one: Row) -> Failure | None:
        """Write one photo as `Store.put` says; return why not, if not."""
        if one.vector.shape != (self._dimensions,):
            wrong = f"vector of shape {one.vector.shape}, this store has ({self._dimensions},)"
            return Failure(one.id, wrong)
        row = {
            "id": one.id,
            "change": self._change,
            "document": one.document,
            "labels": self._labels.encode(one.wnids, one.probabilities, self._connection),
            "neighbours": one.neighbours,
            "vector": encode_vector(one.vector),
            "version": one.version,
        }
        return self._add(row) if one.version is None else self._replace(row)

    def _add(self, row: Mapping[str, Any]) -> Failure | None:
        added = self._connection.execute(
            "INSERT INTO photos (id, version, content, document, labels, neighbours) VALUES "
            "(:id, :change, :change, :document, :labels, :neighbours) "
            "ON CONFLICT DO NOTHING RETURNING key",
            row,
        ).fetchone()
        if added is None:
            return Failure(row["id"], "exists already", conflict=True)
        self._connection.execute("INSERT INTO vectors VALUES (?, ?)", (*added, row["vector"]))
        return None

    def _replace(self, row: Mapping[str, Any]) -> Failure | None:
        old = self._connection.execute(
            "SELECT key, labels, vector FROM photos JOIN vectors USING (key) "
            "WHERE id = :id AND CAST(version AS TEXT) = :version",
            row,
        ).fetchone()
        if old is None:
            return Failure(row["id"], "was changed or removed meanwhile", conflict=True)
        row = {**row, "key": old[0]}
        self._connection.execute(
            "UPDATE photos SET version = :change, document = :document, neighbours = :neighbours "
            "WHERE key = :key",
            row,
        )
        if old[1:] != (
            row["labels"],
            row["vector"],
        ):  # a moved file alone makes no derived file old
            self._connection.execute(
                "UPDATE photos SET content = :change, labels = :labels WHERE key = :key", row
            )
            self._connection.execute("UPDATE vectors SET vector = :vector WHERE key = :key", row)
        return None
