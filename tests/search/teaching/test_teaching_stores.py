"""Taught words rank alike in both stores, and are as durable in each."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from search.library import Library, open_library

QUERIES = ("zorbla", "cat", "animal", "zorbla coffee", "animal -zorbla", "cup")


@pytest.fixture
def team_library(library, elasticsearch_store_url):
    """The same photos in Elasticsearch."""
    with open_library(elasticsearch_store_url) as opened:
        opened.store.identity.create(library.store.identity.info())
        photos = (replace(photo, version=None) for photo in library.store.photos.scan())
        assert opened.store.photos.put(photos) == []
        opened.store.refresh()
        yield opened


def teach(library: Library, photo_id, outside):
    teacher = library.teacher
    teacher.teach("zorbla", [str(outside), photo_id("chelsea.png")], [photo_id("rocket.jpg")])
    teacher.feedback("animal", [photo_id("coffee.png")], [photo_id("chelsea.png")])
    teacher.feedback("cup", bad=[photo_id("coffee.png")])


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
        for _ in range(3):
            one.teacher.undo()
    assert rankings(team_library) == rankings(library) == untaught


def test_a_log_moves_from_one_store_to_the_other(library, team_library, photo_id, outside, home):
    teach(library, photo_id, outside)
    library.teacher.export(home / "taught.jsonl")
    assert team_library.teacher.import_(home / "taught.jsonl") == 3
    assert team_library.teacher.import_(home / "taught.jsonl") == 0
    team_library.teacher.export(home / "again.jsonl")
    assert (home / "again.jsonl").read_bytes() == (home / "taught.jsonl").read_bytes()
    assert rankings(team_library) == rankings(library)


def test_two_processes_that_give_feedback_at_once_lose_no_click(
    library, team_library, photo_id, elasticsearch_store_url, url
):
    code = (
        "import sys; from search.library import open_library\n"
        "with open_library(sys.argv[1]) as library:\n"
        "    for number in range(10):\n"
        "        library.teacher.feedback('zorbla', [sys.argv[3]], user=f'{sys.argv[2]}{number}')"
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
