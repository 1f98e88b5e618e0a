"""The row that says what made an SQLite store, and the one that says what it is a copy of."""

import secrets
from dataclasses import asdict
from functools import cached_property

import mappings
from indexer.errors import Conflict, NotFound
from indexer.records import Origin, StoreInfo
from indexer.stores import check_whole
from indexer.stores.sqlite.database import Database, has_table


class Birth:
    """How the store in a file came to be."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database

    def info(self) -> StoreInfo | None:
        """See `Store.info`."""
        info = self._read()
        if info:
            check_whole(self._database.location, self.origin())
        return info

    def create(self, info: StoreInfo, origin: Origin | None) -> None:
        """See `Store.create`."""
        if not self._database.exists():
            photos, files = self._mapping_versions
            versions = {"photos_mapping": photos, "files_mapping": files}
            row = {"token": secrets.token_hex(8), **versions, **asdict(info)}
            self._database.create(row, asdict(origin) if origin else None)
        made = self._read() if origin else self.info()
        if made != info:
            raise Conflict(
                f"{self._database.location} was made by {made or 'nobody'}, not by {info}: index "
                f"into a new one with `magpie index FOLDER --model {info.model} --store "
                "sqlite:///NEW`"
            )

    def origin(self) -> Origin | None:
        """See `Store.origin`."""
        try:
            with self._database.reading() as connection:
                if not has_table(connection, "origin"):
                    return None
                row = connection.execute("SELECT library, place, copied FROM origin").fetchone()
        except NotFound:
            return None
        return Origin(*row) if row else None

    def set_origin(self, origin: Origin) -> None:
        """See `Store.set_origin`."""
        with self._database.writing() as connection:
            query = "UPDATE origin SET library = :library, place = :place, copied = :copied"
            connection.execute(query, asdict(origin))

    def _read(self) -> StoreInfo | None:
        try:
            with self._database.reading() as connection:
                *made_by, model, weights, dimensions = connection.execute(
                    "SELECT photos_mapping, files_mapping, model, weights, dimensions FROM info"
                ).fetchone()
        except NotFound:
            return None
        if made_by != self._mapping_versions:
            raise Conflict(
                f"{self._database.location} was made with mapping versions {made_by} (photos, "
                f"files), this Magpie has {self._mapping_versions}: index again into a new store "
                "with --store sqlite:///NEW"
            )
        return StoreInfo(model, weights, dimensions)

    @cached_property
    def _mapping_versions(self) -> list[int]:
        """Of the tables photos and files, as this Magpie writes them."""
        return [mappings.version("photos"), mappings.version("files")]
