"""The store for teams: two indices of an Elasticsearch 8 server, each behind an alias.

`NAME` stands for the photos (index NAME-1), `NAME-files` for the file records, so that documents
can be copied into a changed index while the old one is in use, and the alias moved.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from indexer.batches import batched
from indexer.derived.vectors import Vectors
from indexer.errors import Conflict, NotFound
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
    Vector,
)
from indexer.stores import MOST_RESULTS, check_slice
from indexer.stores.documents import from_document, to_document
from indexer.stores.elasticsearch import knn as nearest_photos
from indexer.stores.elasticsearch import query as queries
from indexer.stores.elasticsearch.bulk import Action, BulkWriter, Refusal
from indexer.stores.elasticsearch.feedback import FeedbackIndex
from indexer.stores.elasticsearch.index import (
    create_indices,
    files_name,
    read_info,
    read_origin,
    write_origin,
)
from indexer.stores.elasticsearch.reader import PAGE, Reader
from indexer.stores.elasticsearch.renewal import IndexRenewal
from indexer.stores.elasticsearch.searches import SearchIndex
from indexer.stores.elasticsearch.server import (
    NO_STORE,
    Address,
    connect,
    explain_refusal,
    explained,
    parse_address,
)
from indexer.stores.elasticsearch.vectors import VectorMirror
from indexer.stores.elasticsearch.words import WordIndex

LEAST_PROBABILITY = 2.0**-126
"""The smallest normal float32: Elasticsearch refuses documents with smaller probabilities."""

NEIGHBOURS_AT_ONCE = 1000
UPDATE_TRIES = 10


def open_store(url: str) -> "ElasticsearchStore":
    """Open "http(s)://[user:password@]host[:port]/name"; the server is not asked yet.

    Raises:
        BadValue: the URL names no host or no index.
    """
    return ElasticsearchStore(parse_address(url))


class ElasticsearchStore:
    """A `Store` on an Elasticsearch server. One object serves all threads."""

    is_remote = True

    def __init__(self, address: Address) -> None:
        """Ask nothing yet."""
        self._address = address
        self._client = client = connect(address)
        files = files_name(address.name)
        self._photos = Reader(client, address.name, self.location)
        self._photo_writer = BulkWriter(client, address.name, self.location)
        self._files = Reader(client, files, self.location)
        self._file_writer = BulkWriter(client, files, self.location)
        self._mirror = VectorMirror(self._photos)
        self.events = FeedbackIndex(client, address)
        self.searches = SearchIndex(client, address)
        self.words = WordIndex(client, address)
        self.renewal = IndexRenewal(client, address, ElasticsearchStore)

    def __reduce__(self) -> tuple[type["ElasticsearchStore"], tuple[Address]]:
        """The same store for another process or machine, which makes its own connections."""
        return ElasticsearchStore, (self._address,)

    def __repr__(self) -> str:
        return f"ElasticsearchStore({self.location!r})"

    @property
    def location(self) -> str:
        """The store's URL without user and password."""
        return self._address.location

    def info(self) -> StoreInfo | None:
        """See `Store`."""
        return read_info(self._client, self._address)

    def token(self) -> str:
        """See `Store`."""
        return self._mirror.token()

    def create(self, info: StoreInfo, origin: Origin | None = None) -> None:
        """See `Store`."""
        is_copy = origin is not None
        # First: somebody else's index is left alone.
        read_info(self._client, self._address, may_be_half=is_copy)
        create_indices(self._client, self._address, info, origin)
        made = read_info(self._client, self._address, may_be_half=is_copy)
        if made is None:  # what `create_indices` met was no store
            raise Conflict(
                f"{self.location}: there is an index {self._address.name}-1 already that does not "
                f"bear the name {self._address.name}: choose another name in --store"
            )
        if made != info:
            raise Conflict(
                f"{self.location} was made by {made}, not by {info}: index into "
                f"another name with `magpie index FOLDER --model {info.model} --store URL`"
            )

    def origin(self) -> Origin | None:
        """See `Store`."""
        return read_origin(self._client, self._address)

    def set_origin(self, origin: Origin) -> None:
        """See `Store`."""
        write_origin(self._client, self._address, origin)

    def put(self, photos: Iterable[Photo]) -> list[Failure]:
        """See `Store`."""
        return [_failure(no) for no in self._photo_writer.write(_put(p) for p in photos)]

    def get(self, ids: Iterable[str]) -> dict[str, Photo]:
        """See `Store`."""
        return {photo.id: photo for page in batched(ids, PAGE) for photo in self._get(page)}

    def _get(self, ids: list[str]) -> Iterator[Photo]:
        with explained(self.location):
            answer = self._client.mget(index=self._address.name, ids=ids)
        for document in answer["docs"]:
            if "error" in document:
                raise explain_refusal(503, document["error"], self.location)
            if document["found"]:
                yield _photo(document)

    def delete(self, ids: Iterable[str]) -> None:
        """See `Store`."""
        actions = (Action(id, {"delete": {"_id": id}}) for id in ids)
        self._require_none(self._photo_writer.write(actions))

    def count(self) -> int:
        """See `Store`; 0 where there is none yet."""
        try:
            return self._photos.count()
        except NotFound:
            return 0

    def counts(self) -> Counts:
        """See `Store`."""
        good = self._files.count(having="photo")
        return Counts(
            photos=self._photos.count(),
            linked=self._photos.count(having="neighbours.id"),
            files=good,
            unreadable=self._files.count() - good,  # long reasons are not indexed
        )

    def scan(self) -> Iterator[Photo]:
        """See `Store`."""
        return map(_photo, self._photos.scan("id", True))

    def search(self, query: Query) -> list[Match]:
        """See `Store`."""
        check_slice(query.limit, query.offset)
        if queries.is_empty(query):
            return []
        found = self._matches(queries.ranking(query), query.limit, query.offset)
        return [_match(hit["fields"], hit["_score"], query.weights) for hit in found]

    def request(self, query: Query) -> Request:
        """See `Store`."""
        check_slice(query.limit, query.offset)
        ranking = queries.ranking(query)
        body = queries.request(ranking, query.limit, query.offset)
        return Request(self._address.name, body)

    def sample(self, seed: int, limit: int, offset: int = 0) -> list[Match]:
        """See `Store`."""
        check_slice(limit, offset)
        by_chance = {"random_score": {"seed": seed, "field": "_seq_no"}, "boost_mode": "replace"}
        found = self._matches({"function_score": by_chance}, limit, offset)
        return [_match(hit["fields"], 0.0, ()) for hit in found]

    def _matches(self, query: dict[str, Any], limit: int, offset: int) -> list[dict[str, Any]]:
        with explained(self.location):
            answer = self._client.search(
                index=self._address.name,
                body=queries.request(query, limit, offset),
                allow_partial_search_results=False,
            )
        hits: list[dict[str, Any]] = answer["hits"]["hits"]
        return hits

    def vectors(self) -> Vectors:
        """See `Store`; the file lies in the cache folder, and only changes are fetched."""
        info = self.info()
        if info is None:
            raise NotFound(NO_STORE.format(place=self.location))
        return self._mirror.current(info.dimensions)

    def nearest(self, query: Vector, count: int) -> list[tuple[str, float]]:
        """See `knn.nearest`; no vector leaves the server."""
        return nearest_photos.nearest(self._photos, query, count)

    def places(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """See `Store`."""
        # Out of columns: documents, with their vectors, need not be opened.
        hits = self._photos.scan("id", False, size=MOST_RESULTS, columns=["paths"])
        return ((hit["sort"][0], tuple(hit.get("fields", {}).get("paths", ()))) for hit in hits)

    def neighbours(self, since: str | None = None) -> Iterator[tuple[str, tuple[Neighbour, ...]]]:
        """See `Store`."""
        source = {"includes": ["id", "neighbours"]}
        newer = self._mirror.newer(since) if since else None
        hits = self._photos.scan("id", source, query=newer, size=NEIGHBOURS_AT_ONCE)
        return ((hit["_source"]["id"], _neighbours(hit["_source"])) for hit in hits)

    def set_neighbours(self, lists: Mapping[str, Sequence[Neighbour]]) -> None:
        """See `Store`."""
        actions = (_set_neighbours(id, near) for id, near in lists.items())
        refusals = self._photo_writer.write(actions)
        self._require_none([no for no in refusals if no.status != 404])

    def files(self) -> Iterator[File]:
        """See `Store`."""
        try:
            for hit in self._files.scan("path", True, size=MOST_RESULTS):
                yield File(**hit["_source"])
        except NotFound:  # somebody deleted that index: `create` makes it, a run fills it
            if self.info() is None:
                raise

    def put_files(self, files: Iterable[File]) -> None:
        """See `Store`."""
        self._require_none(self._file_writer.write(_put_file(file) for file in files))

    def delete_files(self, paths: Iterable[str]) -> None:
        """See `Store`."""
        actions = (Action(path, {"delete": {"_id": _file_id(path)}}) for path in paths)
        self._require_none(self._file_writer.write(actions))

    def refresh(self) -> None:
        """See `Store`."""
        self._photos.refresh()
        with suppress(NotFound):  # see `files`
            self._files.refresh()

    def state(self) -> str:
        """See `Store`."""
        return self._mirror.state()

    def derived(self, name: str) -> Path:
        """See `Store`."""
        return self._mirror.derived(name)

    def size(self) -> int:
        """See `Store`; replicas count."""
        stored = self._photos.size() + self._mirror.size()
        with suppress(NotFound):  # see `files`
            stored += self._files.size()
        return stored

    def close(self) -> None:
        """See `Store`."""
        self._client.close()

    def _require_none(self, refusals: Sequence[Refusal]) -> None:
        for refusal in refusals:
            raise explain_refusal(refusal.status, refusal.error, self.location)


def _put(photo: Photo) -> Action:
    """Create a photo, or replace one state of it, whose version is "sequence number:term"."""
    if photo.version is None:
        return Action(photo.id, {"create": {"_id": photo.id}}, _encode(photo))
    number, term = photo.version.split(":")
    expected = {"if_seq_no": int(number), "if_primary_term": int(term)}
    return Action(photo.id, {"index": {"_id": photo.id, **expected}}, _encode(photo))


def _encode(photo: Photo) -> str:
    document = to_document(photo)
    del document["vector"]
    document["labels"] = {
        wnid: probability
        for wnid, probability in document["labels"].items()
        if probability >= LEAST_PROBABILITY
    }
    # Nine digits tell all float32 values apart. Half as long as json.dumps would write them as
    # float64, and made in a quarter of the time.
    numbers = ",".join(["%.9g"] * len(photo.vector)) % tuple(photo.vector.tolist())
    return f'{json.dumps(document)[:-1]}, "vector": [{numbers}]}}'


def _photo(document: Mapping[str, Any]) -> Photo:
    version = f"{document['_seq_no']}:{document['_primary_term']}"
    return from_document(document["_source"], version)


def _failure(refusal: Refusal) -> Failure:
    action = refusal.action
    if refusal.status != 409:
        return Failure(action.id, refusal.reason)
    reason = "exists already" if "create" in action.head else "was changed or removed meanwhile"
    return Failure(action.id, reason, conflict=True)


def _set_neighbours(id: str, neighbours: Sequence[Neighbour]) -> Action:
    head = {"update": {"_id": id, "retry_on_conflict": UPDATE_TRIES}}
    near = [{"id": neighbour.id, "cosine": neighbour.cosine} for neighbour in neighbours]
    return Action(id, head, json.dumps({"doc": {"neighbours": near}}))


def _neighbours(source: Mapping[str, Any]) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(near["id"], near["cosine"]) for near in source["neighbours"])


def _put_file(file: File) -> Action:
    fields = {
        "path": file.path,
        "bytes": file.bytes,
        "modified_ns": file.modified_ns,
        "photo": file.photo,
        "reason": file.reason,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    return Action(file.path, {"index": {"_id": _file_id(file.path)}}, json.dumps(given))


def _file_id(path: str) -> str:
    """Document ids have at most 512 bytes, paths may have 4,096."""
    return hashlib.sha256(path.encode()).hexdigest()[:40]


def _match(fields: Mapping[str, list[Any]], score: float, weighed: Collection[str]) -> Match:
    # Numbers are written with as few digits as tell float32 apart.
    (labels,) = fields.get("labels", [{}])
    held = {wnid: labels[wnid] for wnid in labels if wnid in weighed}
    return Match(
        id=fields["id"][0],
        score=float(np.float32(score)),
        paths=tuple(fields["paths"]),
        width=fields["width"][0],
        height=fields["height"][0],
        colour=fields["colour"][0],
        labels={wnid: float(np.float32(probability)) for wnid, probability in held.items()},
    )
