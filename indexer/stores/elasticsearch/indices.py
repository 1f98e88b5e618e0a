"""The indices of a store: how they are made."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import elasticsearch

import mappings
from indexer.errors import NotFound
from indexer.records import Origin, StoreInfo
from indexer.stores.elasticsearch.server import NO_STORE, explained
from indexer.stores.urls import Address

SETTINGS = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    # Writers refresh when they are done; this is for those who watch them.
    "refresh_interval": "10s",
    "store.stats_refresh_interval": "0s",  # otherwise sizes are up to 10 seconds old
}

NEXT = "~next"
"""Ends the name of a store that is to take another one's place; no other store can have it."""

PARTS = ("files", "feedback", "searches", "words")
"""Indices beside that of the photos, called STORE-part; each has a file in mappings/.

All are made with the store, so that users who teach or search need no right to make indices; where
an older store lacks a log, its first entry makes it.
"""

SOURCE_VECTORS = "mapping.exclude_source_vectors"
"""Keeps vectors and labels as numbers alone, not as text in the source too: half the disk.

Unknown to 8.19.0. What reads them has to say so (`WHOLE`), and gets the very numbers back: a vector
of length 1 bit for bit, a probability as float32.
"""

ANCESTORS = "ancestors"
"""Key of `_meta` of the photos index, where every document has ancestors: not in older indices, to
which only the field was added."""

FEWEST_BITS = 64
"""Elasticsearch does not quantise shorter vectors to single bits."""


def files_name(name: str) -> str:
    """Return the alias of the index of file records of the store `name`."""
    return f"{name}-files"


def vector_options(dimensions: int) -> dict[str, Any]:
    """Return the kind of vector index, which only other people's kNN queries use.

    See benchmarks/elasticsearch.py: bbq_flat takes a third of the processor time of int8_hnsw to
    write, and finds more neighbours, because candidates are ranked again by the full vectors.
    """
    return {"type": "bbq_flat" if dimensions >= FEWEST_BITS else "flat"}


def photos_mapping(info: StoreInfo, origin: Origin | None = None) -> dict[str, Any]:
    """Return the mapping of the photos index of a store that `info` makes."""
    mapping = mappings.load("photos")
    mapping["_meta"].update(asdict(info))
    if "ancestors" in mapping["properties"]:
        mapping["_meta"][ANCESTORS] = True
    if origin:
        mapping["_meta"]["origin"] = asdict(origin)
    mapping["properties"]["vector"].update(
        dims=info.dimensions, index_options=vector_options(info.dimensions)
    )
    return mapping


def create_indices(
    client: elasticsearch.Elasticsearch,
    address: Address,
    info: StoreInfo,
    origin: Origin | None = None,
) -> None:
    """Make all indices behind their aliases; those that exist get the fields that they lack."""
    parts = ("files",) if address.name.endswith(NEXT) else PARTS  # logs stay where they are
    wanted = {f"{address.name}-{part}": mappings.load(part) for part in parts}
    # Photos last: a store exists when they do.
    wanted[address.name] = photos_mapping(info, origin)
    for alias, mapping in wanted.items():
        with explained(address.location):
            if client.indices.exists_alias(name=alias):
                add_fields(client, alias, mapping)
            else:
                create_index(client, alias, mapping, address.number)


def add_fields(client: elasticsearch.Elasticsearch, alias: str, mapping: Mapping[str, Any]) -> None:
    """Add to an index of an earlier version of its mapping the fields that came since.

    Fields that it has stay as they are; documents that are in it lack the new ones.
    """
    meta = mapping["_meta"]
    for found in client.indices.get_mapping(index=alias).values():
        old = found["mappings"].get("_meta", {})
        if old.get("version", meta["version"]) >= meta["version"]:
            continue  # also where it is somebody else's
        known = found["mappings"]["properties"]
        new = {name: field for name, field in mapping["properties"].items() if name not in known}
        raised = {**old, "version": meta["version"], "about": meta["about"]}
        client.indices.put_mapping(index=alias, properties=new, meta=raised)


def need_index(client: elasticsearch.Elasticsearch, address: Address, name: str) -> None:
    """Make the index of a log that belongs to a store, unless it exists.

    Args:
        client: of the server.
        address: of the store.
        name: of a file in mappings/; the index is called STORE-name.

    Raises:
        NotFound: there is no such store.
    """
    alias = f"{address.name}-{name}"
    with explained(address.location):
        if client.indices.exists_alias(name=alias):
            return
        if not client.indices.exists_alias(name=address.name):
            raise NotFound(NO_STORE.format(place=address.location))
        create_index(client, alias, mappings.load(name))


def create_index(
    client: elasticsearch.Elasticsearch, alias: str, mapping: Mapping[str, Any], number: int = 1
) -> None:
    """Make the index `alias`-`number` behind its alias, unless it exists."""
    index = f"{alias.replace(NEXT, '')}-{number}"
    for settings in ({**SETTINGS, SOURCE_VECTORS: True}, SETTINGS):
        try:
            client.indices.create(
                index=index, mappings=mapping, settings=settings, aliases={alias: {}}
            )
        except elasticsearch.BadRequestError as error:
            if error.error == "resource_already_exists_exception":
                return
            if SOURCE_VECTORS not in str(error):
                raise
        else:
            return
