"""Whatever is damaged: verify names it, and repair and a run make again what can be made again."""

import json
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest
from click.testing import CliRunner

from indexer.derived.array_file import write_arrays
from indexer.errors import StoreAway
from indexer.run.repairing import repair
from indexer.stores import open_store
from search.commands import main
from search.library import open_library


@pytest.fixture
def home(indexed_photos, tmp_path):
    shutil.copy(indexed_photos / "photos.db", tmp_path)
    (tmp_path / "photos").symlink_to(indexed_photos / "photos")
    return tmp_path


def run(home, *words):
    return CliRunner().invoke(main, [*words, "--store", f"sqlite:///{home}/photos.db"])


def execute(home, statement, *values):
    with closing(sqlite3.connect(home / "photos.db")) as connection:
        with connection:
            found = connection.execute(statement, values).fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return found


def ids(home):
    return [id for (id,) in execute(home, "SELECT id FROM photos ORDER BY id")]


def flip(path, text, new):
    """Change bytes of a file, as a disk does."""
    content = path.read_bytes()
    assert text in content and len(text) == len(new)
    path.write_bytes(content.replace(text, new))


def rankings(home, *more):
    with open_library(f"sqlite:///{home}/photos.db") as library:
        return {
            words: [(hit.id, hit.score) for hit in library.search(words, limit=100).hits]
            for words in ("cat", "animal", "cup -cat", *more)
        }


def zero_vector(home, id):
    key = "(SELECT key FROM photos WHERE id = ?)"
    execute(home, f"UPDATE vectors SET vector = zeroblob(2560) WHERE key = {key}", id)


def short_vector(home, id):
    key = "(SELECT key FROM photos WHERE id = ?)"
    execute(home, f"UPDATE vectors SET vector = x'00ff' WHERE key = {key}", id)


def no_vector(home, id):
    execute(home, "DELETE FROM vectors WHERE key = (SELECT key FROM photos WHERE id = ?)", id)


def unknown_labels(home, id):
    execute(home, "UPDATE photos SET labels = x'ffffffffffffffff' WHERE id = ?", id)


def cut_labels(home, id):
    execute(home, "UPDATE photos SET labels = x'ffffff' WHERE id = ?", id)


def cut_neighbours(home, id):
    execute(home, "UPDATE photos SET neighbours = x'42ffffff' WHERE id = ?", id)


def other_neighbours(home, id):
    other = ids(home)[-2]
    query = "UPDATE photos SET neighbours = (SELECT neighbours FROM photos WHERE id = ?) "
    execute(home, query + "WHERE id = ?", other, id)


def broken_document(home, id):
    flip(home / "photos.db", f'{{"id": "{id}"'.encode(), f'{{"id"; "{id}"'.encode())


def document_of_another_id(home, id):
    flip(home / "photos.db", f'{{"id": "{id}"'.encode(), f'{{"id": "{"e" * 32}"'.encode())


def no_paths(home, id):
    execute(home, "UPDATE photos SET document = json_set(document, '$.paths', 3) WHERE id = ?", id)


def missing(home, id):
    execute(home, "DELETE FROM photos WHERE id = ?", id)


def lies_nowhere(home, id):
    execute(
        home, "UPDATE photos SET document = json_set(document, '$.paths', json('[]')) "
        "WHERE id = ?", id
    )  # fmt: skip


def no_record(home, id):
    execute(home, "DELETE FROM files WHERE photo = ?", id)


def another_network(home, id):
    execute(
        home, "UPDATE photos SET document = json_set(document, '$.model', 'x') WHERE id = ?", id
    )


def turned(home, column, id, start, size):
    ((blob,),) = execute(home, f"SELECT {column} FROM photos WHERE id = ?", id)
    entries = [blob[at : at + size] for at in range(start, len(blob), size)]
    new = blob[:start] + b"".join(reversed(entries))
    execute(home, f"UPDATE photos SET {column} = ? WHERE id = ?", new, id)


def labels_out_of_order(home, id):
    turned(home, "labels", id, 0, 4)


def neighbours_out_of_order(home, id):
    turned(home, "neighbours", id, 1, 20)


def other_labels(home, id):
    """As they might be: only their checksum tells."""
    query = "UPDATE photos SET labels = (SELECT labels FROM photos WHERE id = ?) WHERE id = ?"
    execute(home, query, ids(home)[-2], id)


