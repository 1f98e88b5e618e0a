"""A library that may not be written is searched all the same, and says so."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from indexer.stores import open_store
from search.commands import main
from search.library import open_library

POWERLESS = ["setpriv", "--bounding-set=-all"] if os.getuid() == 0 else []
"""Root may write everything, unless it gives up its capabilities."""

COMMANDS = """
import json, sys
from click.testing import CliRunner
from search.commands import main
done = [CliRunner().invoke(main, words) for words in json.load(sys.stdin)]
print(json.dumps([[one.exit_code, one.stdout, one.stderr] for one in done]))
"""

REQUESTS = """
import json, sys
from starlette.testclient import TestClient
from search.api.app import create_app
from search.library import open_library
url, photo = json.load(sys.stdin)
page = {"sec-fetch-site": "same-origin"}
with TestClient(create_app(open_library(url)), "http://localhost", headers=page) as client:
    answers = [
        client.get("/api/search?q=cat"),
        client.get("/api/status"),
        client.get(f"/api/photos/{photo}/similar"),
        client.get(f"/api/photos/{photo}/image?size=160"),
        client.post("/api/feedback", json={"query": "cat", "good": [photo]}),
        client.patch("/api/words/pet", json={"rename": "animal"}),
        client.delete("/api/words/pet"),
        client.delete("/api/words/pet/for-good"),
    ]
    print(json.dumps([[one.status_code, one.text if b"{" == one.content[:1] else ""]
                      for one in answers]))
"""

ROUTES = """
import json, sys, time
from starlette.testclient import TestClient
from search.api.app import create_app
from search.library import open_library
url, photo = json.load(sys.stdin)
page = {"sec-fetch-site": "same-origin"}
with TestClient(create_app(open_library(url)), "http://localhost", headers=page) as client:
    answers = [client.get(route.format(photo)).status_code for route in (
        "/healthz", "/metrics", "/api/photos/random", "/api/photos/{}",
        "/api/photos/{}/image", "/api/photos/{}/image?size=1280", "/api/facets?q=cat",
        "/api/search?q=cat&after=2001", "/api/search?q=pet&like={}", "/api/search?sort=newest",
        "/api/suggest?q=ca", "/api/words", "/api/feedback", "/api/export",
    )]
    answers.append(client.post("/api/photos/zip", json={"ids": [photo]}).status_code)
    while (ready := client.get("/readyz").status_code) == 503:  # words and index are loading
        time.sleep(0.1)
    answers.append(ready)
    print(json.dumps(answers))
