"""Taught words rank alike in both stores, and are as durable in each."""

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest

from indexer.stores import open_store
from search.library import Library, open_library
from search.teaching.event_files import write_events

QUERIES = ("zorbla", "cat", "animal", "zorbla coffee", "animal -zorbla", "cup")


@pytest.fixture
def team_library(store, elasticsearch_store_url):
    """The same photos in Elasticsearch."""
    with closing(open_store(elasticsearch_store_url)) as team_store:
        team_store.identity.create(store.identity.info())
        photos = (replace(photo, version=None) for photo in store.photos.scan())
        assert team_store.photos.put(photos) == []
        team_store.refresh()
    with open_library(elasticsearch_store_url) as opened:
        yield opened


def teach(library: Library, photo_id, outside):
    library.teach("zorbla", [str(outside), photo_id("chelsea.png")], [photo_id("rocket.jpg")])
    library.feedback("animal", [photo_id("coffee.png")], [photo_id("chelsea.png")])
    library.feedback("cup", bad=[photo_id("coffee.png")])
    library.feedback("cat", [photo_id("rocket.jpg")], [photo_id("chelsea.png")])  # is doubted


def rankings(library):
    answers = [library.search(query, limit=100) for query in QUERIES]
    return [[(hit.id, round(hit.score, 5)) for hit in answer.hits] for answer in answers]


def test_both_stores_rank_taught_words_alike(library, team_library, photo_id, outside):
    untaught = rankings(library)
    assert rankings(team_library) == untaught
    for one in (library, team_library):
        teach(one, photo_id, outside)
    assert rankings(team_library) == rankings(library) != untaught
    for hit in team_library.search("animal", limit=100).hits:
        assert sum(reason.score for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-5)
    for one in (library, team_library):
        for _ in range(4):
            one.undo()
    assert rankings(team_library) == rankings(library) == untaught


def test_a_log_moves_from_one_store_to_the_other(library, team_library, photo_id, outside, home):
    teach(library, photo_id, outside)
    write_events(home / "taught.jsonl", library.events())
    assert team_library.import_((home / "taught.jsonl").read_bytes(), "the file") == 4
    assert team_library.import_((home / "taught.jsonl").read_bytes(), "the file") == 0
    write_events(home / "again.jsonl", team_library.events())
    assert (home / "again.jsonl").read_bytes() == (home / "taught.jsonl").read_bytes()
    assert rankings(team_library) == rankings(library)


def test_an_import_is_undone_in_one_go(library, team_library, photo_id, outside, home):
    untaught = rankings(team_library)
    teach(library, photo_id, outside)
    write_events(home / "taught.jsonl", library.events())
    added = team_library.import_events((home / "taught.jsonl").read_bytes(), "the file")
    assert rankings(team_library) != untaught
    ids = [event.id for event in added]
    assert (team_library.undo_all(ids), team_library.undo_all(ids)) == (4, 0)
    assert library.undo_all(ids) == 4
    assert rankings(team_library) == rankings(library) == untaught


def test_two_processes_that_give_feedback_at_once_lose_no_click(
    library, team_library, photo_id, elasticsearch_store_url, url
):
    code = (
        "import sys; from search.library import open_library\n"
        "with open_library(sys.argv[1]) as library:\n"
        "    for number in range(10):\n"
        "        library.feedback('zorbla', [sys.argv[3]], user=f'{sys.argv[2]}{number}')"
    )
    stores = [(url, library), (elasticsearch_store_url, team_library)]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, store, user, photo_id("chelsea.png")], env=os.environ
        )
        for store, _ in stores
        for user in ("ann", "bob")
    ]
    assert [process.wait(120) for process in running] == [0] * 4
    for _, one in stores:
        assert one.search("zorbla").hits[0].reasons[0].what == "marked good by 20 votes"
