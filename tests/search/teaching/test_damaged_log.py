"""A log with a damaged event: everything else goes on, and everyone is told."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from search.api.app import create_app
from search.commands import main
from search.library import open_library

REMAINS = "is empty or gone, but"


@pytest.fixture
def damaged(home, url, photo_id):
    """A library that was taught two words; a byte of what taught the second one was changed."""
    with open_library(url) as library:
        library.teach("pet", [photo_id("chelsea.png")])
        event = library.teach("mug", [photo_id("coffee.png")])
    change(home / "photos.db", event.id)
    return event.id


def change(file, id):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "UPDATE feedback SET document = replace(document, '\"mug\"', '\"mu\x07\"') "
            "WHERE id = ?",
            (id,),
        )


def run(url, *words):
    return CliRunner().invoke(main, [*words, "--store", url])


def backup(home):
    return max((home / "photos.db.events").glob("*.jsonl"))


def test_commands_go_on_and_one_line_names_the_event(damaged, url, home, photo_id):
    """Fails if a bad event is an error for those who read the log, as it was."""
    photo = str(home / "photos" / "coffee.png")
    for words in (
        ("search", "pet"),
        ("words",),
        ("history",),
        ("feedback", "pet", "--good", photo),
        ("undo",),
        ("status",),
        ("similar", photo),
    ):
        assert run(url, *words).exit_code == 0, words
    code = "from search.commands import main; main()"
    command = [sys.executable, "-c", code, "search", "pet", "--store", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"1 event of the log cannot be read and is left out ({damaged})" in done.stderr
    assert done.stderr.count(damaged) == 1
    words = json.loads(run(url, "words", "--json").stdout)["words"]
    assert [one["word"] for one in words] == ["pet"]


def test_status_and_verify_name_it_and_where_it_is_kept(damaged, url, home):
    report = json.loads(run(url, "status", "--json").stdout)
    assert report["events"] == 2 and report["bad_events"] == [damaged]
    assert f"2 events; cannot be read: {damaged}" in run(url, "status").stdout
    verified = run(url, "verify")
    assert verified.exit_code == 1
    (line,) = [line for line in verified.stdout.splitlines() if damaged in line]
    assert str(backup(home)) in line and "magpie import" in line


def test_export_writes_the_others_and_fails(damaged, url, tmp_path):
    file = tmp_path / "taught.jsonl"
    done = run(url, "export", str(file), "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {"events": 1, "unreadable": [damaged]}
    assert [json.loads(line)["word"] for line in file.read_text().splitlines()] == ["pet"]


def test_the_copy_beside_the_store_brings_it_back(damaged, url, home, tmp_path):
    assert run(url, "import", str(backup(home))).exit_code == 0
    assert run(url, "export", str(tmp_path / "taught.jsonl")).exit_code == 0
    words = json.loads(run(url, "words", "--json").stdout)["words"]
    assert [one["word"] for one in words] == ["mug", "pet"]
    assert "log" not in run(url, "verify").stdout


def test_an_event_that_is_gone_comes_back_in_its_place(damaged, url, home):
    """Fails if an import writes it at the end, where the log has a gap for good."""
    with closing(sqlite3.connect(home / "photos.db")) as connection, connection:
        connection.execute("DELETE FROM feedback WHERE id != ?", (damaged,))
    assert len(json.loads(run(url, "status", "--json").stdout)["bad_events"]) == 2
    assert run(url, "import", str(backup(home))).exit_code == 0
    report = json.loads(run(url, "status", "--json").stdout)
    assert report["events"] == 2 and report["bad_events"] == []
    assert "log" not in run(url, "verify").stdout


def test_a_copied_library_has_the_others(damaged, url, tmp_path):
    copied = f"sqlite:///{tmp_path}/copy.db"
    done = CliRunner().invoke(main, ["copy", "--from", url, "--to", copied])
    assert done.exit_code == 0, done.stderr
    assert damaged in done.stderr
    assert json.loads(run(copied, "status", "--json").stdout)["events"] == 1


def test_the_server_goes_on_and_says_so(damaged, url):
    with TestClient(create_app(open_library(url)), "http://localhost") as client:
        assert client.get("/api/search?q=pet").json()["hits"]
        assert client.get("/api/status").json()["bad_events"] == [damaged]
        assert client.get("/api/export").text.count("\n") == 1
        assert client.get("/api/feedback").status_code == 200


def test_an_emptied_library_is_not_a_place_without_one(url, home, photo_id):
    with open_library(url) as library:
        library.teach("pet", [photo_id("chelsea.png")])
    for ending in ("-wal", "-shm"):
        (home / f"photos.db{ending}").unlink(missing_ok=True)
    for empty in (Path.touch, Path.unlink):
        (home / "photos.db").write_bytes(b"")
        empty(home / "photos.db")
        done = run(url, "status")
        assert done.exit_code == 1 and REMAINS in done.stderr
        assert str(backup(home)) in done.stderr and done.stderr.count("\n") == 1
    assert "run magpie index" in run(f"sqlite:///{home}/other.db", "status").stderr
