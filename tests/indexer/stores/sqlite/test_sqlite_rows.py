"""What columns of the SQLite store hold: bytes that come back as what they were."""

from hypothesis import example, given
from hypothesis import strategies as st

from indexer.records import Neighbour
from indexer.stores.sqlite.rows import decode_neighbours, encode_neighbours

hex_ids = st.binary(min_size=16, max_size=16).map(bytes.hex)
odd_ids = st.text("0aAf ", min_size=30, max_size=34) | st.text(max_size=8)
cosines = st.integers(-1_000_000, 1_000_000).map(lambda millionths: millionths / 1e6)


def lists(ids):
    return st.lists(st.builds(Neighbour, ids, cosines), max_size=50).map(tuple)


@given(near=lists(hex_ids) | lists(odd_ids) | lists(hex_ids | odd_ids))
@example(near=(Neighbour("A" * 32, 0.5),))
@example(near=(Neighbour("a" * 31, 0.5), Neighbour("a" * 33, 0.25)))
@example(near=(Neighbour("0a " * 10 + "0a", 0.5),))
def test_neighbours_of_any_id_come_back_as_they_were(near):
    assert decode_neighbours(encode_neighbours(near)) == near


@given(near=lists(hex_ids))
def test_a_neighbour_takes_twenty_bytes(near):
    assert len(encode_neighbours(near)) == 1 + 20 * len(near)


def test_the_bytes_of_neighbours_are_those_of_stores_that_exist():
    near = (Neighbour("00" * 15 + "ff", 0.123457), Neighbour("10" * 16, -1.0))
    written = b"B" + bytes(15) + b"\xff\x41\xe2\x01\x00" + b"\x10" * 16 + b"\xc0\xbd\xf0\xff"
    assert encode_neighbours(near) == written
    assert encode_neighbours((Neighbour("cat", 0.5),)) == b'J[["cat", 500000]]'
