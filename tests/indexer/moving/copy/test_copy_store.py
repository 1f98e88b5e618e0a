"""A copy is the library, document for document, whatever happens while it is made."""

import tracemalloc
from dataclasses import replace
from types import SimpleNamespace

import pytest
from deaths import Dead
from hypothesis import given
from hypothesis import strategies as some
from moving_samples import event, everything, files_of, fill, searched, word
from store_samples import photos

from indexer.errors import BadValue, Conflict, NotFound, StoreAway
from indexer.moving import copy_store
from indexer.moving.copy_logs import copy_logs
from indexer.moving.copy_store import copy
from indexer.moving.pairs import pairs
from indexer.progress import Silence
from indexer.progress.run_lock import is_locked
from indexer.records import LeftOut, LinksOut, Neighbour
from indexer.stores import require_complete

COUNT = 300
"""More than a page of either store."""


@pytest.fixture
def library(stores):
    """A source with some of everything in it, and a target that is not there yet."""
    fill(stores[0], COUNT)
    return stores


def test_a_copy_is_the_library_document_for_document(library):
    source, target = library
    done = copy(source, target, Silence())
    assert everything(target) == everything(source)
    assert (done.changes.written, done.changes.removed) == (COUNT, 0)
    held = done.contents
    assert (held.photos, held.files, held.unreadable) == (COUNT, COUNT, 1)
    assert (held.events, held.words, held.searches) == (COUNT, 2, COUNT)
    assert target.identity.info() == source.identity.info()


def test_again_writes_nothing_and_leaves_all_as_it_is(library):
    source, target = library
    copy(source, target, Silence())
    before = target.photos.state()
    assert copy(source, target, Silence()).changes.written == 0
    assert target.photos.state() == before and everything(target) == everything(source)


def test_again_brings_what_came_to_the_source_meanwhile(library):
    source, target = library
    copy(source, target, Silence())
    change(source)
    numbers = [LeftOut("/photos", ".mp4", 4), LeftOut("/photos/a", ".xmp", 0)]
    source.files.left_out.put([*numbers, LeftOut("/new", ".txt", 1)])
    source.files.links_out.put([LinksOut("/photos", "/mnt/a", 4), LinksOut("/photos", "/mnt/b", 0)])
    done = copy(source, target, Silence())
    assert (done.changes.written, done.changes.removed) == (3, 1)
    assert everything(target) == everything(source)


def change(store):
    """What a run and people do: a photo comes, one goes, one moves, one is linked again."""
    moved, linked, gone, *_ = store.photos.scan()
    assert store.photos.put([replace(moved, paths=("/elsewhere/a.jpg",)), *photos(1, seed=7)]) == []
    store.lists.replace({linked.id: [Neighbour(moved.id, 0.25)]})
    store.photos.delete([gone.id])
    store.files.delete(gone.paths)
    store.files.put(files_of(photos(1, seed=7)))
    store.events.append([event(5000)])
    store.searches.append([searched(1)])
    store.learned.replace([word("zorbla")], store.events.state())
    store.refresh()


def dying(iterate, after):
    """Read on, and die after this many items."""

    def read(*given):
        for number, item in enumerate(iterate(*given)):
            if number == after:
                raise Dead
            yield item

    return read


def wrap_reading(patch, store, wrap):
    """Let `wrap(read)` stand for what reads all photos of a store, as they are or unpacked."""
    part, packed = store.photos, store.photos.packed

    def wrapped(target):
        pair = packed(target)
        return pair and SimpleNamespace(source=wrap(pair.source), target=pair.target, put=pair.put)

    patch.setattr(part, "scan", wrap(part.scan))
    patch.setattr(part, "packed", wrapped)


DEATHS = [
    ("photos", "scan", 0), ("photos", "scan", 7), ("photos", "scan", COUNT - 1),
    ("files", "read", 0), ("files", "read", 260),
]  # fmt: skip


