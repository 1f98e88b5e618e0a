"""The tables of an SQLite store, without those of the logs, which their first entry makes."""

APPLICATION = 0x4D616770
"""PRAGMA application_id of our files, "Magp", tells them from other programs' databases."""

SCHEMA = """
-- One row. token: random, this file's own. change: number of the last write transaction.
CREATE TABLE info (
    token TEXT NOT NULL, photos_mapping INTEGER NOT NULL, files_mapping INTEGER NOT NULL,
    model TEXT NOT NULL, weights TEXT NOT NULL, dimensions INTEGER NOT NULL,
    change INTEGER NOT NULL DEFAULT 0
);

-- The column of each label in matrices and in photos.labels.
CREATE TABLE labels (number INTEGER PRIMARY KEY, wnid TEXT NOT NULL UNIQUE);

-- version: the change that wrote the row last. content: the one that wrote labels or vector last,
-- by which derived files find what is new to them.
CREATE TABLE photos (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
    content INTEGER NOT NULL, document TEXT NOT NULL, labels BLOB NOT NULL, neighbours BLOB NOT NULL
);

CREATE INDEX photos_content ON photos (content);

CREATE INDEX photos_version ON photos (version);

-- Apart from photos, so that rewriting 50 neighbours does not rewrite 8 KB of vector.
CREATE TABLE vectors (key INTEGER PRIMARY KEY, vector BLOB NOT NULL);

CREATE TABLE deletions (id TEXT PRIMARY KEY, change INTEGER NOT NULL) WITHOUT ROWID;

CREATE INDEX deletions_change ON deletions (change);

CREATE TRIGGER photo_deleted AFTER DELETE ON photos BEGIN
    DELETE FROM vectors WHERE key = old.key;
    INSERT OR REPLACE INTO deletions VALUES (old.id, (SELECT change FROM info));
END;

CREATE TABLE files (
    path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
    photo TEXT, reason TEXT
) WITHOUT ROWID;

-- One row where the store is a copy; older stores lack the table, and are not copies.
CREATE TABLE origin (library TEXT NOT NULL, place TEXT NOT NULL, copied TEXT NOT NULL);
"""
"""Statements, separated by empty lines."""
