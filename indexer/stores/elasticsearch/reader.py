"""Read an index page by page, and what the server knows about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import elasticsearch

from indexer.errors import StoreAway
from indexer.stores.elasticsearch.server import RED, explained

Source = bool | Mapping[str, Any]
"""What to return of documents: all but vectors, nothing, or {"includes": fields}."""

WHOLE: Source = {"includes": ["*"]}
"""All of a document, also the vectors and labels that 9.x keeps apart from the source."""

PAGE = 250
"""Photos that are read at a time: 7 MB of JSON at 2,048 dimensions."""


@dataclass(frozen=True, slots=True)
class IndexReader:
    """Reads one index.

    Attributes:
        client: of the server.
        alias: the name of the index.
        place: the store's location, for messages.
    """

    client: elasticsearch.Elasticsearch
    alias: str
    place: str

    def scan(
        self,
        key: str,
        source: Source,
        query: dict[str, Any] | None = None,
        size: int = PAGE,
        columns: Sequence[str] = (),
    ) -> Iterator[dict[str, Any]]:
        """Yield all hits in order of the field `key`, which is different in each document.

        Documents that are written during the scan may be in it or not; none comes twice.

        Args:
            key: a keyword field, or "_seq_no".
            source: what to return of each document.
            query: which documents; None for all.
            size: documents read at a time.
            columns: fields to return that are read without opening documents.
        """
        wanted = {"query": query, "source": source, "size": size, "docvalue_fields": columns}
        after = None
        while hits := self._page(key, wanted, after):
            yield from hits
            if len(hits) < size:
                return
            after = hits[-1]["sort"]

    def last(self, key: str) -> list[dict[str, Any]]:
        """Return the hit of the highest `key`, without its document, in a list; [] for none."""
        with explained(self.place):
            answer = self.client.search(
                index=self.alias, sort=[{key: "desc"}], size=1, source=False
            )
        hits: list[dict[str, Any]] = answer["hits"]["hits"]
        return hits

    def _page(self, key: str, wanted: Mapping[str, Any], after: Any) -> Any:
        with explained(self.place):
            answer = self.client.search(
                **wanted,
                index=self.alias,
                sort=[{key: "asc"}],
                search_after=after,
                seq_no_primary_term=True,
                track_total_hits=False,
                # Otherwise a shard that fails would silently be missing.
                allow_partial_search_results=False,
            )
        return answer["hits"]["hits"]

    def count(self, having: str = "") -> int:
        """Return the number of documents, or of those that have the field `having`."""
        query = {"exists": {"field": having}} if having else None
        with explained(self.place):
            return int(self.client.count(index=self.alias, query=query)["count"])

    def refresh(self) -> None:
        """Make all writes visible."""
        with explained(self.place):
            self.client.indices.refresh(index=self.alias)

    def shards(self) -> Any:
        """Return the server's statistics of each copy of each shard: numbers of writes."""
        with explained(self.place):
            return self.client.indices.stats(index=self.alias, level="shards", metric=["docs"])

    def size(self) -> int:
        """Return the bytes on disk, replicas included."""
        with explained(self.place):
            found = self.client.indices.stats(index=self.alias, metric=["store"])
        return int(found["_all"]["total"]["store"]["size_in_bytes"])

    def red(self) -> StoreAway:
        """Return the error that says that no copy of the index can be reached."""
        return StoreAway(RED.format(place=self.place))
