"""The embedded store: one SQLite file, no server; the default.

The tables hold the truth. Searching works on derived files beside them (see derived.py).
Threads share one store object, and processes one file: each sees the others' writes at once.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.batches import batched
from indexer.derived.vectors import Vectors
from indexer.errors import BadValue, NotFound
from indexer.records import (
    Counts,
    Failure,
    File,
    Match,
    Neighbour,
    Origin,
    Photo,
    Query,
    Request,
    StoreInfo,
)
from indexer.stores import check_slice
from indexer.stores.sqlite import files as sqlite_files
from indexer.stores.sqlite.database import Database
from indexer.stores.sqlite.derived import LabelIndex, State, VectorMirror
from indexer.stores.sqlite.feedback import FeedbackTable
from indexer.stores.sqlite.info import Birth
from indexer.stores.sqlite.renewal import FileRenewal
from indexer.stores.sqlite.rows import (
    PHOTO,
    LabelNumbers,
    PhotoWriter,
    Row,
    decode_neighbours,
    decode_photo,
    encode_neighbours,
)
from indexer.stores.sqlite.searches import SearchTable
from indexer.stores.sqlite.words import WordRows

BATCH = 256
"""Photos that are written in one transaction or read at a time: 2 MB of vectors."""

AMONG = "id IN (SELECT value FROM json_each(?))"
AFTER = "id > ? ORDER BY id"
NEWER = "SELECT id FROM photos WHERE version > ?"
"""Asked by itself: ordered by id, SQLite would look at every photo."""

COUNTS = f"""
SELECT (SELECT count(*) FROM photos),
       (SELECT count(*) FROM photos WHERE length(neighbours) > {len(encode_neighbours(()))}),
       (SELECT count(photo) FROM files),
       (SELECT count(reason) FROM files)
