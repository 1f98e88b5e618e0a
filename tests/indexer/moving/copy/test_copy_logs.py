"""Events, learned words and searches go from one store to another as they are, each once."""

from dataclasses import replace

import pytest
from deaths import Dead, dying
from moving_samples import event, logs, searched, word
from store_samples import INFO

from indexer.errors import NotFound
from indexer.events import Event
from indexer.kinds import EventKind
from indexer.moving.copy_logs import PAGE, copy_logs


@pytest.fixture
def both(stores):
    """A source with entries for more than two pages, and an empty target."""
    source, target = stores
    for store in stores:
        store.identity.create(INFO)
    source.events.append(event(number) for number in range(2 * PAGE + 7, 0, -1))
    source.searches.append(searched(number) for number in range(2 * PAGE + 5))
    source.learned.replace([word("griffin"), word("zorbla")], source.events.state())
    return source, target


def test_everything_arrives_in_order_and_again_changes_nothing(both):
    source, target = both
    for _ in range(2):
        copy_logs(source, target)
        assert logs(target) == logs(source)
    assert target.events.state() == source.events.state()
    assert target.searches.count() == source.searches.count()


def test_what_comes_later_is_added_and_what_was_forgotten_leaves_the_words(both):
    source, target = both
    copy_logs(source, target)
    source.events.append([replace(event(1), id="ff" * 8)])
    source.searches.append([searched(1)])
    source.learned.replace([word("zorbla")], source.events.state())
    copy_logs(source, target)
    assert logs(target) == logs(source)
    assert target.events.state() == source.events.state()
    source.learned.replace([], source.events.state())
    copy_logs(source, target)
    assert target.learned.read() == []


def test_what_was_removed_for_good_goes_from_an_earlier_copy_too(both):
    source, target = both
    source.searches.append([replace(searched(1), query="what goes", number=0)])
    copy_logs(source, target)
    gone = list(source.searches.read())[-1]
    erased = Event(id=event(3).id, time=event(3).time, kind=EventKind.ERASE, user="nobody")
    source.events.overwrite([erased])
    source.searches.remove([gone.number])
    fresh = replace(searched(1), query="what came later", number=0)
    source.searches.append([fresh])  # in SQLite with the number of the one that went
    copy_logs(source, target)
    asked = [replace(one, number=0) for one in target.searches.read()]
    assert replace(gone, number=0) not in asked and fresh in asked
    assert target.searches.count() == source.searches.count()
    assert sorted(logs(target)[0]) == sorted(logs(source)[0])
    assert list(target.events.verify()) == []


def test_a_death_in_the_middle_doubles_nothing(both):
    source, target = both
    for survived in range(6):
        with pytest.raises(Dead), dying(target, survived, ("events.append", "searches.append")):
            copy_logs(source, target)
    copy_logs(source, target)
    assert logs(target) == logs(source)


def test_nothing_was_taught_or_searched_and_nothing_is_made_of_it(stores):
    for store in stores:
        store.identity.create(INFO)
    copy_logs(*stores)
    assert logs(stores[1]) == ([], [], [])


def test_without_a_target_nothing_is_carried(both, open_new):
    missing = open_new("sqlite")
    with pytest.raises(NotFound, match="magpie index"):
        copy_logs(both[0], missing)
