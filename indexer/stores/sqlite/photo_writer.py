"""Write photos into the tables of an SQLite store: each is encoded, then written by itself."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from indexer.records import Failure, Photo, Vector
from indexer.stores.documents import plain_fields
from indexer.stores.photo_protocols import PackedPhoto
from indexer.stores.sqlite.labels.numbers import LabelNumbers
from indexer.stores.sqlite.row_checksums import add_columns, of_photo, of_vector
from indexer.stores.sqlite.rows import encode_neighbours

CONTENT = ("document", "labels", "neighbours", "vector")

NEXT_KEY = "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'photos' RETURNING seq"
"""Takes a key that no photo had."""


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
    """Writes photos within one transaction; a photo that fails fails alone.

    Attributes:
        labels: their numbers in the file.
    """

    def __init__(self, connection: sqlite3.Connection, change: int) -> None:
        """Prepare for the transaction of `connection`, which has the number `change`."""
        self._connection = connection
        self._change = change
        add_columns(connection)
        self.labels = LabelNumbers.read(connection)
        (self._dimensions,) = connection.execute("SELECT dimensions FROM info").fetchone()

    def put(self, one: PhotoRow) -> Failure | None:
        """Write one photo as `Photos.put` says; return why it was not written, if so."""
        if one.vector.shape != (self._dimensions,):
            wrong = f"vector of shape {one.vector.shape}, this store has ({self._dimensions},)"
            return Failure(one.id, wrong)
        content = (
            one.document,
            self.labels.encode(one.wnids, one.probabilities, self._connection),
            one.neighbours,
            self.labels.layout.encode_vector(one.vector),
        )
        return self.put_packed(PackedPhoto(one.id, one.version, content))

    def put_packed(self, one: PackedPhoto) -> Failure | None:
        """Write a photo of another store, or one that was encoded, as `put` does.

        Its content: document, labels, neighbours and vector as their columns hold them.
        """
        row = dict(zip(CONTENT, one.content, strict=True))
        row |= {"id": one.id, "version": one.version, "change": self._change}
        # A document that was encoded is a text, a packed one is bytes.
        document = row["document"]
        row["document"] = document if isinstance(document, str) else document.decode()
        row["of_document"] = of_photo(one.id, row["document"].encode())
        row["of_labels"] = of_photo(one.id, row["labels"])
        row["of_neighbours"] = of_photo(one.id, row["neighbours"])
        return self._add(row) if one.version is None else self._replace(row)

    def _add(self, row: Mapping[str, Any]) -> Failure | None:
        added = self._connection.execute(
            "INSERT INTO photos (id, version, content, document, labels, neighbours, "
            "document_checksum, labels_checksum, neighbours_checksum) VALUES "
            "(:id, :change, :change, :document, :labels, :neighbours, "
            ":of_document, :of_labels, :of_neighbours) ON CONFLICT DO NOTHING RETURNING key",
            row,
        ).fetchone()
        if added is None:
            return Failure(row["id"], "exists already", conflict=True)
        (key,) = added
        self._connection.execute(
            "INSERT INTO vectors (key, vector, checksum) VALUES (?, ?, ?)",
            (key, row["vector"], of_vector(key, row["vector"])),
        )
        return None

    def _replace(self, row: Mapping[str, Any]) -> Failure | None:
        old = self._connection.execute(
            "SELECT key, labels, vector, vectors.checksum FROM photos JOIN vectors USING (key) "
            "WHERE id = :id AND CAST(version AS TEXT) = :version",
            row,
        ).fetchone()
        if old is None:
            return Failure(row["id"], "was changed or removed meanwhile", conflict=True)
        row = {**row, "key": old[0]}
        self._connection.execute(
            "UPDATE photos SET version = :change, document = :document, neighbours = :neighbours, "
            "document_checksum = :of_document, labels_checksum = :of_labels, "
            "neighbours_checksum = :of_neighbours WHERE key = :key",
            row,
        )
        _, labels, vector, checksum = old
        if (labels, vector) != (row["labels"], row["vector"]):  # not if only its file was moved
            self._connection.execute(
                "UPDATE photos SET content = :change, labels = :labels WHERE key = :key", row
            )
        if vector != row["vector"] or checksum is None:
            self._replace_vector(row, vector)
        return None

    def _replace_vector(self, row: Mapping[str, Any], old: bytes) -> None:
        new = row["key"]
        if old != row["vector"] and self.labels.layout.keys_stay:
            (new,) = self._connection.execute(NEXT_KEY).fetchone()
            self._connection.execute(
                "UPDATE photos SET key = :new WHERE key = :key", {**row, "new": new}
            )
        self._connection.execute(
            "UPDATE vectors SET key = :new, vector = :vector, checksum = :checksum "
            "WHERE key = :key",
            {**row, "new": new, "checksum": of_vector(new, row["vector"])},
        )