"""


def open_store(url: str) -> "SqliteStore":
    """Open "sqlite:///relative.db" or "sqlite:////absolute.db"; the rest of the URL is the path.

    Raises:
        BadValue: the URL names no file.
    """
    path = url.removeprefix("sqlite:///")
    if path in (url, ""):
        raise BadValue(f"store {url!r} names no file: use sqlite:///FOLDER/photos.db")
    # Without symbolic links: derived files and the lock are found by whatever way one comes.
    return SqliteStore(sqlite_files.named(Path(path)))


class SqliteStore:
    """A `Store` in one SQLite file."""

    is_remote = False

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is opened yet."""
        self._database = Database(path)
        self._birth = Birth(self._database)
        self._labels = LabelIndex(self._database)
        self._vectors = VectorMirror(self._database)
        self._label_numbers = LabelNumbers()
        self.events = FeedbackTable(self._database)
        self.searches = SearchTable(self._database)
        self.words = WordRows(self._database)
        self.renewal = FileRenewal(self._database, SqliteStore)

    @property
    def location(self) -> str:
        """The store's URL."""
        return self._database.location

    def info(self) -> StoreInfo | None:
        """See `Store`."""
        return self._birth.info()

    def token(self) -> str:
        """See `Store`; a file that was copied as it is has the same."""
        return self._state()[0]

    def create(self, info: StoreInfo, origin: Origin | None = None) -> None:
        """See `Store`."""
        self._birth.create(info, origin)

    def origin(self) -> Origin | None:
        """See `Store`."""
        return self._birth.origin()

    def set_origin(self, origin: Origin) -> None:
        """See `Store`."""
        self._birth.set_origin(origin)

    def put(self, photos: Iterable[Photo]) -> list[Failure]:
        """See `Store`."""
        failures = []
        for batch in batched(map(Row.of, photos), BATCH):
            with self._database.changing() as (connection, change):
                writer = PhotoWriter(connection, change)
                failures += [failure for row in batch if (failure := writer.put(row))]
        return failures

    def get(self, ids: Iterable[str]) -> dict[str, Photo]:
        """See `Store`."""
        with self._database.reading() as connection:
            labels = self._read_labels(connection)
            rows = connection.execute(PHOTO + AMONG, (_json(ids),))
            return {row[0]: decode_photo(row, labels) for row in rows}

    def delete(self, ids: Iterable[str]) -> None:
        """See `Store`."""
        with self._database.changing() as (connection, _):
            connection.execute("DELETE FROM photos WHERE " + AMONG, (_json(ids),))

    def count(self) -> int:
        """See `Store`; 0 where there is none yet."""
        try:
            with self._database.reading() as connection:
                (number,) = connection.execute("SELECT count(*) FROM photos").fetchone()
        except NotFound:
            return 0
        return int(number)

    def counts(self) -> Counts:
        """See `Store`."""
        with self._database.reading() as connection:
            return Counts(*connection.execute(COUNTS).fetchone())

    def scan(self) -> Iterator[Photo]:
        """See `Store`."""
        rows, labels = self._page("")
        while rows:
            # One at a time: thousands of labels that wait are work for Python's garbage collector.
            yield from (decode_photo(row, labels) for row in rows)
            rows, labels = self._page(after=rows[-1][0])

    def _page(self, after: str) -> tuple[list[Any], LabelNumbers]:
        with self._database.reading() as connection:
            labels = self._read_labels(connection)  # of the file that the rows are of
            query = f"{PHOTO}{AFTER} LIMIT {BATCH}"
            return connection.execute(query, (after,)).fetchall(), labels

    def search(self, query: Query) -> list[Match]:
        """See `Store`."""
        check_slice(query.limit, query.offset)
        return self._matches(self._labels.current().rank(query), query.weights)

    def request(self, query: Query) -> Request:
        """See `Store`."""
        raise BadValue(
            f"{self.location} ranks by itself, there is no query to show: name a store in "
            "Elasticsearch, --store http://HOST:9200/NAME"
        )

    def sample(self, seed: int, limit: int, offset: int = 0) -> list[Match]:
        """See `Store`."""
        check_slice(limit, offset)
        ids = self._labels.current().ids()
        chosen = np.random.default_rng(seed).permutation(ids)[offset : offset + limit]
        return self._matches([(id.decode(), 0.0) for id in chosen.tolist()], ())

    def _matches(
        self, ranking: Sequence[tuple[str, float]], weighed: Collection[str]
    ) -> list[Match]:
        with self._database.reading() as connection:
            numbers = self._read_labels(connection)
            select = "SELECT document, labels FROM photos WHERE " + AMONG
            rows = connection.execute(select, (_json(id for id, _ in ranking),)).fetchall()
        documents = json.loads(f"[{','.join(document for document, _ in rows)}]")
        labels = numbers.pick([entries for _, entries in rows], weighed)
        found = {
            document["id"]: (document, held)
            for document, held in zip(documents, labels, strict=True)
        }
        # A photo that another process deleted since it was ranked is no hit any more.
        return [_match(*found[id], score) for id, score in ranking if id in found]

    def vectors(self) -> Vectors:
        """See `Store`."""
        return self._vectors.current()

    def places(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """See `Store`."""
        query = "SELECT id, json_extract(document, '$.paths') FROM photos WHERE "
        for rows in self._database.pages(query + AFTER, BATCH):
            yield from ((id, tuple(json.loads(paths))) for id, paths in rows)

    def neighbours(self, since: str | None = None) -> Iterator[tuple[str, tuple[Neighbour, ...]]]:
        """See `Store`."""
        select = "SELECT id, neighbours FROM photos WHERE "
        after = State(*self._state()).since(since)
        if after < 0:
            for rows in self._database.pages(select + AFTER, BATCH):
                yield from ((id, decode_neighbours(blob)) for id, blob in rows)
            return
        with self._database.reading() as connection:
            newer = sorted(id for (id,) in connection.execute(NEWER, (after,)))
        for ids in batched(newer, BATCH):
            with self._database.reading() as connection:
                rows = connection.execute(f"{select}{AMONG} ORDER BY id", (_json(ids),)).fetchall()
            yield from ((id, decode_neighbours(blob)) for id, blob in rows)

    def set_neighbours(self, lists: Mapping[str, Sequence[Neighbour]]) -> None:
        """See `Store`."""
        for batch in batched(lists.items(), BATCH):
            rows = [(encode_neighbours(near), id) for id, near in batch]
            with self._database.changing() as (connection, change):
                query = f"UPDATE photos SET neighbours = ?, version = {change} WHERE id = ?"
                connection.executemany(query, rows)

    def files(self) -> Iterator[File]:
        """See `Store`."""
        query = "SELECT path, bytes, modified_ns, photo, reason FROM files "
        for rows in self._database.pages(query + "WHERE path > ? ORDER BY path", BATCH):
            yield from (File(*row) for row in rows)

    def put_files(self, files: Iterable[File]) -> None:
        """See `Store`."""
        for batch in batched(files, BATCH):
            rows = [(f.path, f.bytes, f.modified_ns, f.photo, f.reason) for f in batch]
            with self._database.writing() as connection:
                connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", rows)

    def delete_files(self, paths: Iterable[str]) -> None:
        """See `Store`."""
        with self._database.writing() as connection:
            query = "DELETE FROM files WHERE path IN (SELECT value FROM json_each(?))"
            connection.execute(query, (_json(paths),))

    def refresh(self) -> None:
        """Bring the file of labels up to date, so that no search has to; see `Store`."""
        if self._database.exists():
            self._labels.current()

    def state(self) -> str:
        """See `Store`."""
        return str(State(*self._state()))

    def _state(self) -> tuple[str, int]:
        with self._database.reading() as connection:
            token, change = connection.execute("SELECT token, change FROM info").fetchone()
        return token, change

    def derived(self, name: str) -> Path:
        """See `Store`."""
        return Path(f"{self._database.file}.{name}")

    def size(self) -> int:
        """See `Store`."""
        file = self._database.file
        files = [file, *sqlite_files.beside(file), *self._vectors.folder.glob("*")]
        with self._database.explained():
            return sum(file.stat().st_size for file in files if file.is_file())

    def close(self) -> None:
        """See `Store`."""
        self._database.close()

    def _read_labels(self, connection: sqlite3.Connection) -> LabelNumbers:
        """Read the labels' numbers, unless those at hand are still all."""
        numbers = self._label_numbers
        if not numbers.is_current(connection):
            numbers = self._label_numbers = LabelNumbers.read(connection)
        return numbers


def _json(texts: Iterable[str]) -> str:
    """A list as one parameter of a query, of any length."""
    return json.dumps(list(texts))


def _match(document: Mapping[str, Any], labels: Mapping[str, float], score: float) -> Match:
    return Match(
        id=document["id"],
        score=score,
        paths=tuple(document["paths"]),
        width=document["width"],
        height=document["height"],
        colour=document["colour"],
        labels=labels,
    )
