"""How numbers lie in the columns of an SQLite store: as now, or as in a store made earlier."""

import sqlite3
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.halves import rounded
from indexer.records import Vector


@dataclass(frozen=True, slots=True)
class NumberLayout:
    """The kinds of numbers.

    Attributes:
        vector: of each number of a vector.
        label: of a label of a photo: its number, which is its column, and its probability, whole
            or the upper half of its bits.
        keys_stay: whether a key never gets another vector, so that vectors are read from their
            table. Elsewhere, they are copied into a file beside the store.
    """

    vector: np.dtype[Any]
    label: np.dtype[Any]
    keys_stay: bool

    def encode_vector(self, vector: Vector) -> bytes:
        """Return the numbers of a vector as bytes."""
        return vector.astype(self.vector, copy=False).tobytes()

    def decode_vector(self, blob: bytes) -> Vector:
        """Return the vector of its bytes."""
        return rounded(np.frombuffer(blob, self.vector))


NOW = NumberLayout(np.dtype("<f2"), np.dtype([("number", "<u2"), ("half", "<u2")]), keys_stay=True)
"""2 bytes a number of a vector, 4 bytes a label."""

EARLIER = NumberLayout(
    np.dtype("<f4"), np.dtype([("number", "<u2"), ("probability", "<f4")]), keys_stay=False
)
"""Stores whose table `info` has no column `layout`; they stay as they are, to the last bit."""


def layout_of(connection: sqlite3.Connection) -> NumberLayout:
    """Return the layout of the store of a connection."""
    query = "SELECT 1 FROM pragma_table_info('info') WHERE name = 'layout'"
    return NOW if connection.execute(query).fetchone() else EARLIER


def to_upper(probabilities: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Return the upper half of the bits of quantised probabilities, which is all they have.

    The sign, which is always +, makes room for the lowest of the 8 bits that are kept of a number
    (see `imagenet.quantise`).
    """
    return (np.asarray(probabilities, np.float32).view(np.uint32) >> 15).astype(np.uint16)


def from_upper(halves: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return the probabilities that `to_upper` was given: float32."""
    return (halves.astype(np.uint32) << 15).view(np.float32)


def probabilities_of(entries: NDArray[Any]) -> NDArray[np.float32]:
    """Return the probabilities of labels in either layout: float32, shape of `entries`."""
    if entries.dtype == NOW.label:
        return from_upper(entries["half"])
    found: NDArray[np.float32] = entries["probability"]
    return found
