"""The store for teams: the indices of an Elasticsearch server (8.19, 9.x), each behind an alias.

`NAME` stands for the photos (index NAME-1), `NAME-files` for the file records, so that documents
can be copied into a changed index while the old one is in use, and the alias moved. The logs and
the learned words are in `NAME-feedback`, `NAME-searches` and `NAME-words`.
"""

from indexer.stores.elasticsearch.store import ElasticsearchStore
from indexer.stores.urls import to_address


def open_store(url: str) -> ElasticsearchStore:
    """Open "http(s)://[user:password@]host[:port]/name"; the server is not asked yet.

    Raises:
        BadValue: the URL names no host or no index.
    """
    return ElasticsearchStore(to_address(url))
