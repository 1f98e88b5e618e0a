"""What made an SQLite store, and what it is a copy of: one row of a table each."""

import secrets
import sqlite3
from dataclasses import asdict, dataclass, fields
from typing import Any

from typing_extensions import override

import mappings
from indexer.errors import Conflict, Damaged, NotFound
from indexer.records import Origin, Provenance, StoreInfo
from indexer.stores.checks import check_complete, check_versions
from indexer.stores.protocols import Identity
from indexer.stores.sqlite.database import DAMAGED, Database, has_table
from indexer.stores.sqlite.marks import Mark
from indexer.stores.sqlite.previews import add_index
from indexer.stores.sqlite.row_checksums import of_values

MAPPED = ("photos", "files")
"""Tables whose rows a mapping describes; the row of `info` has the version of each."""

KEPT = tuple(field.name for field in fields(StoreInfo))
"""Columns of `info`; older stores lack `looks`, and were made with one."""

SUMMED = ("token", "model", "weights", "dimensions", "looks")
"""Columns of `info` that never change, in the order of its checksum."""


@dataclass
class SqliteIdentity(Identity):
    """The tables `info` and `origin`."""

    _database: Database

    @override
    def read(self) -> Provenance | None:
        try:
            with self._database.reading() as connection:
                row = _read_info(connection)
                origin = _read_origin(connection)
            versions = {name: int(row[f"{name}_mapping"]) for name in MAPPED}
            info = StoreInfo(**{name: row[name] for name in KEPT if name in row})
        except NotFound:
            return None
        except (KeyError, TypeError, ValueError) as error:  # its row, or what names its columns
            place = self._database.path
            reason = f"what made it cannot be read: {error}"
            raise Damaged(DAMAGED.format(place=place, error=reason)) from error
        check_versions(self._database.location, versions)
        return Provenance(info, origin)

    @override
    def token(self) -> str:
        # A file that was copied as it is has the same.
        with self._database.reading() as connection:
            return Mark.of_photos(connection).token

    @override
    def create(self, info: StoreInfo, origin: Origin | None = None) -> None:
        if not self._database.exists():
            row = {"token": secrets.token_hex(8), **_known_versions(), **asdict(info)}
            row["checksum"] = of_values([row[name] for name in SUMMED])
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
        self._raise_versions()

    def _raise_versions(self) -> None:
        """Let a store that an earlier Magpie made have documents with the fields of this one."""
        known = _known_versions()
        with self._database.reading() as connection:
            select = "SELECT photos_mapping, files_mapping FROM info"
            made_by = connection.execute(select).fetchone()
        if made_by != tuple(known.values()):
            update = (
                "UPDATE info SET photos_mapping = :photos_mapping, files_mapping = :files_mapping"
            )
            with self._database.writing() as connection:
                connection.execute(update, known)
                add_index(connection)

    @override
    def set_origin(self, origin: Origin) -> None:
        with self._database.writing() as connection:
            query = "UPDATE origin SET library = :library, place = :place, copied = :copied"
            connection.execute(query, asdict(origin))


def _read_info(connection: sqlite3.Connection) -> dict[str, Any]:
    found = connection.execute("SELECT * FROM info")
    return dict(zip((name for name, *_ in found.description), found.fetchone(), strict=True))


def _read_origin(connection: sqlite3.Connection) -> Origin | None:
    if not has_table(connection, "origin"):
        return None
    row = connection.execute("SELECT library, place, copied FROM origin").fetchone()
    return Origin(*row) if row else None


def _known_versions() -> dict[str, int]:
    """The columns of `info` as this Magpie writes them."""
    return {f"{name}_mapping": mappings.version(name) for name in MAPPED}
