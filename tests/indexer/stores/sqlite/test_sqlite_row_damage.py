"""A byte that a disk changes in the rows about photos never makes a wrong answer in silence."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from store_samples import INFO, photos

from indexer import imagenet
from indexer.errors import Damaged, MagpieError
from indexer.filters import OfFormat, Required
from indexer.neighbours import open_index
from indexer.queries import Query
from indexer.records import File
from indexer.run.linking import link
from indexer.run.repairing import repair
from indexer.stores import open_store
from indexer.stores.sqlite import row_checksums
from indexer.verifying import verify

WNIDS = imagenet.classes()[:30]
MANY = [
    replace(photo, neighbours=(), format="jpeg" if number % 2 else "png")
    for number, photo in enumerate(photos(40, wnids=WNIDS, labels_each=10))
]
EVERYTHING = Query(weights={wnid: 1 + number / 7 for number, wnid in enumerate(WNIDS)}, limit=60)
SOME = Query(weights=EVERYTHING.weights, filters=(Required((OfFormat("png"),)),), limit=60)
FLIPS = 120
"""Bytes that are changed, one after another, from one end of the file to the other."""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "photos.db"
    with closing(open_store(f"sqlite:///{path}")) as store:
        store.identity.create(INFO)
        for start in range(0, len(MANY), 10):
            assert store.photos.put(MANY[start : start + 10]) == []
        link(store, open_index("exact", store))
        store.files.put(File(photo.paths[0], 1, 2, photo.id, None, 3, 4, 5) for photo in MANY)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def forget_derived(path):
    for file in path.parent.rglob("photos.db.*"):
        if file.is_file():
            file.unlink()


def answers(path):
    """Everything that searches read, or the one line that they fail with."""
    forget_derived(path)
    told = []
    with closing(open_store(f"sqlite:///{path}")) as store:
        for ask in (
            lambda: [(one.id, one.score, one.labels) for one in store.ranking.search(EVERYTHING)],
            lambda: [(one.id, one.paths, one.width) for one in store.ranking.search(SOME)],
            lambda: store.ranking.facets(EVERYTHING),
            lambda: store.photos.get([photo.id for photo in MANY[:20]]),
            lambda: vectors(store),
            lambda: dict(store.lists.read()),
        ):
            try:
                told.append(ask())
            except MagpieError as error:  # any other error is a traceback
                assert "\n" not in str(error)
                told.append(str(error))
    return told


def vectors(store):
    found = store.photos.vectors()
    return found.names.tolist(), found.take().tolist()


def broken(path):
    with closing(open_store(f"sqlite:///{path}")) as store:
        return list(verify(store))


def flipped(content, place):
    return content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]


@pytest.mark.parametrize("first", range(4))
def test_whichever_byte_changes_no_answer_is_wrong_in_silence(path, caplog, first):
    before, content = answers(path), path.read_bytes()
    assert broken(path) == [] and not caplog.records
    silent = []
    for place in np.linspace(100, len(content) - 1, FLIPS).astype(int)[first::4].tolist():
        path.write_bytes(flipped(content, place))
        caplog.clear()
        try:
            now = answers(path)
            is_told = bool(caplog.records) or any(isinstance(one, str) for one in now)
            if now != before and not (is_told or broken(path)):
                silent.append(place)
        except MagpieError:
            pass
    assert silent == []


def cell(path, content, photo):
    """Where the columns of a photo lie in the file, and its vector and their checksums."""
    columns = "id, version, content, CAST(document AS BLOB), labels, neighbours"
    with closing(sqlite3.connect(path)) as connection:
        query = f"SELECT key, {columns}, vector FROM photos JOIN vectors USING (key) WHERE id = ?"
        key, _, _, _, document, labels, near, vector = connection.execute(
            query, (photo.id,)
        ).fetchone()
    at = content.index(document)
    places = {"document": at, "content": at - 1, "version": at - 2, "id": at - 34}
    places["labels"] = at + len(document)
    places["neighbours"] = places["labels"] + len(labels)
    places["document_checksum"] = places["neighbours"] + len(near)
    places["vector"] = content.index(vector)
    places["vectors.checksum"] = places["vector"] + len(vector)
    places["wnid"] = content.index(photo.labels[0].wnid.encode())
    places["labels.checksum"] = places["wnid"] + len(photo.labels[0].wnid)
    # Before a record come its header, of known length, and its key.
    places["key of vector"], places["number of label"] = places["vector"] - 5, places["wnid"] - 5
    assert content[places["key of vector"]] == key
    name = photo.paths[0].encode()
    places["path"] = next(
        start
        for start in range(len(content))
        if content.startswith(name, start) and content[start + len(name)] != ord('"')
    )
    return places


def run_again(path):
    """Do as a run that finds all files."""
    with closing(open_store(f"sqlite:///{path}")) as store:
        there = store.photos.existing(photo.id for photo in MANY)
        assert store.photos.put(photo for photo in MANY if photo.id not in there) == []
        paths = {file.path for file in store.files.read()}
        store.files.put(
            File(photo.paths[0], 1, 2, photo.id, None, 3, 4, 5)
            for photo in MANY
            if photo.paths[0] not in paths
        )
        link(store, open_index("exact", store))


def without_versions(answers):
    ranked, some, facets, photos, *rest = answers
    return ranked, some, facets, {id: replace(p, version=None) for id, p in photos.items()}, rest


@pytest.fixture
def present(monkeypatch):
    """All files of photos are there."""
    monkeypatch.setattr("indexer.run.repairing.is_gone", lambda path: False)


COLUMNS = (
    "document", "id", "labels", "neighbours", "document_checksum", "vector", "vectors.checksum",
    "wnid", "labels.checksum", "number of label", "path", "version", "content",
)  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_byte_of_each_column_is_told_and_mended(path, present, column):
    before, content = without_versions(answers(path)), path.read_bytes()
    place = cell(path, content, MANY[17])[column]
    path.write_bytes(flipped(content, place + (3 if column in ("document", "vector") else 0)))
    answers(path)
    assert broken(path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert list(repair(store))
    forget_derived(path)
    run_again(path)
    assert broken(path) == []
    assert without_versions(answers(path)) == before


@pytest.mark.parametrize("column", ["bytes", "modified_ns", "photo", "changed_ns", "inode"])
def test_a_changed_record_of_a_file_is_told_and_removed(path, present, column):
    """Fails without its checksum: SQLite finds nothing wrong with another number or id."""
    file, value = MANY[17].paths[0], MANY[3].id if column == "photo" else 99
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE files SET {column} = ? WHERE path = ?", (value, file))
    assert f"the record of file {file!r} is not as written: `magpie verify --repair`" in broken(
        path
    )
    with closing(open_store(f"sqlite:///{path}")) as store:
        done = list(repair(store))
        assert any(f"removed the record of file {file!r}" in line for line in done)
        assert file not in {one.path for one in store.files.read()}


@pytest.mark.parametrize("column", ["token", "model", "weights", "dimensions", "looks"])
def test_what_made_the_store_is_told_and_mended(path, column):
    with closing(sqlite3.connect(path)) as connection, connection:
        (was,) = connection.execute(f"SELECT {column} FROM info").fetchone()
        value = was ^ 0x20 if isinstance(was, int) else f"{was[:2]}~{was[3:]}"
        connection.execute(f"UPDATE info SET {column} = ?", (value,))
    assert [line for line in broken(path) if "how the store was made" in line]
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert list(repair(store)) == ["mended what says how the store was made"]
    assert broken(path) == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(f"SELECT {column} FROM info").fetchone() == (was,)


def test_a_tree_that_no_index_can_mend_is_left_to_salvage(path):
    content = path.read_bytes()
    path.write_bytes(flipped(content, cell(path, content, MANY[17])["key of vector"]))
    assert [line for line in broken(path) if "magpie salvage" in line]
    damaged = path.read_bytes()
    with closing(open_store(f"sqlite:///{path}")) as store:
        with pytest.raises(MagpieError, match="magpie salvage"):
            list(repair(store))
        assert store.photos.count() == len(MANY)
    assert path.read_bytes() == damaged


def statement(path, text):
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(text).fetchall()


def make_older(path):
    """Leave the store as a Magpie without checksums made it."""
    for table, names in row_checksums.COLUMNS.items():
        for name in names:
            statement(path, f"ALTER TABLE {table} DROP COLUMN {name}")


def unknown(path):
    """How many rows have no checksums, by table."""
    return {
        table: statement(path, f"SELECT count(*) FROM {table} WHERE {names[-1]} IS NULL")[0][0]
        for table, names in row_checksums.COLUMNS.items()
    }


def test_an_older_store_is_read_as_it_is_and_gets_checksums_by_a_repair(path):
    before = answers(path)
    make_older(path)
    assert answers(path) == before and broken(path) == []
    with closing(open_store(f"sqlite:///{path}")) as store:
        (told,) = repair(store)
        assert told.startswith(f"gave {len(MANY)} photos")
        assert list(repair(store)) == []
    assert unknown(path) == dict.fromkeys(row_checksums.COLUMNS, 0)
    assert answers(path) == before and broken(path) == []


def test_rows_of_an_older_store_get_checksums_as_they_are_written_again(path):
    make_older(path)
    with closing(open_store(f"sqlite:///{path}")) as store:
        (photo,) = store.photos.get([MANY[3].id]).values()
        assert store.photos.put([replace(photo, paths=("/moved.jpg",))]) == []
        store.files.put([File("/moved.jpg", 1, 2, photo.id)])
        store.lists.replace({MANY[5].id: ()})
    left = unknown(path)
    assert left["photos"] == len(MANY) - 2
    assert (left["vectors"], left["files"]) == (len(MANY) - 1, len(MANY))
    assert left["info"] == 1


def test_a_copy_does_not_vouch_for_what_was_damaged(path, tmp_path):
    statement(path, f"UPDATE photos SET labels = zeroblob(40) WHERE id = '{MANY[3].id}'")
    with (
        closing(open_store(f"sqlite:///{path}")) as store,
        closing(open_store(f"sqlite:///{tmp_path}/other.db")) as other,
    ):
        other.identity.create(INFO)
        pair = store.photos.packed(other.photos)
        with pytest.raises(Damaged, match=MANY[3].id):
            pair.put(one._replace(version=None) for one in pair.source())
