"""What made an SQLite store, and what it is a copy of: one row of a table each."""

import secrets
from dataclasses import asdict, dataclass
from functools import cached_property

from typing_extensions import override

import mappings
from indexer.errors import Conflict, NotFound
from indexer.records import Origin, Provenance, StoreInfo
from indexer.stores.checks import check_complete
from indexer.stores.protocols import Identity
from indexer.stores.sqlite.database import Database, has_table
from indexer.stores.sqlite.marks import Mark


@dataclass
class SqliteIdentity(Identity):
    """The tables `info` and `origin`."""

    _database: Database

    @override
    def read(self) -> Provenance | None:
        try:
            with self._database.reading() as connection:
                *made_by, model, weights, dimensions = connection.execute(
                    "SELECT photos_mapping, files_mapping, model, weights, dimensions FROM info"
                ).fetchone()
                row = None
                if has_table(connection, "origin"):
                    row = connection.execute("SELECT library, place, copied FROM origin").fetchone()
        except NotFound:
            return None
        self._check_versions(made_by)
        return Provenance(StoreInfo(model, weights, dimensions), Origin(*row) if row else None)

    def _check_versions(self, made_by: list[int]) -> None:
        if made_by != self._mapping_versions:
            raise Conflict(
                f"{self._database.location} was made with mapping versions {made_by} (photos, "
                f"files), this Magpie has {self._mapping_versions}: index again into a new store "
                "with --store sqlite:///NEW"
            )

    @override
    def token(self) -> str:
        # A file that was copied as it is has the same.
        with self._database.reading() as connection:
            return Mark.of_photos(connection).token

    @override
    def create(self, info: StoreInfo, origin: Origin | None = None) -> None:
        if not self._database.exists():
            photos, files = self._mapping_versions
            versions = {"photos_mapping": photos, "files_mapping": files}
            row = {"token": secrets.token_hex(8), **versions, **asdict(info)}
            self._database.create(row, asdict(origin) if origin else None)
        made = self.read()
        if made and not origin:
            check_complete(self._database.location, made.origin)
        if made is None or made.info != info:
            raise Conflict(
                f"{self._database.location} was made by {made.info if made else 'nobody'}, not by "
                f"{info}: index into a new one with `magpie index FOLDER --model {info.model} "
                "--store sqlite:///NEW`"
            )

    @override
    def set_origin(self, origin: Origin) -> None:
        with self._database.writing() as connection:
            query = "UPDATE origin SET library = :library, place = :place, copied = :copied"
            connection.execute(query, asdict(origin))

    @cached_property
    def _mapping_versions(self) -> list[int]:
        """Of the tables photos and files, as this Magpie writes them."""
        return [mappings.version("photos"), mappings.version("files")]
