"""Counting the hits of a query on the server: aggregations, and the paths of all hits."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from indexer.errors import BadValue
from indexer.facets import Facets, by_count, by_time, folder_of
from indexer.queries import Query
from indexer.stores.checks import MOST_RESULTS
from indexer.stores.elasticsearch.clauses import Body
from indexer.stores.elasticsearch.query import YEAR, ranking
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import FIELDS, explained

MOST_NAMES = 10_000
"""Cameras, places or formats that are told apart."""


def counted(reader: IndexReader, query: Query) -> Facets:
    """Count all hits of a query.

    Raises:
        BadValue: a time is not a date, as in an index that somebody else made.
    """
    wanted = ranking(query)
    with explained(reader.place):
        answer = reader.client.search(
            index=reader.alias, body=_request(wanted), allow_partial_search_results=False
        )
    found = answer["aggregations"]
    undated = found["undated"]
    months = [("captured", _buckets(found)), ("modified", _buckets(undated))]
    for name, counts in months:
        if not all(map(YEAR.match, counts)):
            raise BadValue(FIELDS.format(place=reader.place, why=f"[{name}] is not a date"))
    return Facets(
        photos=answer["hits"]["total"]["value"],
        months=by_time(sum((counts for _, counts in months), Counter[str]())),
        undated=undated["doc_count"],
        cameras=by_count(_buckets(found, "cameras")),
        nameless=found["nameless"]["doc_count"],
        folders=by_count(_folders(reader, wanted)),
        formats=by_count(_buckets(found, "formats")),
        places=by_count(_buckets(found, "places")),
        placeless=found["placeless"]["doc_count"],
    )


def _request(query: Body) -> Body:
    unknown = {"bool": {"must_not": [{"exists": {"field": "captured"}}]}}
    return {
        "query": query,
        "size": 0,
        "track_total_hits": True,
        "aggs": {
            "months": _months("captured"),
            "undated": {"filter": unknown, "aggs": {"months": _months("modified")}},
            "cameras": {"terms": {"field": "camera", "size": MOST_NAMES}},
            "nameless": {"missing": {"field": "camera"}},
            "places": {"terms": {"field": "place", "size": MOST_NAMES}},
            "placeless": {"missing": {"field": "place"}},
            "formats": {"terms": {"field": "format", "size": MOST_NAMES}},
        },
    }


def _months(field: str) -> Body:
    each = {"calendar_interval": "month", "format": "uuuu-MM", "min_doc_count": 1}
    return {"date_histogram": {"field": field, **each}}


def _buckets(found: Mapping[str, Any], name: str = "months") -> Counter[str]:
    buckets = found[name]["buckets"]
    return Counter({one.get("key_as_string", one["key"]): one["doc_count"] for one in buckets})


def _folders(reader: IndexReader, query: Body) -> Counter[str]:
    """Count the photos in each folder, each photo once.

    Documents have no field of folders, so the paths of all hits come, from columns.
    """
    folders = Counter[str]()
    for hit in reader.scan("id", False, query, MOST_RESULTS, columns=["paths"]):
        folders.update({folder_of(path) for path in hit.get("fields", {}).get("paths", ())})
    return folders