def test_a_copy_that_died_goes_on_though_its_source_has_changed(library, monkeypatch):
    source, target = library
    for name, method, after in DEATHS:
        part = getattr(source, name)
        with monkeypatch.context() as patch, pytest.raises(Dead):
            if method == "scan":
                wrap_reading(patch, source, lambda read, after=after: dying(read, after))
            else:
                patch.setattr(part, method, dying(getattr(part, method), after))
            copy(source, target, Silence())
        with pytest.raises(Conflict, match="incomplete copy of"):
            require_complete(target)
    change(source)
    copy(source, target, Silence())
    assert everything(target) == everything(source)


def test_a_copy_that_died_before_it_said_that_it_was_complete_goes_on(library, monkeypatch):
    source, target = library
    for name in ("copy_logs", "_standing"):
        with monkeypatch.context() as patch, pytest.raises(Dead):
            patch.setattr(copy_store, name, lambda *_: next(dying(iter, 0)("x")))
            copy(source, target, Silence())
    assert copy(source, target, Silence()).changes.written == 0
    assert everything(target) == everything(source)


@pytest.fixture(params=["sqlite", "elasticsearch"])
def pair(request, open_new):
    """A library, and a target of each kind."""
    source = open_new("sqlite")
    fill(source, 5)
    return source, open_new(request.param)


def refused(source, target, *words):
    """Copy in vain: one line with all the words, and nothing is changed."""
    before = [store.identity.info() and everything(store) for store in (source, target)]
    with pytest.raises(Conflict) as raised:
        copy(source, target, Silence())
    message = str(raised.value)
    assert all(word in message for word in (*words, target.location)), message
    assert "\n" not in message and "--to" in message
    assert [store.identity.info() and everything(store) for store in (source, target)] == before


def test_a_library_is_not_written_over(pair):
    fill(pair[1], 3, seed=9)
    refused(*pair, "already a library of 3 photos")


def test_what_was_taught_to_a_library_that_is_gone_is_not_mixed_in(open_new, elasticsearch_url):
    from elasticsearch import Elasticsearch

    source, target = open_new("sqlite"), open_new("elasticsearch")
    fill(source, 3)
    fill(target, 3)
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.delete(index=f"{target.location.rpartition('/')[2]}-1")
    refused(source, target, "taught to another library")


def test_a_store_is_not_copied_into_itself_by_whatever_name(pair, open_new, tmp_path):
    source, target = pair
    refused(source, source, "itself")
    copy(source, target, Silence())
    refused(target, target, "itself")
    if target.is_remote:
        refused(target, open_new(target.location.replace("127.0.0.1", "localhost")), "itself")
    else:
        (tmp_path / "link.db").symlink_to(target.location.removeprefix("sqlite:///"))
        refused(target, open_new(f"sqlite:///{tmp_path}/link.db"), "itself")


def test_a_copy_of_another_library_is_refused(pair, open_new):
    source, target = pair
    copy(source, target, Silence())
    other = open_new("sqlite")
    fill(other, 2)
    refused(other, target, f"is a copy of {source.location} as it was then", "another library")


