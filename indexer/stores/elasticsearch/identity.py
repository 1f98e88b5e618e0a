"""What made an Elasticsearch store, and what it is a copy of: the `_meta` of its photos index."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import elasticsearch
from typing_extensions import override

from indexer.errors import Conflict, NotFound
from indexer.records import Origin, Provenance, StoreInfo
from indexer.stores.checks import check_complete, check_versions
from indexer.stores.elasticsearch.indices import create_indices
from indexer.stores.elasticsearch.server import NO_STORE, explained
from indexer.stores.elasticsearch.vectors import ElasticsearchVectors
from indexer.stores.protocols import Identity
from indexer.stores.urls import Address


@dataclass
class ElasticsearchIdentity(Identity):
    """The `_meta` of the photos index."""

    _client: elasticsearch.Elasticsearch
    _address: Address
    _vectors: ElasticsearchVectors

    @override
    def read(self) -> Provenance | None:
        meta = self._read_meta()
        if meta is None:
            return None
        looks = meta.get("looks", 1)  # older stores do not say
        info = StoreInfo(meta["model"], meta["weights"], meta["dimensions"], looks)
        return Provenance(info, Origin(**meta["origin"]) if "origin" in meta else None)

    @override
    def token(self) -> str:
        return self._vectors.token()

    @override
    def create(self, info: StoreInfo, origin: Origin | None = None) -> None:
        place = self._address.location
        self._check_complete(origin)  # first: somebody else's index is left alone
        create_indices(self._client, self._address, info, origin)
        made = self._check_complete(origin)
        if made is None:  # what `create_indices` met is somebody else's index
            name = self._address.name
            raise Conflict(
                f"{place}: the index {name}-1 already exists, but not as {name}: choose another "
                "name in --store"
            )
        if made.info != info:
            raise Conflict(
                f"{place} was made by {made.info}, not by {info}: index into another name with "
                f"`magpie index FOLDER --model {info.model} --store URL`"
            )

    def _check_complete(self, origin: Origin | None) -> Provenance | None:
        made = self.read()
        if made and not origin:
            check_complete(self._address.location, made.origin)
        return made

    @override
    def set_origin(self, origin: Origin) -> None:
        meta = self._read_meta()
        if meta is None:
            raise NotFound(NO_STORE.format(place=self._address.location))
        new = {**meta, "origin": asdict(origin)}
        with explained(self._address.location):
            self._client.indices.put_mapping(index=self._address.name, meta=new)

    def _read_meta(self) -> Mapping[str, Any] | None:
        """Return what the photos index says of itself; None where there is none."""
        place = self._address.location
        try:
            with explained(place):
                answer = self._client.indices.get_mapping(index=self._address.name)
        except NotFound:
            return None
        ((index, found), *others) = answer.items()
        if others:
            raise Conflict(f"{place} stands for several indices: let its alias name only one")
        meta: Mapping[str, Any] = found["mappings"].get("_meta", {})
        if "version" not in meta or "model" not in meta:
            raise Conflict(
                f"{place} (index {index}) was not made by Magpie: choose another name in --store"
            )
        check_versions(f"{place} (index {index})", {"photos": meta["version"]})
        return meta
