"""Move the names of an Elasticsearch store to indices that another network filled.

The names `photos` and `photos-files` stand for the indices photos-1 and photos-files-1. The next
ones, photos-2 and photos-files-2, are called `photos~next` and `photos~next-files`, names that no
store can have, until both names move over in one request. All other indices stay as they are.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import elasticsearch
from typing_extensions import override

from indexer.derived.locations import cache_folder
from indexer.errors import NotFound
from indexer.stores.elasticsearch.indices import NEXT, files_name
from indexer.stores.elasticsearch.server import NO_STORE, explained
from indexer.stores.protocols import Renewal, Store
from indexer.stores.urls import Address

FIRST = 1


class ElasticsearchRenewal(Renewal):
    """Indices beside those in use take their place."""

    def __init__(
        self,
        client: elasticsearch.Elasticsearch,
        address: Address,
        open_index: Callable[[Address], Store],
    ) -> None:
        """Take the store's address, and what opens another one as a store of photos alone."""
        self._client = client
        self._address = address
        self._open = open_index
        self._next = replace(address, name=address.name + NEXT)

    @override
    def next(self) -> Store:
        return self._open(replace(self._next, number=self._free_number()))

    @override
    def swap(self) -> None:
        actions: list[dict[str, Any]] = []
        for name, waiting in zip(_names(self._address), _names(self._next), strict=True):
            index = next(iter(self._behind(waiting)), None)
            if index is None:
                raise NotFound(f"nothing is ready to take the place of {self._address.location}")
            actions += [{"remove": {"index": old, "alias": name}} for old in self._behind(name)]
            actions += [{"remove": {"index": index, "alias": waiting}}]
            actions += [{"add": {"index": index, "alias": name}}]
        with explained(self._address.location):
            self._client.indices.update_aliases(actions=actions)

    @override
    def old(self) -> list[str]:
        return list(self._older())

    @override
    def drop_old(self) -> None:
        self._drop(self._older())

    @override
    def cancel(self) -> None:
        with suppress(NotFound):
            self._drop({index: self._uuid(index) for index in self._waiting()})

    def _waiting(self) -> list[str]:
        return [index for name in _names(self._next) for index in self._behind(name)]

    def _behind(self, name: str) -> list[str]:
        """Return the indices that a name stands for."""
        with explained(self._address.location), suppress(elasticsearch.NotFoundError):
            return list(self._client.indices.get_alias(name=name))
        return []

    def _number_in_use(self) -> int:
        for index in self._behind(self._address.name):
            found = re.fullmatch(re.escape(self._address.name) + r"-(\d+)", index)
            return int(found[1]) if found else FIRST
        raise NotFound(NO_STORE.format(place=self._address.location))

    def _free_number(self) -> int:
        """Return the number of the next indices: that of an unfinished run, if there is one."""
        for index in self._behind(self._next.name):
            return int(index.rpartition("-")[2])
        number = self._number_in_use() + 1
        with explained(self._address.location):
            while self._client.indices.exists(index=f"{self._address.name}-{number}"):
                number += 1  # another store has that one
        return number

    def _older(self) -> dict[str, str]:
        """Return the ids of our indices that no name stands for any more, by index."""
        used = self._number_in_use()
        possible = [f"{name}-{n}" for name in _names(self._address) for n in range(1, used)]
        return {index: id for index in possible if (id := self._uuid(index, nameless=True))}

    def _uuid(self, index: str, nameless: bool = False) -> str:
        """Return the id that the server gave an index; "" where there is no such index."""
        with explained(self._address.location), suppress(elasticsearch.NotFoundError):
            about = self._client.indices.get(index=index).get(
                index
            )  # None: the name of another index
            # Somebody's own index, such as a copy, may have a name like one of ours.
            ours = about and "version" in about["mappings"].get("_meta", {})
            if about and not (nameless and (about["aliases"] or not ours)):
                return str(about["settings"]["index"]["uuid"])
        return ""

    def _drop(self, indices: dict[str, str]) -> None:
        for index, id in indices.items():
            with explained(self._address.location):
                self._client.indices.delete(index=index)
            shutil.rmtree(cache_folder() / "elasticsearch" / id, ignore_errors=True)


def _names(address: Address) -> Iterator[str]:
    yield address.name
    yield files_name(address.name)
