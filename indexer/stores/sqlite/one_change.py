"""Find what a row was before one byte of it changed, by its checksum."""

from collections.abc import Iterator, Sequence

from indexer.stores.sqlite.row_checksums import of_values

Value = str | int | None

CHARACTERS = [chr(number) for number in range(32, 127)]


def undone(values: Sequence[Value], checksum: int) -> list[Value] | None:
    """Return values that a checksum is of, and that differ in one byte; None where none do.

    The checksum itself may be what changed: then the values are as they were.
    """
    for number, value in enumerate(values):
        for other in _others(value):
            changed = [*values[:number], other, *values[number + 1 :]]
            if of_values(changed) == checksum:
                return changed
    return list(values) if _differ_in_a_byte(of_values(values), checksum) else None


def _others(value: Value) -> Iterator[Value]:
    if isinstance(value, str):
        for place in range(len(value)):
            for character in CHARACTERS:
                yield value[:place] + character + value[place + 1 :]
    elif isinstance(value, int):
        for shift in range(0, 64, 8):
            for byte in range(256):
                yield value & ~(0xFF << shift) | byte << shift


def _differ_in_a_byte(one: int, other: int) -> bool:
    differing = one ^ other
    return any(differing & ~(0xFF << shift) == 0 for shift in range(0, 32, 8))
