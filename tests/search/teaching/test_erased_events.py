"""Events that were removed for good stay removed; an undo that was sent twice is one."""

from dataclasses import replace

import pytest
from test_log import ListLog, click

from indexer.errors import BadValue
from indexer.events import Event
from indexer.kinds import EventKind
from search.teaching.log import Log


def erase(*ids):
    return Event(kind=EventKind.ERASE, user="ann", shown=ids)


def test_an_old_export_does_not_bring_back_what_was_removed_for_good():
    export = Log(ListLog())
    removed, kept = (export.append(click(word, good="a")) for word in ("griffin", "cat"))
    log = Log(ListLog())  # which lost what stands for the removed one
    log.add([kept])
    log.append(erase(removed.id))
    log.add([removed, kept])
    assert set(log.vocabulary().lessons) == {"cat"}
    assert all("griffin" not in event.word for event in log.raw())


def test_a_process_that_reads_a_removed_event_late_learns_nothing_of_it():
    events = ListLog()
    log = Log(events)
    log.append(erase("f" * 16))
    assert not log.vocabulary().lessons
    late = replace(click("griffin", good="a"), id="f" * 16, time="2024-05-01T12:00:00.000000Z")
    events.append([late])
    assert not log.vocabulary().lessons


class LostAnswer(ListLog):
    """A log on a server whose answer to an undo is lost, so that the write is sent again."""

    def append(self, events, restoring=False):
        numbers = super().append(events)
        return {} if events[0].kind == EventKind.UNDO else numbers


def test_an_undo_that_was_sent_twice_was_done_once_and_succeeds():
    log = Log(LostAnswer())
    clicked = log.append(click(good="a"))
    undone = log.undo(clicked, "ann")
    assert (undone.target, log.vocabulary().lessons) == (clicked.id, {})
    with pytest.raises(BadValue, match="undone already"):
        log.undo(clicked, "bob")
