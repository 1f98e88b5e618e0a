"""The photos of an Elasticsearch store: index NAME."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from typing_extensions import override

from indexer.batches import batched
from indexer.derived.vectors import Vectors
from indexer.errors import Conflict, NotFound
from indexer.halves import to_halves
from indexer.records import Failure, Photo
from indexer.stores.checks import MOST_RESULTS
from indexer.stores.documents import from_document, to_document
from indexer.stores.elasticsearch.bulk import Action, BulkWriter, Refusal
from indexer.stores.elasticsearch.identity import ElasticsearchIdentity
from indexer.stores.elasticsearch.reader import PAGE, WHOLE, IndexReader
from indexer.stores.elasticsearch.server import INCOMPLETE, NO_STORE, explain_refusal, explained
from indexer.stores.elasticsearch.vectors import ElasticsearchVectors
from indexer.stores.photo_protocols import PackedPair, Photos

LEAST_PROBABILITY = 2.0**-126
"""The smallest normal float32: Elasticsearch refuses documents with smaller probabilities."""


@dataclass
class ElasticsearchPhotos(Photos):
    """The documents of the photos index."""

    _reader: IndexReader
    _writer: BulkWriter
    _identity: ElasticsearchIdentity
    _vectors: ElasticsearchVectors

    @override
    def put(self, photos: Iterable[Photo]) -> list[Failure]:
        return [_failure(no) for no in self._writer.write(_put(photo) for photo in photos)]

    @override
    def get(self, ids: Iterable[str]) -> dict[str, Photo]:
        documents = (one for page in batched(ids, PAGE) for one in self._documents(page, True))
        return {photo.id: photo for photo in map(self._photo, documents)}

    @override
    def existing(self, ids: Iterable[str]) -> set[str]:
        pages = batched(ids, MOST_RESULTS)
        return {one["_id"] for page in pages for one in self._documents(page, False)}

    def _documents(self, ids: list[str], with_source: bool) -> Iterator[dict[str, Any]]:
        reader = self._reader
        with explained(reader.place):
            answer = reader.client.mget(
                index=reader.alias, ids=ids, source=["*"] if with_source else False
            )
        for document in answer["docs"]:
            if "error" in document:
                raise explain_refusal(503, document["error"], reader.place)
            if document["found"]:
                yield document

    @override
    def delete(self, ids: Iterable[str]) -> None:
        self._writer.require(Action(id, {"delete": {"_id": id}}) for id in ids)

    @override
    def count(self) -> int:
        try:
            return self._reader.count()
        except NotFound:
            return 0

    @override
    def scan(self) -> Iterator[Photo]:
        return map(self._photo, self._reader.scan("id", WHOLE))

    def _photo(self, document: Mapping[str, Any]) -> Photo:
        try:
            return _photo(document)
        except KeyError as missing:
            place, id = self._reader.place, document["_id"]
            why = INCOMPLETE.format(place=place, id=id, field=missing.args[0])
            raise Conflict(why) from missing

    @override
    def packed(self, target: Photos) -> PackedPair | None:
        return None

    @override
    def paths(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        # From columns, so that documents, with their vectors, need not be opened.
        hits = self._reader.scan("id", False, size=MOST_RESULTS, columns=["paths"])
        return ((hit["sort"][0], tuple(hit.get("fields", {}).get("paths", ()))) for hit in hits)

    @override
    def previews(self) -> dict[str, tuple[str, ...]]:
        marked = {"exists": {"field": "preview"}}
        hits = self._reader.scan("id", False, marked, MOST_RESULTS, columns=["paths"])
        return {hit["sort"][0]: tuple(hit.get("fields", {}).get("paths", ())) for hit in hits}

    @override
    def vectors(self) -> Vectors:
        info = self._identity.info()
        if info is None:
            raise NotFound(NO_STORE.format(place=self._reader.place))
        return self._vectors.current(info.dimensions)

    @override
    def state(self) -> str:
        return self._vectors.state()


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
    # Nine digits tell all float32 values apart, and so all float16 ones. json.dumps would write
    # float64 values, twice as long and in four times the time.
    halves = to_halves(photo.vector)
    numbers = ",".join(["%.9g"] * len(halves)) % tuple(halves.tolist())
    return f'{json.dumps(document)[:-1]}, "vector": [{numbers}]}}'


def _photo(document: Mapping[str, Any]) -> Photo:
    version = f"{document['_seq_no']}:{document['_primary_term']}"
    source = document["_source"]
    # Where labels are not kept as text, they come with as few digits as tell float32 apart, and not
    # at all where there are none.
    labels = {wnid: float(np.float32(number)) for wnid, number in source.get("labels", {}).items()}
    return from_document({**source, "labels": labels}, version)


def _failure(refusal: Refusal) -> Failure:
    action = refusal.action
    if refusal.status != 409:
        return Failure(action.id, refusal.reason)
    reason = "exists already" if "create" in action.head else "was changed or removed meanwhile"
    return Failure(action.id, reason, conflict=True)
