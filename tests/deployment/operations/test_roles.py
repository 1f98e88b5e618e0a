"""mappings/roles: valid, enough for the commands they are for, and nothing beyond."""

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tls_proxy
from click.testing import CliRunner
from privileges import Gate, Role
from pydantic import ValidationError

import mappings
from indexer.records import StoreInfo
from indexer.stores import open_store
from search.commands import main

FOLDER = Path(mappings.__file__).parent / "roles"
NAMES = ("reader", "teacher", "indexer", "reindexer")


def role(name, store="photos"):
    """A role of the files for another store, as its administrator would write it."""
    text = (FOLDER / f"{name}.json").read_text("utf-8")
    for quote in ('"', '"/'):
        text = text.replace(f"{quote}photos", f"{quote}{store}")
    return Role.model_validate_json(text)


@pytest.mark.parametrize("name", NAMES)
def test_a_role_is_what_elasticsearch_takes(name):
    made = role(name)
    assert made.cluster == [] and made.run_as == []
    assert made.indices and all(one.names and one.privileges for one in made.indices)


def test_a_role_that_elasticsearch_would_refuse_is_noticed():
    with pytest.raises(ValidationError):
        Role.model_validate({"indices": [{"names": ["photos"], "privileges": ["writing"]}]})


class Workplace:
    """Commands that pass the gate, each on a machine that has cached nothing of the server."""

    def __init__(self, proxy, store, folder, monkeypatch, new_cache):
        self.proxy, self.store, self.folder, self.patch = proxy, store, folder, monkeypatch
        self.new_cache = new_cache
        self.caches = iter(range(1000))

    def gate(self, *names):
        gate = Gate([role(name, self.store) for name in names])
        self.proxy.refuse = gate.refuse
        return gate

    def run(self, *words):
        cache = self.new_cache(self.folder / f"cache-{next(self.caches)}")
        self.patch.setenv("MAGPIE_CACHE", str(cache))
        return CliRunner().invoke(main, [*words, "--store", f"{self.proxy.url}/{self.store}"])

    def done(self, *words):
        done = self.run(*words)
        assert done.exit_code == 0, done.output

    def refused(self, *words):
        done = self.run(*words)
        assert done.exit_code == 1 and done.stderr.count("\n") == 1
        assert "refuses this user" in done.stderr
        # An answer to HEAD has no body that could give a reason.
        assert "unauthorized" in done.stderr or "no reason given" in done.stderr


@pytest.fixture
def workplace(elasticsearch_store_url, tmp_path, monkeypatch, new_cache):
    server, _, store = elasticsearch_store_url.rpartition("/")
    with tls_proxy.before(server, tmp_path, tls=False) as proxy:
        yield Workplace(proxy, store, tmp_path, monkeypatch, new_cache)


def test_each_role_is_enough_for_its_commands_and_grants_nothing_else(workplace, photos):
    (first, second, *_) = sorted(str(photo) for photo in photos.iterdir())
    used = {}

    gate = workplace.gate("reader", "indexer")
    workplace.done("index", str(photos))
    shutil.copy(first, photos / "copy.png")
    Path(second).rename(photos / "moved.png")
    Path(photos / "new.txt").write_text("no photo")
    workplace.done("index", str(photos))
    (photos / "moved.png").unlink()
    workplace.done("index", str(photos), "--prune")
    workplace.refused("teach", "zorbla", first)
    used["indexer"] = gate.needed

    gate = workplace.gate("reader", "teacher")
    for words in (["teach", "zorbla", first], ["feedback", "cat", "--good", first], ["undo"],
                  ["rename", "zorbla", "wugg"], ["words"], ["forget", "wugg"]):  # fmt: skip
        workplace.done(*words)
    shutil.copy(first, workplace.folder / "another.png")  # else there is nothing to write
    workplace.refused("index", str(photos / ".."))
    used["teacher"] = gate.needed

    gate = workplace.gate("reader")
    for words in (["search", "animal"], ["search", "animal", "--like", first], ["status"],
                  ["similar", first], ["verify"], ["words"], ["history"],
                  ["search", "zorbla"], ["search", "animal", "--explain-query"]):  # fmt: skip
        workplace.done(*words)
    workplace.refused("feedback", "cat", "--good", first)
    place = f"{workplace.proxy.url}/{workplace.store}"
    out = ["copy", "--from", place, "--to", f"sqlite:///{workplace.folder}/copy.db"]
    done = CliRunner().invoke(main, out)
    assert done.exit_code == 0, done.output
    used["reader"] = gate.needed | {(f"{workplace.store}-words", "read")}  # for people and Kibana

    for name, needed in used.items():
        assert role(name, workplace.store).grants() <= needed, f"{name} grants too much"


def put_an_earlier_network_in(url):
    """Let the photos of a store be those of a network of before."""
    with closing(open_store(url)) as store:
        earlier = store.renewal.next()
        earlier.identity.create(StoreInfo("earlier", "0" * 64, 8))
        vector = np.full(8, 8**-0.5, np.float32)
        earlier.photos.put(
            replace(photo, vector=vector, version=None) for photo in store.photos.scan()
        )
        earlier.files.put(store.files.read())
        store.renewal.swap()
        store.renewal.drop_old()


def test_another_network_needs_a_role_of_its_own(workplace, photos, elasticsearch_store_url):
    again = ["reindex", "--model", "efficientnet_lite0"]
    workplace.gate("reader", "indexer")
    workplace.done("index", str(photos))
    put_an_earlier_network_in(elasticsearch_store_url)
    workplace.refused(*again)
    gate = workplace.gate("reader", "indexer", "reindexer")
    first, second, *_ = sorted(photos.iterdir())
    first.unlink()
    done = workplace.run(*again)
    assert done.exit_code == 1 and "1 of 4 photos can no longer be read" in done.stderr
    second.unlink()
    workplace.done(*again, "--prune")
    workplace.done("reindex", "--drop-old")
    workplace.done("search", "animal")
    assert role("reindexer", workplace.store).grants() <= gate.needed


def test_whoever_indexes_and_teaches_may_copy_into_a_store(workplace, indexed_photos, monkeypatch):
    source = f"sqlite:///{indexed_photos}/photos.db"

    def run():
        monkeypatch.setenv("MAGPIE_COPY_TO", f"{workplace.proxy.url}/{workplace.store}")
        return CliRunner().invoke(main, ["copy", "--from", source])

    workplace.gate("reader", "teacher")
    failed = run()
    assert failed.exit_code == 1 and "refuses this user" in failed.stderr
    workplace.gate("reader", "teacher", "indexer")
    done = run()
    assert done.exit_code == 0, done.output


def test_without_any_role_everything_is_refused_in_one_line(workplace, photos):
    workplace.gate()
    for words in (["index", str(photos)], ["search", "cat"], ["status"], ["words"]):
        workplace.refused(*words)
