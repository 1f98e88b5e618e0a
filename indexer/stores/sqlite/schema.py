"""The tables of an SQLite store, without those of the logs, which their first entry makes."""

APPLICATION = 0x4D616770
"""PRAGMA application_id of our files, "Magp", tells them from other programs' databases."""

LABELS = """
CREATE TABLE labels (
    number INTEGER PRIMARY KEY, wnid TEXT NOT NULL UNIQUE, checksum INTEGER
)
"""

SCHEMA = f"""
-- One row. token: random, this file's own. change: number of the last write transaction.
-- layout: see layout.py; stores of the first one lack the column.
-- checksum, here and below: see row_checksums.py; older stores lack these columns.
CREATE TABLE info (
    token TEXT NOT NULL, photos_mapping INTEGER NOT NULL, files_mapping INTEGER NOT NULL,
    model TEXT NOT NULL, weights TEXT NOT NULL, dimensions INTEGER NOT NULL,
    change INTEGER NOT NULL DEFAULT 0, looks INTEGER NOT NULL DEFAULT 1,
    layout INTEGER NOT NULL DEFAULT 2, checksum INTEGER
);

-- The column of each label in matrices and in photos.labels.
{LABELS.strip()};

-- version: the change that wrote the row last. content: the one that wrote labels or vector last,
-- by which derived files find what is new to them. key: of a photo with one vector; a photo that
-- gets another one gets another key, so that what was made of a key stays true.
CREATE TABLE photos (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
    content INTEGER NOT NULL, document TEXT NOT NULL, labels BLOB NOT NULL,
    neighbours BLOB NOT NULL,
    document_checksum INTEGER, labels_checksum INTEGER, neighbours_checksum INTEGER
);

CREATE INDEX photos_content ON photos (content);

CREATE INDEX photos_version ON photos (version);

-- Older stores lack it, and get it from the first run of a Magpie that describes previews.
CREATE INDEX photos_preview ON photos (id) WHERE json_extract(document, '$.preview');

-- Apart from photos, so that rewriting 50 neighbours does not rewrite a vector.
CREATE TABLE vectors (key INTEGER PRIMARY KEY, vector BLOB NOT NULL, checksum INTEGER);

CREATE TABLE deletions (id TEXT PRIMARY KEY, change INTEGER NOT NULL) WITHOUT ROWID;

CREATE INDEX deletions_change ON deletions (change);

CREATE TRIGGER photo_deleted AFTER DELETE ON photos BEGIN
    DELETE FROM vectors WHERE key = old.key;
    INSERT OR REPLACE INTO deletions VALUES (old.id, (SELECT change FROM info));
END;

CREATE TABLE files (
    path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
    photo TEXT, reason TEXT, changed_ns INTEGER, inode INTEGER, device INTEGER,
    refused_by TEXT, checksum INTEGER
) WITHOUT ROWID;

-- One row where the store is a copy; older stores lack the table, and are not copies.
CREATE TABLE origin (library TEXT NOT NULL, place TEXT NOT NULL, copied TEXT NOT NULL);
"""
"""Statements, separated by empty lines."""


def page_size(dimensions: int) -> int:
    """Return the bytes of a page that waste least on vectors of so many dimensions.

    Of 1,280, three fit into 8,192 bytes. A longer one would fill such a page by itself; of smaller
    pages it fills one, and only what is left of it shares a page with others.
    """
    return 8192 if 3 * (2 * dimensions + 20) <= 8192 else 4096
