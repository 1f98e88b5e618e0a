"""Let the server find the photos nearest to a vector."""

from dataclasses import dataclass

from indexer.records import Vector
from indexer.stores.checks import MOST_RESULTS
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import explained

CANDIDATES, FEWEST_CANDIDATES = 3, 200
"""Candidates of a shard for each photo that is wanted, and the fewest.

As many are asked for as nearest photos (`k`), because binary vectors are ranked again by the full
ones as often as that: 8.19 ranks `num_candidates` of them, 9.5 only `k`, whatever `num_candidates`
says.
"""


@dataclass
class NearestPhotos:
    """Asks the photos index; no vector leaves the server."""

    _reader: IndexReader

    def nearest(self, query: Vector, count: int) -> list[tuple[str, float]]:
        """Return ids and cosines of the photos nearest by cosine, in no order.

        Args:
            query: float32, shape (d,), of L2 norm 1.
            count: how many, at least 1; at most 10,000 come.

        Raises:
            NotFound: there is no store.
            StoreAway: the server cannot answer.
        """
        count = min(count, MOST_RESULTS)
        candidates = min(max(FEWEST_CANDIDATES, CANDIDATES * count), MOST_RESULTS)
        near = {
            "field": "vector",
            "query_vector": query.tolist(),
            "k": candidates,
            "num_candidates": candidates,
        }
        with explained(self._reader.place):
            answer = self._reader.client.search(
                index=self._reader.alias,
                knn=near,
                size=count,
                sort=[{"_score": "desc"}, {"id": "asc"}],  # also where the last ones are alike
                source=False,
                docvalue_fields=[{"field": "id"}],
                allow_partial_search_results=False,
            )
        hits = answer["hits"]["hits"]
        # Elasticsearch reference, "dense_vector", similarity "cosine": the score is
        # (1 + cosine) / 2.
        return [(hit["fields"]["id"][0], 2 * hit["_score"] - 1) for hit in hits]
