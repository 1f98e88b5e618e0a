"""The command that the page tells a new user fills the library that the page shows."""

import shlex

from indexer.derived.locations import default_store
from search.api.index_command import COMMAND_VARIABLE, index_command


def test_the_store_is_named_unless_it_is_the_default(monkeypatch):
    monkeypatch.delenv(COMMAND_VARIABLE, raising=False)
    assert index_command(default_store()) == "magpie index ~/Pictures"
    told = index_command("sqlite:////srv/my photos.db")
    assert shlex.split(told)[2:4] == ["--store", "sqlite:////srv/my photos.db"]


def test_whoever_starts_the_server_may_know_better(monkeypatch):
    monkeypatch.setenv(COMMAND_VARIABLE, "docker compose run --rm magpie index /photos")
    assert index_command("http://elasticsearch:9200/photos").startswith("docker compose run ")


def test_status_tells_it(client):
    status = client.get("/api/status").json()
    assert status["index_command"] == index_command(status["store"])
