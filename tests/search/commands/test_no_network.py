"""No command uses the network unless it says so: all of them work where there is none.

They run in a namespace without a network where the system allows that, and in every case with
sockets that note whom they were to reach, as a library may swallow the error.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from search.commands import main

pytestmark = pytest.mark.slow

ASKED_FOR = {"kibana"}
"""Commands that are about a server."""

GUARD = """
import json, os, socket, sys
LOCAL = (getattr(socket, "AF_UNIX", None),)
def note(what):
    with open(os.environ["NOTED"], "a") as noted:
        noted.write(f"{what}\\n")
def refuse(event, values):
    if event in ("socket.connect", "socket.sendto") and values[0].family not in LOCAL:
        note(f"{event} {values[1]}")
        raise OSError(101, "no network here")
    if event in ("socket.getaddrinfo", "socket.gethostbyname") and values[0] not in (
        None, "", "localhost", "127.0.0.1", "::1", socket.gethostname()
    ):
        note(f"{event} {values[0]}")
        raise socket.gaierror(-3, "no network here")
sys.addaudithook(refuse)
"""

RUN = """
import json, sys
from click.testing import CliRunner
from search.commands import main
done = [CliRunner().invoke(main, words) for words in json.load(sys.stdin)]
print(json.dumps([[one.exit_code, one.output] for one in done]))
"""

SERVE = """
import signal, socket, sys, threading
from search.api import server
from search.api.settings import Settings
from search.library import open_library
with server.listen("127.0.0.1", 0) as (listening, url), open_library(sys.argv[1]) as library:
    threading.Timer(3, signal.raise_signal, [signal.SIGINT]).start()
    try:
        server.run(library, Settings(), listening)
    except KeyboardInterrupt:
        print("[]")
"""


@pytest.fixture
def cut_off(tmp_path, monkeypatch):
    """Run a program without a network; return what it printed and whom it wanted to reach."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    noted = tmp_path / "noted"
    noted.touch()
    root = Path(__file__).parents[3]
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'guard'}:{root}")
    monkeypatch.setenv("NOTED", str(noted))
    alone = ["unshare", "-Urn", "sh", "-c", 'ip link set lo up 2> /dev/null; exec "$@"', "sh"]
    can = shutil.which("unshare") and not subprocess.run([*alone, "true"], check=False).returncode

    def run(code, *words, question="", isolated=True):
        command = [sys.executable, "-W", "ignore", "-c", code, *words]
        command = [*alone, *command] if can and isolated else command
        done = subprocess.run(command, input=question, capture_output=True, text=True, check=False)
        return done, noted.read_text()

    return run


def commands(home, photos, url):
    """Every command, in an order in which each works."""
    (home / "truth.csv").write_text(f"path,category\n{photos}/chelsea.png,cat\n")
    (home / "queries.csv").write_text("query,categories\ncat,cat\n")
    (home / "filter.csv").write_text("path\nchelsea.png\n")
    one, taught = f"{photos}/chelsea.png", f"{home}/taught.jsonl"
    on = ["--store", url]
    return [
        ["index", str(photos), *on],
        ["search", "cat", *on],
        ["similar", one, *on],
        ["facets", "near:Lisbon", *on],
        ["status", *on],
        ["verify", *on],
        ["evaluate", f"{home}/truth.csv", "--queries", f"{home}/queries.csv", *on],
        ["teach", "griffin", one, *on],
        ["feedback", "griffin", "--good", one, *on],
        ["undo", *on],
        ["history", *on],
        ["words", *on],
        ["rename", "griffin", "sphinx", *on],
        ["teach", "golem", one, *on],
        ["merge", "golem", "sphinx", *on],
        ["export", taught, *on],
        ["import", taught, *on],
        ["forget", "sphinx", *on],
        ["forget", "sphinx", "--for-good", *on],
        ["labels", one, *on],
        ["features", str(photos), f"{home}/features.npz", *on],
        ["distances", f"{home}/features.npz", f"{home}/distances", "euclidean", "2"],
        ["copy-files", f"{home}/filter.csv", str(photos), f"{home}/copied"],
        ["reindex", "--model", "efficientnet_lite0", "--looks", "1", *on],
        ["copy", "--from", url, "--to", f"sqlite:///{home}/copy.db"],
        ["salvage", url, f"sqlite:///{home}/salvaged.db"],
    ]


def test_every_command_works_without_a_network(cut_off, tmp_path, free_photos, networks):
    home = tmp_path / "home"
    (home / "photos").mkdir(parents=True)
    for photo in free_photos[:3]:
        shutil.copy(photo, home / "photos")
    if not (home / "photos" / "chelsea.png").exists():
        shutil.copy(next(one for one in free_photos if one.name == "chelsea.png"), home / "photos")
    asked = commands(home, home / "photos", f"sqlite:///{home}/photos.db")
    assert {words[0] for words in asked} | ASKED_FOR | {"serve"} == set(main.commands)
    done, noted = cut_off(RUN, question=json.dumps(asked))
    assert done.returncode == 0, done.stderr
    for words, (code, output) in zip(asked, json.loads(done.stdout.splitlines()[-1]), strict=True):
        assert code == 0, (words, output)
    assert noted == ""


def test_the_server_asks_nobody(cut_off, tmp_path, indexed_photos):
    shutil.copy(indexed_photos / "photos.db", tmp_path)
    done, noted = cut_off(SERVE, f"sqlite:///{tmp_path}/photos.db", isolated=False)
    assert done.returncode in (0, -2, 130), done.stderr
    assert noted == ""


def test_the_guard_notes_whoever_is_asked(cut_off):
    """Without which the tests above could not fail."""
    reach = "import urllib.request; urllib.request.urlopen('http://192.0.2.1:9/x')"
    done, noted = cut_off(reach)
    assert done.returncode == 1 and "192.0.2.1" in noted
    done, noted = cut_off("import socket; socket.getaddrinfo('example.com', 80)")
    assert done.returncode == 1 and "example.com" in noted