def other_vector(home, id):
    key = "(SELECT key FROM photos WHERE id = ?)"
    query = f"UPDATE vectors SET vector = (SELECT vector FROM vectors WHERE key = {key}) "
    execute(home, query + f"WHERE key = {key}", ids(home)[-2], id)


BY_A_RUN = (missing, lies_nowhere, no_record)
"""What a run mends without a repair."""

DAMAGES = (
    another_network, labels_out_of_order, neighbours_out_of_order, *BY_A_RUN,
    zero_vector, short_vector, no_vector, unknown_labels, cut_labels, cut_neighbours,
    other_neighbours, other_labels, other_vector, broken_document, document_of_another_id, no_paths,
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_is_damaged_is_named_and_a_repair_and_a_run_mend_it(home, damage):
    before = rankings(home)
    damage(home, ids(home)[3])
    found = run(home, "verify")
    assert (found.exit_code, found.stderr) == (1, "") and found.stdout
    done = run(home, "verify", "--repair", "--json")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.stderr == ""
    assert damage in BY_A_RUN or json.loads(done.stdout)["repaired"]
    assert run(home, "index", str((home / "photos").resolve())).exit_code == 0
    again = run(home, "verify")
    assert (again.exit_code, again.stdout) == (0, "everything is as it should be\n")
    assert rankings(home) == before


def test_a_photo_whose_files_are_away_is_removed_only_if_it_cannot_be_read(home):
    """Fails if a repair costs what can still be searched."""
    execute(home, "UPDATE files SET path = '/nowhere' || path")
    unreadable, wrong = ids(home)[:2]
    broken_document(home, unreadable)
    zero_vector(home, wrong)
    told = json.loads(run(home, "verify", "--repair", "--json").stdout)["repaired"]
    assert [line for line in told if unreadable in line and "removed" in line]
    assert [line for line in told if wrong in line and "kept" in line]
    assert wrong in ids(home) and unreadable not in ids(home)


def test_a_repair_keeps_what_was_taught(home):
    with open_library(f"sqlite:///{home}/photos.db") as library:
        library.teach("zorbla", [ids(home)[3]])
    before = rankings(home, "zorbla")
    zero_vector(home, ids(home)[3])
    assert run(home, "verify", "--repair").exit_code == 1
    assert run(home, "index", str((home / "photos").resolve())).exit_code == 0
    assert rankings(home, "zorbla") == before


def write_damaged(file):
    write_arrays(file, "of no state", {"ids": [np.arange(100)]})
    content = file.read_bytes()
    file.write_bytes(bytes([content[0] ^ 1]) + content[1:])


@pytest.mark.parametrize("name", ["labels", "facts", "lists", "vectors/vectors.bin"])
def test_a_damaged_derived_file_is_named_and_a_run_alone_makes_it_again(home, name):
    with open_library(f"sqlite:///{home}/photos.db") as library:
        library.index([(home / "photos").resolve()])
    before = rankings(home)
    file = home / f"photos.db.{name}"
    write_damaged(file)
    found = run(home, "verify")
    assert found.exit_code == 1 and str(file) in found.stdout and "'ids'" in found.stdout
    write_damaged(file)  # where verify itself needed it, and made it again
    done = run(home, "index", str((home / "photos").resolve()))
    assert done.exit_code == 0 and f"{str(file)!r} was damaged" in done.stderr
    assert run(home, "verify").exit_code == 0
    assert rankings(home) == before


@pytest.mark.parametrize("error", [StoreAway("the disk does not answer"), MemoryError()])
def test_what_cannot_be_read_for_a_moment_is_not_removed(home, monkeypatch, error):
    known = ids(home)
    with closing(open_store(f"sqlite:///{home}/photos.db")) as store:

        def fail(*_):
            raise error

        monkeypatch.setattr(type(store.photos), "scan", fail)
        monkeypatch.setattr(type(store.photos), "get", fail)
        with pytest.raises(type(error)):
            list(repair(store))
    assert ids(home) == known


def test_where_no_photo_can_be_read_none_is_removed(home):
    known = ids(home)
    execute(home, "UPDATE photos SET labels = x'ffffff'")
    done = run(home, "verify", "--repair")
    assert done.exit_code != 0
    assert "put a copy of the store back; no photo was removed" in done.output
    assert ids(home) == known
