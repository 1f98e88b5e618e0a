"""`magpie copy` as people meet it: real photos, taught words, real servers, kill -9."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import elasticsearch_server
import pytest
from click.testing import CliRunner
from elasticsearch import Elasticsearch
from moving_samples import everything, fill

from indexer import imagenet
from indexer.errors import Conflict, StoreAway
from indexer.stores import open_store
from search.commands import main
from search.library import open_library
from search.library_copy import QUERIES

MAGPIE = Path(sys.executable).with_name("magpie")
PHOTOS = 240
TAUGHT = ("zorbla", "wugg", "animal")


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def taught(photos_folder, tmp_path_factory):
    """A library of real photos that was taught by clicks, examples and an upload, and searched."""
    home = tmp_path_factory.mktemp("taught")
    (home / "photos").mkdir()
    outside, *given = sorted(photos_folder.rglob("*.jpg"))[: PHOTOS + 1]
    for photo in given:
        shutil.copy(photo, home / "photos")
    url = f"sqlite:///{home}/photos.db"
    with open_library(url) as library:
        library.index([home / "photos"])
        ids = open_store(url).photos.vectors().ids
        library.teach("zorbla", [str(outside), ids[3], ids[70]], [ids[5]], user="ann")
        library.teach("wugg", ids[20:23])
        library.feedback("animal", ids[8:11], ids[11:13], shown=ids[8:20], user="bob")
        library.undo(library.feedback("zorbla", [ids[90]]).id)
        library.rename("wugg", "wogg")
        for words in ("zorbla", "griffin", "griffin"):
            library.search(words)
    return url


def words():
    """200 queries: taught words, several words, and words for many labels."""
    chance = random.Random(4)
    names = [imagenet.name(wnid) for wnid in chance.sample(imagenet.classes(), 120)]
    vague = ["animal", "dog", "food", "vehicle", "bird -duck", "furniture", "fruit", "cat wogg"]
    both = [f"{one} {other}" for one, other in zip(names, reversed(names), strict=True)]
    return ["zorbla", "wogg", "zorbla dog", "animal -zorbla", *vague, *names, *both][:200]


def rankings(url):
    with open_library(url) as library:
        answers = [library.search(query, limit=50) for query in words()]
        return [[(hit.id, round(hit.score, 4)) for hit in answer.hits] for answer in answers]


def test_there_and_back_two_hundred_queries_rank_alike(taught, elasticsearch_store_url, tmp_path):
    back = f"sqlite:///{tmp_path}/back.db"
    expected = rankings(taught)
    assert len(expected) == 200 and sum(map(bool, expected)) > 190
    for source, target in ((taught, elasticsearch_store_url), (elasticsearch_store_url, back)):
        done = run("copy", "--from", source, "--to", target, "--json")
        assert done.exit_code == 0, done.output
        report = json.loads(done.stdout)
        assert report["photos"] == report["written"] == PHOTOS
        assert (report["events"], report["words"], report["queries"]) == (6, 3, QUERIES)
    contents = []
    for url in (taught, elasticsearch_store_url, back):
        with closing(open_store(url)) as store:
            *stored, events, searches, learned = everything(store)
            contents.append((stored, events, searches[:3], learned))
            assert [one.word for one in learned] == ["animal", "wogg", "zorbla"]
        assert run("verify", "--store", url).exit_code == 0
    assert contents[0] == contents[1] == contents[2]
    assert rankings(elasticsearch_store_url) == expected
    assert rankings(back) == expected


def test_it_prints_what_is_where_and_what_was_compared(taught, tmp_path):
    target = f"sqlite:///{tmp_path}/copy.db"
    done = run("copy", "--from", taught, "--to", target)
    assert done.exit_code == 0
    assert f"{PHOTOS} photos, 6 events, 3 words" in done.stdout and target in done.stdout
    assert f"{QUERIES} queries rank alike" in done.stdout
    assert f"copying {PHOTOS} photos" in done.stderr
    again = run("copy", "--from", taught, "--to", target)
    assert "0 photos written, 0 removed" in again.stdout


def test_a_copy_that_ranks_otherwise_is_noticed(taught, tmp_path, monkeypatch):
    from search import library_copy

    asked = library_copy._ranking

    def forgetful(store, query):
        return asked(store, query)[: 3 if "copy.db" in store.location else None]

    monkeypatch.setattr(library_copy, "_ranking", forgetful)
    done = run("copy", "--from", taught, "--to", f"sqlite:///{tmp_path}/copy.db")
    assert done.exit_code == 1
    assert "finds other photos in" in done.stderr and "magpie verify" in done.stderr


@pytest.mark.parametrize("command", [["search", "cat"], ["status"], ["verify"], ["index", "."],
                                     ["teach", "dog", "a.jpg"], ["words"], ["history"], ["undo"],
                                     ["export", "taught.jsonl"]])  # fmt: skip
def test_an_incomplete_copy_is_one_line_to_every_command(taught, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    target = f"sqlite:///{tmp_path}/copy.db"

    def die(*_):
        raise Conflict("dead")

    monkeypatch.setattr("indexer.moving.copy_store._finish", die)
    run("copy", "--from", taught, "--to", target)
    done = run(*command, "--store", target)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].startswith(f"magpie: {target} is an incomplete copy of")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "taught.jsonl").exists()


def test_wrong_usage_and_missing_places_are_one_line(tmp_path, taught):
    assert run("copy", "--from", taught).exit_code == 2
    for source, target in (("sqlite:///none.db", "sqlite:///a.db"), (taught, "ftp://a/b")):
        done = run("copy", "--from", source, "--to", target)
        assert done.exit_code == 1 and done.stderr.count("\n") == 1


def test_a_password_is_shown_nowhere(taught, elasticsearch_store_url, tmp_path):
    secret = elasticsearch_store_url.replace("http://", "http://ann:geheim@")
    back = tmp_path / "back.db"
    done = [
        run("copy", "--from", taught, "--to", secret, "--json"),
        run("copy", "--from", secret, "--to", f"sqlite:///{back}", "--json"),
        run("copy", "--from", secret, "--to", secret),
        run("copy", "--from", secret, "--to", f"sqlite:///{tmp_path}/no folder/\0.db"),
        run("copy", "--from", taught, "--to", "http://ann:geheim@127.0.0.1:1/photos"),
        run("search", "cat", "--store", secret),
    ]
    assert [one.exit_code for one in done] == [0, 0, 1, 1, 1, 0]
    assert not any("geheim" in one.output for one in done)
    for file in tmp_path.glob("back.db*"):
        assert file.is_dir() or b"geheim" not in file.read_bytes()
    host, _, name = elasticsearch_store_url.rpartition("/")
    with Elasticsearch(host) as client:
        assert "geheim" not in str(client.indices.get(index=f"{name}*"))


DIRECTIONS = [("sqlite", "elasticsearch"), ("elasticsearch", "sqlite"),
              ("sqlite", "sqlite"), ("elasticsearch", "elasticsearch")]  # fmt: skip
KILLS, LIBRARY = 2, 1_000
KINDS = 3
"""Photos, events and searches: of each there are as many."""


def start(source, target):
    command = [MAGPIE, "copy", "--from", source, "--to", target]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def held(url):
    """Photos, events and searches that are there; an index that is just being made holds none."""
    with closing(open_store(url)) as store, suppress(StoreAway):
        if store.identity.info():
            store.refresh()  # else Elasticsearch shows what is written after ten seconds
            return store.photos.count() + store.events.count() + store.searches.count()
    return 0


@pytest.mark.slow
@pytest.mark.parametrize("kinds", DIRECTIONS, ids="-to-".join)
def test_killed_again_and_again_a_copy_ends_with_everything_once(kinds, new_url):
    source, target = (new_url(kind) for kind in kinds)
    with closing(open_store(source)) as store:
        fill(store, LIBRARY)
    chance = random.Random(str(kinds))
    for _ in range(KILLS):
        whole = KINDS * LIBRARY
        wanted = min(held(target) + chance.randrange(whole), whole)
        copying = start(source, target)
        while copying.poll() is None and held(target) < wanted:
            time.sleep(0.01)
        copying.send_signal(signal.SIGKILL)
        copying.communicate()
    _, errors = start(source, target).communicate()
    assert b"Traceback" not in errors, errors
    with closing(open_store(source)) as one, closing(open_store(target)) as other:
        assert everything(other) == everything(one)
        assert other.identity.info() == one.identity.info()


@pytest.mark.slow
def test_an_interrupt_ends_quietly_with_130(new_url):
    source, target = new_url("sqlite"), new_url("sqlite")
    with closing(open_store(source)) as store:
        fill(store, 5000)
    copying = start(source, target)
    while copying.poll() is None and not held(target):
        time.sleep(0.01)
    copying.send_signal(signal.SIGTERM)
    _, errors = copying.communicate()
    assert copying.returncode == 130
    assert b"interrupted; what was done is kept" in errors and b"Traceback" not in errors


@pytest.mark.elasticsearch
def test_a_server_that_dies_costs_one_line_and_the_next_call_goes_on(tmp_path, new_url):
    source = new_url("sqlite")
    with closing(open_store(source)) as store:
        fill(store, LIBRARY)
    with elasticsearch_server.node(tmp_path) as (server, process):
        url = f"{server.replace('//', '//ann:geheim@')}/photos"
        copying = start(source, url)
        while copying.poll() is None and not held(url):
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        _, errors = copying.communicate()
        process.wait(60)
    assert copying.returncode == 1 and b"Traceback" not in errors
    last = errors.decode().splitlines()[-1]
    assert last.startswith("magpie: ") and "geheim" not in errors.decode()
    with elasticsearch_server.node(tmp_path) as (server, _):
        url = f"{server}/photos"
        again = start(source, url)
        assert again.communicate() and again.returncode == 0
        with closing(open_store(source)) as one, closing(open_store(url)) as other:
            assert everything(other) == everything(one)
