"""Whether an index can be asked for labels, and for ancestors: older ones have labels alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexer.errors import BadValue, NotFound
from indexer.stores.elasticsearch.indices import ANCESTORS
from indexer.stores.elasticsearch.reader import IndexReader
from indexer.stores.elasticsearch.server import FIELDS, NO_STORE, explained

WEIGHED = ("sparse_vector", "rank_features")
"""Types of fields whose terms have numbers that they are scored by."""


@dataclass(frozen=True, slots=True)
class Ancestry:
    """What the mapping of an index says: its own name, and whether documents have ancestors."""

    index: str
    is_there: bool


class KnownAncestry:
    """Asks for the mapping once, and again when another index answers. Serves all threads."""

    def __init__(self, reader: IndexReader) -> None:
        """Ask for nothing yet."""
        self._reader = reader
        self._known: Ancestry | None = None

    def current(self) -> Ancestry:
        """Return what was read last.

        Raises:
            NotFound: there is no index.
            BadValue: it has no labels to search by, and would leave out photos in silence.
        """
        known = self._known or self._read()  # another thread may forget it meanwhile
        self._known = known
        return known

    def fits(self, index: str) -> bool:
        """Tell whether an index that answered is the known one; forget that one otherwise."""
        known = self._known
        if known is not None and known.index == index:
            return True
        self._known = None
        return False

    def _read(self) -> Ancestry:
        with explained(self._reader.place):
            found = self._reader.client.indices.get_mapping(index=self._reader.alias)
        for index, about in found.items():
            mapping = about["mappings"]
            labels, ancestors = (_type(mapping, name) for name in ("labels", "ancestors"))
            if labels not in WEIGHED:
                why = f"[labels] is {labels}"
                raise BadValue(FIELDS.format(place=self._reader.place, why=why))
            has_all = bool(mapping.get("_meta", {}).get(ANCESTORS))
            return Ancestry(index, has_all and ancestors in WEIGHED)
        raise NotFound(NO_STORE.format(place=self._reader.place))


def _type(mapping: Mapping[str, Any], name: str) -> str:
    """Return the type of a field, as the line about other kinds of fields names it."""
    field = mapping.get("properties", {}).get(name)
    return "missing" if field is None else str(field.get("type", "object"))
