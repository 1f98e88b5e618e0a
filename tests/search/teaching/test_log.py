"""The log as processes see it: incremental reading equals replaying, undo equals never done."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import BadValue, NotFound
from indexer.events import Event
from indexer.kinds import EventKind
from search.teaching.log import Log
from search.teaching.votes import Tally


class ListLog:
    """An `EventLog` in memory, for properties over many logs."""

    def __init__(self):
        self.events = []

    def append(self, events, restoring=False):
        known = {event.id for event in self.events}
        added = [event for event in events if event.id not in known]
        for event in added:
            self.events.append(replace(event, number=len(self.events) + 1))
        return {event.id: 0 for event in added}

    def read(self, after=0, skipped=None):
        yield from self.events[after:]

    def state(self):
        return len(self.events)


def click(word="griffin", good=(), bad=(), user="anonymous"):
    return Event(kind=EventKind.CLICK, user=user, word=word, good=tuple(good), bad=tuple(bad))


def tallies(log, word="griffin"):
    return log.vocabulary().lessons[word].tallies()


words = st.sampled_from(["griffin", "sphinx", "golem"])
photos = st.lists(st.sampled_from("abcd"), max_size=2)
users = st.sampled_from(["anonymous", "ann", "bob"])
acts = st.one_of(
    st.builds(click, words, photos, photos, users),
    st.builds(lambda word: Event(kind=EventKind.FORGET, user="ann", word=word), words),
    st.builds(
        lambda kind, word, target: Event(kind=kind, user="ann", word=word, target=target),
        st.sampled_from(["rename", "merge"]),
        words,
        words,
    ),
    st.integers(0, 20),  # undo the event of that number
)


def perform(log, act):
    if isinstance(act, Event):
        log.append(act)
        return
    history = [event for event, undone in log.history() if not undone and event.kind != "undo"]
    if act < len(history):
        log.append(Event(kind=EventKind.UNDO, user="ann", target=history[act].id))


def learned(log):
    return {
        word: (lesson.tallies(), lesson.changed)
        for word, lesson in log.vocabulary().lessons.items()
    }


@given(st.lists(acts, max_size=12))
def test_reading_piece_by_piece_equals_replaying_all(some):
    events = ListLog()
    log, other = Log(events), Log(events)
    for act in some:
        perform(log, act)
        other.vocabulary()
    assert learned(log) == learned(Log(events)) == learned(other)


@given(st.lists(acts, max_size=8), acts.filter(lambda act: isinstance(act, Event)))
def test_undo_leaves_what_was_there_before(some, act):
    log = Log(ListLog())
    for earlier in some:
        perform(log, earlier)
    before = learned(log)
    event = log.append(act)
    log.append(Event(kind=EventKind.UNDO, user="ann", target=event.id))
    assert learned(log) == before


@given(st.lists(acts, max_size=8), st.randoms())
def test_events_count_in_the_order_of_time_however_they_come(some, random):
    log = Log(ListLog())
    for act in some:
        perform(log, act)
    shuffled = [event for event, _ in log.history()]
    random.shuffle(shuffled)
    late = Log(ListLog())
    for event in shuffled:
        late.add([event])
    assert learned(late) == learned(log)


def test_a_later_vote_of_the_same_user_replaces_the_earlier():
    log = Log(ListLog())
    log.append(click(good="a"))
    log.append(click(bad="a"))
    log.append(click(good="a", user="ann"))
    assert tallies(log) == {"a": Tally(1, 1)}


def test_votes_are_for_one_word_only():
    log = Log(ListLog())
    log.append(click(bad="a"))
    log.append(click("sphinx", good="a"))
    assert tallies(log) == {"a": Tally(0, 1)} and tallies(log, "sphinx") == {"a": Tally(1, 0)}


def test_merging_adds_votes_and_the_later_of_one_user_counts():
    log = Log(ListLog())
    log.append(click("sphinx", good="ab"))
    log.append(click("griffin", bad="a"))
    log.append(Event(kind=EventKind.MERGE, user="ann", word="sphinx", target="griffin"))
    assert tallies(log) == {"a": Tally(0, 1), "b": Tally(1, 0)}
    assert "sphinx" not in log.vocabulary().lessons


def test_a_forgotten_word_can_be_learned_anew():
    log = Log(ListLog())
    log.append(click(good="a"))
    log.append(Event(kind=EventKind.FORGET, user="ann", word="griffin"))
    assert log.vocabulary().lessons == {}
    log.append(click(good="b"))
    assert tallies(log) == {"b": Tally(1, 0)}


def test_times_grow_even_when_the_clock_was_set_back():
    log = Log(ListLog())
    ahead = replace(click(good="a"), id="ahead", time="2999-01-01T00:00:00.000000Z")
    log.add([ahead])
    assert log.append(click(bad="a")).time > ahead.time
    assert tallies(log) == {"a": Tally(0, 1)}


def test_a_vocabulary_that_was_given_out_stays_as_it_was():
    log = Log(ListLog())
    log.append(click(good="a"))
    before = log.vocabulary()
    log.append(click(good="b"))
    assert before.lessons["griffin"].tallies() == {"a": Tally(1, 0)}


def test_what_cannot_be_undone_is_refused():
    log = Log(ListLog())
    event = log.append(click(good="a"))
    undo = log.append(Event(kind=EventKind.UNDO, user="anonymous", target=event.id))
    with pytest.raises(NotFound, match="no event 'nothing'"):
        log.undoable("nothing")
    with pytest.raises(BadValue, match="was undone already"):
        log.undoable(event.id)
    with pytest.raises(BadValue, match="is itself an undo"):
        log.undoable(undo.id)
    with pytest.raises(NotFound, match="anonymous has nothing to undo"):
        log.last_of("anonymous")


def test_threads_of_one_log_lose_nothing():
    log = Log(ListLog())

    def clicks(user):
        for number in range(30):
            log.append(click(good=[f"{user}{number}"], user=user))
            log.vocabulary().lessons["griffin"].tallies()

    threads = [threading.Thread(target=clicks, args=(user,)) for user in ("ann", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tallies(log)) == 60


class Numbering(ListLog):
    """Tells the numbers of what is written, and counts how often it is read."""

    def __init__(self):
        super().__init__()
        self.reads, self.hidden = 0, 0

    def append(self, events, restoring=False):
        super().append(events)
        return {event.id: event.number for event in self.events[-len(events) :]}

    def read(self, after=0, skipped=None):
        self.reads += 1
        yield from super().read(after)

    def state(self):
        return len(self.events) - self.hidden


@given(st.lists(st.tuples(st.booleans(), acts), max_size=12))
def test_own_events_and_those_of_others_are_learned_as_by_reading_all(some):
    events = Numbering()
    log, other = Log(events), Log(events)
    for own, act in some:
        perform(log if own else other, act)
        log.vocabulary()
    assert learned(log) == learned(Log(events)) == learned(other)


def test_own_events_are_known_at_once_and_never_read():
    events = Numbering()
    log = Log(events)
    event = log.append(click(good="a"))
    first = events.reads
    log.append(click(good="b"))
    assert tallies(log) == {"a": Tally(1, 0), "b": Tally(1, 0)}
    log.append(Event(kind=EventKind.UNDO, user="anonymous", target=event.id))
    assert tallies(log) == {"b": Tally(1, 0)}
    assert [one.id for one, undone in log.history() if undone] == [event.id]
    assert events.reads == first


def test_an_event_of_another_process_between_own_ones_is_read():
    events = Numbering()
    log, other = Log(events), Log(events)
    log.append(click(good="a"))
    other.append(click(good="b", user="ann"))
    log.append(click(good="c"))
    assert set(tallies(log)) == {"a", "b", "c"}


def test_own_events_count_while_an_earlier_one_is_still_being_written():
    """The state stays before the gap; what is behind it must not be learned twice."""
    events = Numbering()
    log, other = Log(events), Log(events)
    log.append(click(good="a"))
    log.vocabulary()
    other.append(click(good="b", user="ann"))
    events.hidden = 2
    log.append(click(good="c"))
    assert {"a", "c"} <= set(tallies(log))
    events.hidden = 0
    assert set(tallies(log)) == {"a", "b", "c"} and len(log.history()) == 3


def test_a_log_that_went_back_is_read_anew():
    """As after a snapshot was restored: what the process knew is not there any more."""
    events = Numbering()
    log = Log(events)
    log.append(click(good="a"))
    log.append(click(good="b"))
    assert set(tallies(log)) == {"a", "b"}
    del events.events[1]
    assert set(tallies(log)) == {"a"}
