"""Uploaded examples outlive a change of the network: it is shown their thumbnails."""

import json
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from indexer.errors import BadValue, Conflict
from indexer.events import Event, Upload
from indexer.kinds import EventKind
from indexer.moving.reindex_examples import describe_examples
from indexer.network.describer import open_describer
from indexer.network.options import NetworkOptions
from indexer.records import StoreInfo
from indexer.stores.events import from_document, to_document
from search.likeness import QueryPhoto
from search.teaching.event_files import write_events
from search.teaching.vocabulary import Vocabulary

OTHER = StoreInfo("other", "0ther", 3)


@pytest.fixture(scope="module")
def describer():
    return open_describer(NetworkOptions("efficientnet_lite0"), None)


def from_another_network(upload, **changes):
    vector = np.array([0.6, 0.8, 0], np.float32)
    return replace(upload, vector=vector, labels=(), weights=OTHER.weights, **changes)


@pytest.fixture
def taught(library, store, outside):
    """The library with a word that was taught by an upload, which another network looked at."""
    (upload,) = library.teach("zorbla", [str(outside)]).uploads
    event = Event(
        id="e1",
        time="2024-05-01T12:00:00.000000Z",
        kind=EventKind.TEACH,
        user="ann",
        word="wugg",
        good=(upload.id,),
    )
    store.events.append([replace(event, uploads=(from_another_network(upload),))])
    return library


def test_an_upload_keeps_which_weights_saw_it(library, outside):
    (upload,) = library.teach("zorbla", [str(outside)]).uploads
    assert upload.weights == library.need_store().weights
    assert upload.fits(library.need_store()) and not upload.fits(OTHER)
    assert replace(upload, weights="").fits(library.need_store())  # as older events have it


def test_a_thumbnail_is_seen_nearly_as_the_picture_was(library, outside, describer):
    (upload,) = library.teach("zorbla", [str(outside)]).uploads
    older = Event(
        id="e1",
        time="2024-05-01T12:00:00.000000Z",
        kind=EventKind.TEACH,
        user="ann",
        word="w",
        good=(upload.id,),
    )
    log = Listed([replace(older, uploads=(from_another_network(upload),))])
    assert describe_examples(log, describer).described == 1
    (seen,) = log.events[-1].uploads
    assert seen.thumbnail == b"" and seen.weights == describer.info.weights
    assert float(seen.vector @ upload.vector) > 0.8
    assert {label.wnid for label in seen.labels[:3]} & {label.wnid for label in upload.labels[:3]}


class Listed:
    """An `EventLog` in memory."""

    def __init__(self, events):
        self.events = list(events)

    def read(self, after=0, skipped=None):
        yield from list(self.events)

    def append(self, events, restoring=False):
        self.events += events
        return {}


def test_examples_are_shown_once_and_those_without_a_thumbnail_are_named(
    library, outside, describer
):
    (upload,) = library.teach("zorbla", [str(outside)]).uploads
    bare = from_another_network(upload, thumbnail=b"", id="0" * 32, name="bare.jpg")
    event = Event(
        id="e1",
        time="2024-05-01T12:00:00.000000Z",
        kind=EventKind.TEACH,
        user="ann",
        word="w",
        good=(upload.id,),
    )
    log = Listed([replace(event, uploads=(from_another_network(upload), bare))])
    first = describe_examples(log, describer)
    assert (first.described, first.lost) == (1, ("bare.jpg",))
    again = describe_examples(log, describer)
    assert (again.described, again.lost, len(log.events)) == (0, ("bare.jpg",), 2)


def test_an_example_that_is_forgotten_meanwhile_is_not_written_back(
    library, store, outside, describer, monkeypatch
):
    (upload,) = library.teach("zorbla", [str(outside)]).uploads
    (taught,) = library.events()
    store.events.overwrite([replace(taught, uploads=(from_another_network(upload),))])
    append = store.events.append

    def late(events):
        library.forget_for_good("zorbla")
        return append(events)

    monkeypatch.setattr(store.events, "append", late)
    describe_examples(store.events, describer)
    events = list(store.events.read())
    assert EventKind.DESCRIBE in {one.kind for one in events}
    assert not [one for one in events if one.uploads] and list(store.events.verify()) == []


