"""What is removed from an SQLite store for good: nothing of it stays in files, logs or copies."""

import json
import os
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

from indexer.derived.private import file_mode
from indexer.errors import StoreAway
from indexer.stores.event_checksums import checksum_of
from indexer.stores.sqlite.database import Database, has_table
from indexer.stores.sqlite.event_backups import EventBackups
from indexer.stores.sqlite.event_rows import chain_again
from indexer.stores.sqlite.on_disk import all_numbered, number_in_use

PIECE = 1_000_000
LOGS = ("feedback", "feedback_checksums", "searches", "words")
BUSY = "{place} is in use, so that its log still has what was forgotten: run the command again"


def overwrite(connection: sqlite3.Connection, documents: Mapping[str, str]) -> None:
    """Put documents in the places of the events with their ids, and make the checksums fit."""
    if not has_table(connection, "feedback"):
        return
    # What SQLite gives up is overwritten with zeros: https://sqlite.org/pragma.html
    connection.execute("PRAGMA secure_delete = ON")
    numbers = []
    for id, document in documents.items():
        query = "UPDATE feedback SET document = ? WHERE id = ? RETURNING number"
        for (number,) in connection.execute(query, (document, id)).fetchall():
            numbers.append(number)
            if has_table(connection, "feedback_checksums"):
                query = "UPDATE feedback_checksums SET checksum = ? WHERE number = ?"
                connection.execute(query, (checksum_of(document.encode()), number))
    if numbers and has_table(connection, "feedback_checksums"):
        query = "SELECT chain FROM feedback_checksums WHERE number = ?"
        before = connection.execute(query, (min(numbers) - 1,)).fetchone()
        chain_again(connection, min(numbers), before[0] if before else "")


def overwrite_copies(copies: EventBackups, documents: Mapping[str, str]) -> None:
    """Do the same in all copies of the events.

    Raises:
        StoreAway: a copy cannot be written.
    """
    files = copies.files()
    if not files:
        return
    try:
        with copies.held():
            for file in copies.files():
                _overwrite_copy(file, documents)
    except OSError as error:
        raise StoreAway(
            f"cannot change the copies of events ({error}): make their folder writable and run the "
            "command again"
        ) from error


def scrub(database: Database) -> None:
    """Write the file anew without what was removed, and empty its log; older files lose theirs.

    Raises:
        StoreAway: the disk has no room for another file of the same size, or others use the log.
    """
    with database.explained():
        database.execute("PRAGMA secure_delete = ON")
        database.execute("VACUUM")
        if database.execute("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            raise StoreAway(BUSY.format(place=database.location))
        used = number_in_use(database.path)
        for number, file in all_numbered(database.path).items():
            if number != used:  # photos of another network, and the logs as they were then
                _empty_logs(file)


def _empty_logs(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        tables = [table for table in LOGS if has_table(connection, table)]
        if not tables:  # as where it is just being filled
            return
        connection.execute("PRAGMA secure_delete = ON")
        for table in tables:
            connection.execute(f"DELETE FROM {table}")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _overwrite_copy(file: Path, documents: Mapping[str, str]) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    changed = [_line(line, documents) for line in lines]
    if changed == lines:
        return
    new, old = (file.with_name(f"{file.name}.{secrets.token_hex(4)}.new") for _ in range(2))
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file_mode())
        with os.fdopen(handle, "wb") as written:
            written.writelines(changed)
            written.flush()
            os.fsync(written.fileno())
        old.hardlink_to(file)  # until what is in it is overwritten
        new.replace(file)
        _shred(old)
    finally:
        new.unlink(missing_ok=True)


def _line(line: bytes, documents: Mapping[str, str]) -> bytes:
    """Return a line of a copy as it is to be; a cut one that names an event is left out."""
    try:
        id = str(json.loads(line)["id"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return b"" if any(id.encode() in line for id in documents) else line
    return f"{documents[id]}\n".encode() if id in documents else line


def _shred(file: Path) -> None:
    """Overwrite a file, as far as the disk and its file system do that in place, and remove it."""
    with suppress(FileNotFoundError), file.open("r+b") as opened:
        left = opened.seek(0, os.SEEK_END)
        opened.seek(0)
        while left > 0:
            left -= opened.write(bytes(min(PIECE, left)))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink(missing_ok=True)
