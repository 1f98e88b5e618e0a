"""Connect to an Elasticsearch server, and say what its errors mean to users."""

import os
import ssl
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import elastic_transport
import elasticsearch

from indexer.errors import BadValue, MagpieError, NotFound, ReadOnly, StoreAway
from indexer.stores.urls import Address

TIMEOUT_SECONDS = 60.0

FOREIGN = "{place} is not Elasticsearch ({why}): check host and port (OpenSearch is not supported)"
FULL = (
    "{place} is read-only because its disk is full: free space there; "
    "Elasticsearch then lifts the block by itself"
)
BLOCKED = "{place} refuses writes: lift its index.blocks.* settings ({why})"
CLAUSES = (
    "{place} takes no query of so many labels ({why}): give Elasticsearch more heap or set "
    "thread_pool.search.size, for it takes heap in MB x 64 / search threads, at least 1,024"
)
FIELDS = (
    "{place} has an index with fields of other kinds than Magpie's ({why}): make it with the "
    "mapping in mappings/photos.json, or index into another --store"
)
OF_FIELDS = (
    "Field [",
    "Fielddata is disabled",
    "No mapping found for [",
    "[numeric_type] option",
)
"""What reasons say that are about a field of another kind, or about one that is missing."""

RED = "{place} is red, no copy of its data is available: see GET _cluster/allocation/explain"
LATE = "{place} did not answer in time: try again, or look at its health"
BUSY = "{place} is overloaded: try again later ({why})"
DENIED = (
    "{place} refuses this user, password or key ({why}): use http://USER:PASSWORD@HOST:9200/NAME, "
    "or an API key in MAGPIE_STORE_KEY; docs/operations.md lists what they must be allowed"
)
INCOMPLETE = (
    "{place}: the photo {id} has no {field}: let its index keep all fields, or index into another "
    "--store"
)
NO_STORE = "no store at {place}: make one with `magpie index FOLDER`, or name another with --store"

OF_PROXIES = frozenset({401, 403, 429, 502, 503, 504})
"""Statuses with which what lies before Elasticsearch may answer for it."""

RED_TYPES = frozenset(
    {
        "no_shard_available_action_exception",
        "search_phase_execution_exception",
        "unavailable_shards_exception",
    }
)


def connect(address: Address) -> elasticsearch.Elasticsearch:
    """Make a client; nothing is sent yet, and `GET /` never is.

    SSL_CERT_FILE names the authority of a server with a certificate of its own.

    Raises:
        BadValue: that file holds no certificate.
    """
    authority = os.environ.get("SSL_CERT_FILE") if address.host.startswith("https:") else None
    security: dict[str, Any] = {"ssl_context": _trust(authority)} if authority else {}
    return elasticsearch.Elasticsearch(
        address.host,
        basic_auth=address.credentials,
        api_key=address.key or None,
        **security,
        request_timeout=TIMEOUT_SECONDS,
        # A write that is sent again because its answer was lost would conflict with itself.
        max_retries=0,
    )


def _trust(authority: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority)
    except OSError as error:
        raise BadValue(
            f"SSL_CERT_FILE names {authority}, which holds no certificate ({error.strerror}): name "
            "a PEM file of the server's authority"
        ) from None


@contextmanager
def explained(place: str, but: Container[int] = ()) -> Iterator[None]:
    """Turn what the client raises into one line about `place`, a location without password.

    Errors of a status among `but` are raised as they are.
    """
    try:
        yield
    except (elasticsearch.ApiError, elastic_transport.TransportError) as error:
        if isinstance(error, elasticsearch.ApiError) and error.status_code in but:
            raise
        raise explain(error, place) from error
    except elasticsearch.UnsupportedProductError as error:
        raise BadValue(FOREIGN.format(place=place, why="it does not say that it is")) from error


def explain(error: Exception, place: str) -> MagpieError:
    """Return the error that users read instead of `error`."""
    if isinstance(error, elasticsearch.ApiError):
        if error.status_code not in OF_PROXIES and _is_foreign(error):
            return BadValue(FOREIGN.format(place=place, why=f"it answered {error.status_code}"))
        return explain_refusal(error.status_code, cause(error.body), place)
    if isinstance(error, elastic_transport.ConnectionTimeout):
        return StoreAway(LATE.format(place=place))
    if isinstance(error, elastic_transport.TlsError):
        return StoreAway(
            f"{place} has a certificate that is not trusted: name its authority in SSL_CERT_FILE"
        )
    not_http = "BadStatusLine" in repr(error.__cause__)
    if isinstance(error, elastic_transport.ConnectionError) and not not_http:
        return StoreAway(
            f"{place} cannot be reached: start Elasticsearch there, say https:// where it wants "
            "TLS, or name another --store"
        )
    return BadValue(FOREIGN.format(place=place, why="its answer cannot be understood"))


def explain_refusal(status: int, error: Mapping[str, Any], place: str) -> MagpieError:
    """Return the error that users read about a request, or an item of one, that was refused.

    Args:
        status: HTTP status.
        error: Elasticsearch's own description, with "type" and "reason".
        place: location of the store.
    """
    kind, why = str(error.get("type", "")), str(error.get("reason", status))
    if kind == "cluster_block_exception":
        if status == 429:
            return StoreAway(FULL.format(place=place, why=why))
        return ReadOnly(BLOCKED.format(place=place, why=why))
    if kind == "index_not_found_exception":
        return NotFound(NO_STORE.format(place=place))
    if kind in RED_TYPES and status == 503:
        return StoreAway(RED.format(place=place))
    if status in (401, 403):
        return BadValue(DENIED.format(place=place, why=why))
    if status == 504:
        return StoreAway(LATE.format(place=place))
    if status in (429, 502, 503):
        return StoreAway(BUSY.format(place=place, why=why))
    if "maxClauseCount" in why:
        return BadValue(CLAUSES.format(place=place, why=why))
    if any(said in why for said in OF_FIELDS):
        return BadValue(FIELDS.format(place=place, why=why))
    return BadValue(f"{place} refused a request: {why}")


def cause(body: Any) -> Mapping[str, Any]:
    """Return the innermost "type" and "reason" of the body of an error, whatever its shape."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return {"reason": str(error or "no reason given")[:200]}
    failed = error.get("failed_shards") or [{}]
    inner = failed[0].get("reason", {})
    return inner if error.get("type") == "search_phase_execution_exception" and inner else error


def _is_foreign(error: elasticsearch.ApiError) -> bool:
    return error.meta.headers.get("x-elastic-product") != "Elasticsearch"
