"""What every store promises about the feedback log: the docstrings of `EventLog`, run on each."""

import subprocess
import sys
import threading
from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import photos

from indexer.errors import NotFound
from indexer.events import Event, Upload
from indexer.kinds import EventKind
from indexer.records import Label
from indexer.stores import open_store
from indexer.stores.events import from_document, to_document

TIME = "2024-05-01T12:00:00.000000Z"


def event(number: int, **fields) -> Event:
    return Event(
        id=f"{number:016x}",
        time=TIME,
        kind=EventKind.CLICK,
        user="anonymous",
        word="griffin",
        **fields,
    )


def upload() -> Upload:
    vector = np.linspace(-1, 1, 16, dtype=np.float32)
    return Upload("0a" * 16, "b.jpg", (Label("n02391049", 0.5),), vector, b"\xff\xd8\x00jpeg")


def test_a_new_store_has_no_events(store):
    assert list(store.events.read()) == [] and store.events.state() == 0


def test_a_store_that_is_not_there_has_no_events_and_takes_none(store_url):
    missing = open_store(store_url)
    assert list(missing.events.read()) == [] and missing.events.state() == 0
    with pytest.raises(NotFound, match="magpie index"):
        missing.events.append([event(1)])
    missing.close()


def test_events_come_back_as_they_were_in_the_order_of_their_numbers(store):
    given = [
        event(3, good=("a", "b"), bad=("c",), shown=("a", "b", "c"), query="Griffins!"),
        replace(event(1), kind="rename", target="gryphon"),
        event(2, good=("0a" * 16,), uploads=(upload(),)),
    ]
    store.events.append(given)
    found = list(store.events.read())
    assert found == given
    assert [one.number for one in found] == sorted({one.number for one in found})
    assert np.array_equal(found[2].uploads[0].vector, upload().vector)
    assert found[2].uploads[0].vector.dtype == np.float32


def test_an_event_that_is_there_is_ignored(store):
    store.events.append([event(1)])
    state = store.events.state()
    assert store.events.count() == 1
    store.events.append([event(1, good=("other",))])
    assert list(store.events.read()) == [event(1)] and store.events.state() == state


def test_the_state_grows_with_every_event_and_is_seen_by_others(store, open_again):
    other = open_again()
    states = [other.events.state()]
    for number in range(3):
        store.events.append([event(number)])
        states.append(other.events.state())
    assert states == sorted(set(states))
    assert len(list(other.events.read())) == 3


def test_reading_after_a_number_gives_at_least_what_is_newer(store):
    store.events.append(event(number) for number in range(5))
    third = list(store.events.read())[2]
    ids = [one.id for one in store.events.read(third.number)]
    assert ids[-2:] == [event(3).id, event(4).id]


def test_many_events_come_in_order(store):
    given = [event(number) for number in range(2500)]
    store.events.append(given)
    assert list(store.events.read()) == given


def test_events_outlive_the_object_that_wrote_them(store_url, store, open_again):
    store.events.append([event(1)])
    store.close()
    assert list(open_again().events.read()) == [event(1)]


def test_events_leave_photos_and_their_state_alone(store):
    store.photos.put(photos(3))
    state = store.photos.state()
    store.events.append([event(1)])
    store.refresh()
    assert store.photos.state() == state and store.photos.count() == 3


def test_the_state_of_photos_changes_with_each_write(store):
    states = [store.photos.state()]
    some = photos(3)
    store.photos.put(some)
    states.append(store.photos.state())
    store.lists.replace({some[0].id: ()})
    states.append(store.photos.state())
    store.photos.delete([some[0].id])
    states.append(store.photos.state())
    assert len(set(states)) == 4 and store.photos.state() == states[-1]


def test_threads_lose_nothing(store):
    def write(first: int) -> None:
        for number in range(first, first + 20):
            store.events.append([event(number)])

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.id for one in store.events.read()}) == 60


def test_two_processes_at_once_lose_nothing(store, store_url):
    code = (
        "import sys; from indexer.kinds import EventKind; from indexer.events import Event\n"
        "from indexer.stores import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "for number in range(25):\n"
        f"    event = Event(id=sys.argv[2] + str(number), time={TIME!r}, kind=EventKind.CLICK,\n"
        "                  user='a', word='w')\n"
        "    store.events.append([event])"
    )
    command = [sys.executable, "-c", code, store_url]
    running = [subprocess.Popen([*command, name]) for name in ("left", "right")]
    assert [process.wait(120) for process in running] == [0, 0]
    assert len({one.id for one in store.events.read()}) == 50


texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20)
some_ids = st.lists(texts, max_size=4).map(tuple)
any_event = st.builds(
    Event,
    id=st.uuids(version=4).map(str),
    time=st.just(TIME),
    kind=st.sampled_from(["click", "teach", "forget", "merge"]),
    user=texts.filter(bool),
    word=texts.filter(bool),
    query=texts,
    good=some_ids,
    bad=some_ids,
    shown=some_ids,
    target=texts.filter(bool),  # merging into nothing is refused: see test_bad_events_contract.py
    uploads=st.sampled_from([(), (upload(),)]),
)


@given(any_event)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_event_comes_back(store, written):
    written = replace(written, id=uuid4().hex)  # examples share the store, ids are never reused
    store.events.append([written])
    # the store numbers events as they come
    assert written in [replace(read, number=written.number) for read in store.events.read()]


@given(any_event)
def test_a_document_gives_its_event_back(written):
    assert from_document(to_document(written)) == written


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": ""}, "'id' is missing"),
        ({"kind": "like"}, "unknown kind 'like'"),
        ({"time": "yesterday"}, "time 'yesterday' is not like"),
        ({"word": ""}, "'word' is missing"),
        ({"word": 1}, "'word' is not text"),
        ({"good": "a"}, "'good' is not a list"),
        ({"good": [1]}, "'good' is not a list of texts"),
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"uploads": [{"id": "a"}]}, "uploaded example is damaged"),
        (
            {"uploads": [{"id": "a", "name": "b", "labels": {}, "vector": "?", "thumbnail": ""}]},
            "uploaded example is damaged",
        ),
        ({"kind": "undo"}, "'target' is missing"),
    ],
)
def test_a_document_that_is_no_event_is_refused_with_the_reason(change, reason):
    with pytest.raises(ValueError, match=reason):
        from_document(to_document(event(1)) | change)


def test_what_a_process_wrote_need_not_be_read_again_and_others_see_it(store, open_again):
    """On a server, making a write visible to searches takes longer than the write."""
    numbers = store.events.append([event(1), event(2)])
    read = {one.id: one.number for one in open_again().events.read()}
    assert set(read) == {event(1).id, event(2).id}
    assert numbers == (read if store.is_remote else dict.fromkeys(read, 0))
    assert store.events.state() == max(read.values()) and store.events.count() == 2
    assert store.events.append([event(2)]) == {}
