"""Reading ahead: the same items in the same order, errors where they belong, and no thread left."""

import threading

import pytest

from indexer.moving.ahead import ahead


@pytest.mark.parametrize("number", [0, 1, 31, 32, 33, 1000])
def test_all_items_come_in_their_order(number):
    with ahead(iter(range(number)), 100) as items:
        assert list(items) == list(range(number))


def test_what_reading_raises_comes_after_what_was_read():
    def broken():
        yield from range(40)
        raise OSError("away")

    with ahead(broken(), 100) as items:
        assert [next(items) for _ in range(40)] == list(range(40))
        with pytest.raises(OSError, match="away"):
            next(items)


def test_no_more_is_read_than_was_asked_for_and_its_thread_ends_with_the_block():
    read, enough = [], threading.Event()

    def counted():
        for number in range(100_000):
            read.append(number)
            if number == 64:
                enough.set()
            yield number

    before = threading.active_count()
    with ahead(counted(), 64) as items:
        assert next(items) == 0
        assert enough.wait(60)
    assert len(read) <= 5 * 64
    assert threading.active_count() == before