"""
READING_ROUTES = 16


def closed(home):
    """Nothing in the folder may be written, nor anything put there."""
    for path in (*home.rglob("*"), home):
        if not path.is_symlink():
            path.chmod(0o555 if path.is_dir() else 0o444)
    return []


def only_file(home):
    """The file may not be written; others may lie beside it."""
    (home / "photos.db").chmod(0o444)
    return []


def mounted(home):
    """The folder is mounted to be read only, in a namespace of its own."""
    mount = f'mount --bind "{home}" "{home}" && mount -o remount,ro,bind "{home}" && exec "$@"'
    before = ["unshare", "-Urm", "sh", "-c", mount, "sh"]
    if subprocess.run([*before, "true"], capture_output=True).returncode:
        pytest.skip("no user namespaces here: nothing can be mounted")
    return before


@pytest.fixture(params=[closed, only_file, mounted])
def read_only(request, tmp_path, indexed_photos):
    """A taught library that may not be written; its folder, and what runs a program so."""
    if POWERLESS and not shutil.which("setpriv"):
        pytest.skip("root cannot give up its rights without setpriv")
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(indexed_photos / "photos.db", home)
    (home / "photos").symlink_to(indexed_photos / "photos")
    with open_library(store_in(home)) as library:
        library.teach("pet", [library.search("cat").hits[0].id])
    if request.param is closed:  # what was made before is used
        assert list(home.glob("*.labels*"))
    with permissions_kept(home):
        before = request.param(home)
        yield home, before or POWERLESS


@contextmanager
def permissions_kept(home):
    """Let pytest remove the folder afterwards."""
    try:
        yield
    finally:
        home.chmod(0o755)
        for path in home.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)


def run(before, code, question):
    command = [*before, sys.executable, "-W", "ignore", "-c", code]
    text = json.dumps(question)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def store_in(home):
    return f"sqlite:///{home}/photos.db"


def content(home):
    return {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}


def reading(photo, folder):
    """Commands that work, with files in a folder of their own."""
    (folder / "truth.csv").write_text(f"path,category\n{photo.name},thing\n")
    (folder / "queries.csv").write_text("query,categories\ncat,thing\n")
    return [
        ["search", "cat", "--json"],
        ["search", "pet", "--json"],
        ["status", "--json"],
        ["status"],
        ["similar", str(photo)],
        ["words"],
        ["history"],
        ["verify"],
        ["verify", "--files"],
        ["facets"],
        ["facets", "cat"],
        ["search", "after:2001", "--json"],
        ["search", "cat", "--like", str(photo), "--sort", "newest"],
        ["export", f"{folder}/taught.jsonl"],
        ["evaluate", f"{folder}/truth.csv", "--queries", f"{folder}/queries.csv"],
    ]


def writing(photo, folder):
    """Commands that do not."""
    return [
        ["index", str(photo.parent)],
        ["teach", "dog", str(photo)],
        ["feedback", "dog", "--good", str(photo)],
        ["undo"],
        ["rename", "pet", "animal"],
        ["merge", "pet", "animal"],
        ["forget", "pet"],
        ["import", f"{folder}/taught.jsonl"],
        ["reindex", "--model", "inception_v3"],
    ]


def test_commands_that_read_work_and_write_nothing(read_only, tmp_path, networks):
    home, before = read_only
    asked = reading(next((home / "photos").iterdir()), tmp_path)
    was = content(home)
    done = run(before, COMMANDS, [[*words, "--store", store_in(home)] for words in asked])
    for words, (code, _, errors) in zip(asked, done, strict=True):
        assert code == 0, (words, errors)
        if words[0] != "evaluate":
            assert errors.count("is read-only: searches are not logged") == 1, words
    assert all(json.loads(output)["hits"] for _, output, _ in done[:2])
    assert json.loads(done[2][1])["read_only"] is True
    assert "read-only" in done[3][1]
    assert was.items() <= content(home).items()
    assert not list(home.glob("photos.db-*"))


def test_commands_that_write_name_the_file_and_what_to_do(read_only, tmp_path, networks):
    home, before = read_only
    asked = writing(next((home / "photos").iterdir()), tmp_path)
    done = run(before, COMMANDS, [[*words, "--store", store_in(home)] for words in asked])
    for words, (code, output, errors) in zip(asked, done, strict=True):
        assert (code, output, errors.count("\n")) == (1, "", 1), words
        assert f"{home}/photos.db is read-only: change the permissions" in errors, words


@pytest.fixture
def full(tmp_path, indexed_photos):
    """A taught library on a disk without a free byte; its folder, and what runs a program so."""
    home, kept = tmp_path / "home", tmp_path / "kept"
    home.mkdir()
    kept.mkdir()
    shutil.copy(indexed_photos / "photos.db", kept)
    (kept / "photos").symlink_to(indexed_photos / "photos")
    with open_library(store_in(kept)) as library:
        library.teach("pet", [library.search("cat").hits[0].id])
        library.search("pet")
        library.similar(library.search("cat").hits[0].id)
    for log in kept.glob("photos.db-*"):
        assert log.stat().st_size == 0
    size = sum(file.stat().st_size + 8192 for file in kept.rglob("*") if file.is_file())
    mount = (
        f'mount -t tmpfs -o size={size} tmpfs "{home}" && cp -a "{kept}/." "{home}" && '
        f'{{ cat /dev/zero > "{home}/rest" 2> /dev/null; exec "$@"; }}'
    )
    before = ["unshare", "-Urm", "sh", "-c", mount, "sh"]
    if not shutil.which("unshare") or subprocess.run([*before, "true"], check=False).returncode:
        pytest.skip("no user namespaces here: nothing can be mounted")
    return home, before


def test_commands_that_read_work_on_a_full_disk(full, tmp_path, networks):
    """Fails without `immutable`: SQLite cannot even read where it finds no room for its index."""
    home, before = full
    photo = next((tmp_path / "kept" / "photos").iterdir())
    asked = [words for words in reading(photo, tmp_path) if words[0] != "evaluate"]
    asked += [["feedback", "cat", "--good", str(photo)], ["search", "pet", "--json"]]
    done = run(before, COMMANDS, [[*words, "--store", store_in(home)] for words in asked])
    *read, clicked, again = done
    for words, (code, output, errors) in zip(asked, read, strict=False):
        assert code == 0, (words, output, errors)
    assert json.loads(read[1][1])["hits"] == json.loads(again[1])["hits"] != []
    assert len((tmp_path / "taught.jsonl").read_text().splitlines()) == 1
    code, output, errors = clicked
    assert (code, output, errors.count("\n")) == (1, "", 1)
    assert "full" in errors or "no space left" in errors


def test_the_api_searches_on_a_full_disk(full, networks, tmp_path):
    home, before = full
    store = open_store(store_in(tmp_path / "kept"))
    photo = min(one.id for one in store.photos.scan())
    store.close()
    answers = run(before, REQUESTS, [store_in(home), photo])
    assert [status for status, _ in answers] == [200, 200, 200, 200, *[503] * 4]


def test_every_route_that_reads_works_on_a_full_disk(full, networks, tmp_path):
    home, before = full
    answers = run(before, ROUTES, [store_in(home), any_photo(store_in(tmp_path / "kept"))])
    assert answers == [200] * READING_ROUTES


def test_every_route_that_reads_works_where_nothing_may_be_written(read_only, networks):
    home, before = read_only
    answers = run(before, ROUTES, [store_in(home), any_photo(store_in(home))])
    assert answers == [200] * READING_ROUTES


def copying(home, folder):
    """Commands that read the library and write another one."""
    return [
        ["copy", "--from", store_in(home), "--to", store_in(folder / "copied")],
        ["salvage", store_in(home), store_in(folder / "salvaged")],
        ["search", "cat", "--json", "--store", store_in(folder / "copied")],
        ["search", "cat", "--json", "--store", store_in(folder / "salvaged")],
    ]


def test_a_library_that_may_not_be_written_is_copied(read_only, tmp_path, networks):
    home, before = read_only
    done = run(before, COMMANDS, copying(home, tmp_path))
    assert [(code, errors) for code, _, errors in done if code] == []
    hits = [json.loads(output)["hits"] for _, output, _ in done[2:]]
    assert hits[0] == hits[1] != []


def test_a_library_on_a_full_disk_is_copied_to_another_one(full, tmp_path, networks):
    home, before = full
    done = run(before, COMMANDS, copying(home, tmp_path))
    assert [(code, errors) for code, _, errors in done if code] == []


def any_photo(url):
    store = open_store(url)
    id = min(one.id for one in store.photos.scan())
    store.close()
    return id


def test_an_elasticsearch_library_that_refuses_writes_is_searched(
    elasticsearch_store_url, elasticsearch_url, tmp_path, free_photos, networks
):
    from elasticsearch import Elasticsearch

    def magpie(*words):
        return CliRunner().invoke(main, [*words, "--store", elasticsearch_store_url])

    photo = shutil.copy(free_photos[0], tmp_path)
    for words in (["index", str(tmp_path)], ["teach", "pet", photo], ["search", "pet"]):
        assert magpie(*words).exit_code == 0
    with Elasticsearch(elasticsearch_url) as client:
        name = elasticsearch_store_url.rpartition("/")[2]
        for index in client.indices.get(index=f"{name}*", features="aliases"):
            client.indices.put_settings(index=index, settings={"index.blocks.write": True})
    for words in (["search", "pet"], ["similar", photo], ["status"], ["history"]):
        assert magpie(*words).exit_code == 0, words
    refused = magpie("feedback", "pet", "--good", photo)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "refuses writes: lift its index.blocks.* settings" in refused.stderr


def test_the_api_searches_and_refuses_to_learn(read_only, networks):
    home, before = read_only
    url = store_in(home)
    store = open_store(url)
    photo = min(one.id for one in store.photos.scan())
    store.close()
    answers = run(before, REQUESTS, [url, photo])
    assert [status for status, _ in answers] == [200, 200, 200, 200, *[403] * 4]
    assert json.loads(answers[1][1])["read_only"] is True
    error = json.loads(answers[4][1])["error"]
    assert error["code"] == "read_only"
    assert "read-only" in error["message"]