USES = {
    "indexed": lambda store: store.photos.put(photos(1, seed=8)),
    "taught": lambda store: store.events.append([event(77)]),
    "searched": lambda store: store.searches.append([searched(1)]),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_copy_that_was_used_is_a_library_of_its_own(pair, use):
    copy(*pair, Silence())
    use(pair[1])
    pair[1].refresh()
    refused(*pair, "was used after it was copied")


def test_without_a_library_nothing_is_made(open_new):
    source, target = open_new("sqlite"), open_new("sqlite")
    with pytest.raises(NotFound, match="--from"):
        copy(source, target, Silence())
    assert target.identity.info() is None


def test_an_incomplete_copy_is_not_copied(pair, open_new, monkeypatch):
    source, target = pair
    with monkeypatch.context() as patch, pytest.raises(Dead):
        wrap_reading(patch, source, lambda read: dying(read, 2))
        copy(source, target, Silence())
    with pytest.raises(Conflict, match="incomplete copy of"):
        copy(target, open_new("sqlite"), Silence())


def test_runs_of_this_machine_wait_meanwhile(pair, monkeypatch):
    source, target = pair
    seen = []

    def watched(read):
        def watch():
            seen.append([is_locked(store.location) for store in pair])
            yield from read()

        return watch

    wrap_reading(monkeypatch, source, watched)
    copy(source, target, Silence())
    assert seen == [[True, True]]
    assert not any(is_locked(store.location) for store in pair)


def meddling(store, changes):
    """Let reading be that of a library that another machine changes once for each of `changes`."""

    def meddle(read):
        def disturbed():
            yield from read()
            if changes:
                store.photos.put(photos(1, seed=changes.pop()))
                store.refresh()

        return disturbed

    return meddle


def test_what_another_machine_writes_meanwhile_is_copied_too(pair, monkeypatch):
    source, target = pair
    wrap_reading(monkeypatch, source, meddling(source, [20]))
    copy(source, target, Silence())
    assert target.photos.count() == 6 and everything(target) == everything(source)


def test_a_machine_that_writes_on_and_on_is_named_as_the_reason(pair, monkeypatch):
    source, target = pair
    wrap_reading(monkeypatch, source, meddling(source, [*range(30, 60)]))
    with pytest.raises(StoreAway, match="keeps writing"):
        copy(source, target, Silence())
    monkeypatch.undo()
    copy(source, target, Silence())
    assert everything(target) == everything(source)


def test_clicks_and_searches_that_come_meanwhile_disturb_nothing(pair, monkeypatch):
    source, target = pair

    def copy_slowly(source, target):
        source.events.append([event(90)])
        bad = copy_logs(source, target)
        source.events.append([event(91)])
        source.searches.append([searched(1)])
        source.learned.replace([word("griffin")], source.events.state())
        return bad

    with monkeypatch.context() as patch:
        patch.setattr(copy_store, "copy_logs", copy_slowly)
        copy(source, target, Silence())
    assert target.events.state() == 6 and source.events.state() == 7
    copy(source, target, Silence())
    assert everything(target) == everything(source)


def test_a_copy_that_lacks_something_is_noticed(pair, monkeypatch):
    monkeypatch.setattr(copy_store, "copy_logs", lambda *_: [])
    with pytest.raises(Conflict, match="has 0 events, its source 5"):
        copy(*pair, Silence())


@pytest.mark.elasticsearch
def test_a_photo_that_the_target_cannot_hold_is_named_and_all_others_are_copied(open_new):
    source, target = open_new("sqlite"), open_new("elasticsearch")
    good, bad = fill(source, 5)[:2]
    stored = source.photos.get([bad.id])[bad.id]
    source.photos.put(
        [replace(stored, camera="x" * 40_000)]
    )  # no keyword of Elasticsearch is as long
    with pytest.raises(BadValue, match=f"refused 1 photos, such as {bad.id} .*all others"):
        copy(source, target, Silence())
    target.refresh()
    assert target.photos.count() == 4 and good.id in target.photos.get([good.id])
    source.photos.put([replace(source.photos.get([bad.id])[bad.id], camera="x")])
    copy(source, target, Silence())
    assert everything(target) == everything(source)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_library(open_new, monkeypatch):
    # It builds what searches need, which is not part of copying.
    monkeypatch.setattr("indexer.stores.sqlite.store.SqliteStore.refresh", lambda _: None)
    peaks = []
    for count in (2500, 7500):  # more than two pages of everything: one is read before one goes
        source, target = open_new("sqlite"), open_new("sqlite")
        fill(source, count)
        tracemalloc.start()
        copy(source, target, Silence())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Three times the photos; how far the reader is ahead of the writer differs by a quarter.
    assert peaks[1] < 1.5 * peaks[0], peaks


KEYS = some.sets(some.text(max_size=3), max_size=20)


@given(wanted=KEYS, held=KEYS)
def test_pairs_are_all_keys_of_both_in_order_and_what_each_has(wanted, held):
    found = list(pairs(iter(sorted(wanted)), iter(sorted(held)), str))
    assert [key for key, _, _ in found] == sorted(wanted | held)
    assert {one for _, one, _ in found} - {None} == wanted
    assert {other for _, _, other in found} - {None} == held
    assert all(key in (one, other) for key, one, other in found)
    assert all(one in (key, None) and other in (key, None) for key, one, other in found)
