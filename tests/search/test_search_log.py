"""What is searched for is kept, unless asked not to: the library knows what should be taught."""

import json
import shutil
import sqlite3
import threading

import pytest
from click.testing import CliRunner

from indexer.queries import Wanted
from search.commands import main
from search.library import open_library


@pytest.fixture
def url(tmp_path, made_store):
    shutil.copy(made_store, tmp_path / "photos.db")
    return f"sqlite:///{tmp_path}/photos.db"


@pytest.fixture(scope="module")
def made_store(tmp_path_factory, free_photos):
    """The file of a store of two photos."""
    home = tmp_path_factory.mktemp("searches")
    (home / "photos").mkdir()
    for photo in free_photos[:2]:
        shutil.copy(photo, home / "photos")
    with open_library(f"sqlite:///{home}/photos.db") as library:
        library.index([home / "photos"])
    return home / "photos.db"


def run(*words):
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.stdout


def status(url):
    return json.loads(run("status", "--store", url, "--json"))


def test_unfamiliar_words_are_counted_until_they_are_taught(url):
    for words in (["zorbla"], ["Zorblas", "cat"], ["wugg"], ["cat"]):
        run("search", *words, "--store", url, "--user", "ann")
    assert status(url)["searches"] == 4
    assert status(url)["wanted"] == [
        {"word": "zorbla", "searches": 2},
        {"word": "wugg", "searches": 1},
    ]
    assert "to teach     zorbla 2x, wugg 1x" in run("status", "--store", url)
    photo = json.loads(run("search", "animal", "--store", url, "--json"))["hits"][0]["path"]
    run("teach", "zorbla", photo, "--store", url)
    assert status(url)["wanted"] == [{"word": "wugg", "searches": 1}]


def test_nothing_is_kept_where_that_is_asked(url, monkeypatch):
    run("search", "zorbla", "--store", url, "--no-search-log")
    monkeypatch.setenv("MAGPIE_SEARCH_LOG", "0")
    run("search", "zorbla", "--store", url)
    assert (status(url)["searches"], status(url)["wanted"]) == (0, [])


def test_neither_evaluation_nor_a_further_page_nor_an_example_alone_counts(url, tmp_path):
    with open_library(url) as library:
        (photo, *_) = library.search("animal", limit=1).hits
        library.search("animal", offset=1)
        library.search("", like=photo.id)
    name = photo.path.rsplit("/", 1)[1]
    (tmp_path / "truth.csv").write_text(f"path,category\n{name},cat\n")
    (tmp_path / "queries.csv").write_text("query,categories,kind\nzorbla,cat,name\n")
    files = (str(tmp_path / "truth.csv"), "--queries", str(tmp_path / "queries.csv"))
    run("evaluate", *files, "--store", url)
    assert status(url)["searches"] == 1


def test_a_search_is_answered_though_its_log_cannot_be_written(url, tmp_path):
    with sqlite3.connect(tmp_path / "photos.db") as connection:
        connection.execute("CREATE TABLE searches (of_somebody_else)")
    assert run("search", "animal", "--store", url)


def test_searches_of_many_threads_are_all_kept(url):
    with open_library(url) as library:
        threads = [
            threading.Thread(target=lambda: [library.search("zorbla") for _ in range(10)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with open_library(url) as library:
        assert library.demand().searches == 40
        assert library.demand().wanted == (Wanted("zorbla", 40),)
