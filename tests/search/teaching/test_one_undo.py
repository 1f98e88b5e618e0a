"""Of those who undo one event at the same moment, one does and the others are told."""

import hashlib
import threading
from contextlib import ExitStack
from dataclasses import replace

import pytest

from indexer.errors import BadValue
from indexer.events import Event
from indexer.kinds import EventKind
from search.library import open_library
from search.teaching.log import Log

AT_ONCE = 6


def race(libraries, undo):
    """Undo in all libraries at once; return what each was told, None for success."""
    together, told = threading.Barrier(len(libraries)), []

    def go(library):
        together.wait()
        try:
            undo(library)
            told.append(None)
        except BadValue as error:
            told.append(str(error))

    threads = [threading.Thread(target=go, args=[library]) for library in libraries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.mark.parametrize("place", ["sqlite", "elasticsearch"], indirect=True)
def test_of_simultaneous_undos_exactly_one_succeeds(place):
    with ExitStack() as opened:
        libraries = [opened.enter_context(open_library(place)) for _ in range(AT_ONCE)]
        log = Log(libraries[0]._store.events)
        for number in range(3):
            click = Event(kind=EventKind.CLICK, user="ann", word=f"w{number}", good=("0b" * 16,))
            event = log.append(click)
            for library in libraries:
                library.history()  # all have seen that it was not undone
            told = race(libraries, lambda library, id=event.id: library.undo(id))
            assert told.count(None) == 1, told
            assert all("undone already" in one for one in told if one)
        undos = [one for one in libraries[0].history() if one.kind == EventKind.UNDO]
        assert len(undos) == 3


def test_an_undo_under_whose_id_something_else_stands_is_written_all_the_same(store):
    log = Log(store.events)
    click = Event(kind=EventKind.CLICK, user="ann", word="w", good=("0b" * 16,))
    event = log.append(click)
    id = hashlib.sha256(f"undo {event.id}".encode()).hexdigest()[:16]
    store.events.append([replace(click, id=id, time=event.time)])  # an import, say
    undo = log.undo(event, "ann")
    assert undo.id != id
    assert (undo.target, log.known().undone) == (event.id, {event.id})
