"""Write photos into the tables of an SQLite store: each is encoded, then written by itself."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from indexer.records import Failure, Photo, Vector
from indexer.stores.documents import plain_fields
from indexer.stores.sqlite.labels.numbers import LabelNumbers
from indexer.stores.sqlite.rows import encode_neighbours, encode_vector


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo as it is written, without what only the transaction knows.

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
    """Writes photos within one transaction; a photo that fails fails alone."""

    def __init__(self, connection: sqlite3.Connection, change: int) -> None:
        """Prepare for the transaction of `connection`, which has the number `change`."""
        self._connection = connection
        self._change = change
        self._labels = LabelNumbers.read(connection)
        (self._dimensions,) = connection.execute("SELECT dimensions FROM info").fetchone()

    def put(self, one: PhotoRow) -> Failure | None:
        """Write one photo as `Photos.put` says; return why it was not written, if so."""
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