def test_a_word_is_ranked_by_what_the_new_network_sees(library, store, outside, describer):
    upload = library.look_at("up.png", outside.read_bytes())
    event = Event(
        id="e1",
        time="2024-05-01T12:00:00.000000Z",
        kind=EventKind.TEACH,
        user="ann",
        word="wugg",
        good=(upload.id,),
    )
    store.events.append([replace(event, uploads=(from_another_network(upload),))])
    assert not library.search("wugg").hits
    assert describe_examples(store.events, describer).described == 1
    assert len(library.search("wugg").hits) > 3
    vocabulary = library.vocabulary()
    both = [vocabulary.seen_by(info, vocabulary.lessons["wugg"]).uploads[upload.id].vector
            for info in (OTHER, library.need_store())]  # fmt: skip
    assert [len(vector) for vector in both] == [3, 1280]


def test_in_whatever_order_events_come_each_network_has_its_view():
    upload = Upload("f" * 32, "a.jpg", (), np.ones(1, np.float32), b"jpeg", "first")
    teach = Event(
        id="e1",
        time="1",
        kind=EventKind.TEACH,
        user="ann",
        word="w",
        good=(upload.id,),
        uploads=(upload,),
    )
    rename = Event(id="e2", time="2", kind=EventKind.RENAME, user="ann", word="w", target="x")
    later = replace(upload, vector=np.ones(2, np.float32), thumbnail=b"", weights="second")
    describe = Event(
        id="e3", time="3", kind=EventKind.DESCRIBE, user="magpie", target="second", uploads=(later,)
    )
    for order in permutations([teach, rename, describe]):
        vocabulary = Vocabulary()
        for event in order:
            vocabulary.apply(event)
        (lesson,) = vocabulary.copy().lessons.values()
        for weights, dimensions in (("first", 1), ("second", 2)):
            seen = vocabulary.seen_by(StoreInfo("m", weights, dimensions), lesson)
            assert len(seen.uploads[upload.id].vector) == dimensions
            assert seen.uploads[upload.id].thumbnail == b"jpeg"
        assert not vocabulary.seen_by(StoreInfo("m", "third", 2), lesson).uploads


def test_what_a_network_tells_is_no_deed_of_a_user(taught, store, describer):
    log = store.events
    weights = replace(describer.info, weights="third")
    describe = from_another_network(next(log.read()).uploads[0], thumbnail=b"")
    event = Event(
        id="e9",
        time="2024-05-01T12:00:00.000000Z",
        kind=EventKind.DESCRIBE,
        user="ann",
        target=weights.model,
    )
    log.append([replace(event, uploads=(describe,))])
    assert "describe" not in {entry.kind for entry in taught.history()}
    with pytest.raises(BadValue, match="not something that users did"):
        taught.undo("e9")
    assert taught.undo(user="ann").target == "e1"


def test_an_export_with_examples_of_two_networks_is_imported_where_one_fits(
    taught, home, magpie, outside
):
    file, alone = home / "all.jsonl", home / "alone.jsonl"
    write_events(file, taught.events())
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    alone.write_text("".join(f"{json.dumps(line)}\n" for line in lines if line["id"] == "e1"))
    with pytest.raises(BadValue, match=r"line 1 of .* only another network saw"):
        taught.import_(alone.read_bytes(), "the file")
    assert taught.import_(file.read_bytes(), "the file") == 0
    assert [to_document(from_document(line)) for line in lines] == lines


def test_an_example_of_a_network_of_before_is_asked_for_again(library, free_photos):
    stranger = QueryPhoto("up.png", np.ones(7, np.float32), None)
    with pytest.raises(Conflict, match=r"'up.png' was described before .* give it again"):
        library.similar(stranger)


def test_an_example_of_the_library_is_taken_as_it_is_now(library, store, photo_id):
    (photo,) = store.photos.get([photo_id("chelsea.png")]).values()
    stale = QueryPhoto("chelsea.png", np.ones(7, np.float32), photo)
    fresh = QueryPhoto("chelsea.png", photo.vector, photo)
    assert library.similar(stale, 5) == library.similar(fresh, 5)
