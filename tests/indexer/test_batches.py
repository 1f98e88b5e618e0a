"""Items some at a time: none lost, none read before it is asked for."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from indexer.batches import batched


@given(st.lists(st.integers()), st.integers(1, 10))
def test_batches_hold_all_items_in_order_and_only_the_last_is_short(items, size):
    batches = list(batched(items, size))
    assert [item for batch in batches for item in batch] == items
    assert all(len(batch) == size for batch in batches[:-1])
    assert all(0 < len(batch) <= size for batch in batches[-1:])


def test_nothing_is_read_ahead():
    numbers = count()
    assert next(batched(numbers, 3)) == [0, 1, 2]
    assert next(numbers) == 3
