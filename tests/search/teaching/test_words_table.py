"""The table of learned words, which people's own queries and Kibana read, follows the log."""

import shutil
from contextlib import closing

from indexer.errors import StoreAway
from indexer.stores import open_store
from search.library import open_library


def table(url):
    with closing(open_store(url)) as store:
        return {one.word: one for one in store.learned.read()}


def test_the_table_follows_whatever_is_taught(url, magpie, photo_id, outside):
    cat, coffee = photo_id("chelsea.png"), photo_id("coffee.png")
    magpie("teach", "zorbla", cat, str(outside), "--not", coffee)
    magpie("feedback", "zorbla", "--good", cat, "--user", "ann")
    zorbla = table(url)["zorbla"]
    assert (zorbla.good, zorbla.bad, zorbla.uploads, zorbla.users) == (2, 1, 1, 2)
    assert zorbla.examples[0] == cat and len(zorbla.examples) == 2  # most votes first
    magpie("rename", "zorbla", "wugg")
    assert table(url).keys() == {"wugg"}
    magpie("forget", "wugg")
    assert table(url) == {}
    magpie("undo")
    assert table(url)["wugg"].examples == zorbla.examples


def test_an_imported_vocabulary_is_in_the_table(url, home, magpie, photo_id, tmp_path):
    shutil.copy(home / "photos.db", home / "other.db")
    magpie("teach", "zorbla", photo_id("chelsea.png"))
    magpie("export", str(tmp_path / "taught.jsonl"))
    with open_library(f"sqlite:///{home}/other.db") as other:
        other.import_((tmp_path / "taught.jsonl").read_bytes(), "the file")
    assert table(f"sqlite:///{home}/other.db") == table(url) != {}


def test_many_clicks_write_the_table_once(library, store, photo_id, monkeypatch):
    written = []
    monkeypatch.setattr(type(store.learned), "replace", lambda self, *a: written.append(a))
    for _ in range(5):
        library.feedback("zorbla", good=[photo_id("chelsea.png")])
    library.flush()
    library.flush()
    ((learned, state),) = written
    assert [one.word for one in learned] == ["zorbla"] and state == 5


def test_a_table_that_cannot_be_written_keeps_nobody_from_teaching(
    library, store, photo_id, monkeypatch
):
    def away(*_):
        raise StoreAway("full")

    monkeypatch.setattr(type(store.learned), "replace", away)
    library.feedback("zorbla", good=[photo_id("chelsea.png")])
    library.flush()
    assert library.vocabulary().lessons.keys() == {"zorbla"}
