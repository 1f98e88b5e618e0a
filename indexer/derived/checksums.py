"""Checksums of long arrays, block by block, so that some blocks are checked without the others."""

import random
import zlib
from collections.abc import Sequence

BLOCK = 1 << 20
"""Bytes of a block."""

CHECKED_BYTES = 64_000_000
"""Arrays of so many bytes are checked in full when they are opened."""

SAMPLED_BYTES = 16_000_000
"""How much of a longer one is, chosen at random: to read the seven of a million photos would take
seconds before a first search. `magpie verify` and `magpie index` do read all."""


class BlockChecksums:
    """CRC-32 of all that was added, and of each block of it."""

    def __init__(self, whole: int = 0, length: int = 0, blocks: Sequence[int] = ()) -> None:
        """Go on after `length` bytes that have these checksums; the last block may be partial."""
        self.whole = whole
        self.blocks = [*blocks]
        self._length = length

    def add(self, content: memoryview | bytes) -> None:
        """Add what follows."""
        self.whole = zlib.crc32(content, self.whole)
        content = memoryview(content)
        while len(content):
            inside = self._length % BLOCK
            if inside == 0:
                self.blocks.append(0)
            part, content = content[: BLOCK - inside], content[BLOCK - inside :]
            self.blocks[-1] = zlib.crc32(part, self.blocks[-1])
            self._length += len(part)


def looks_sound(content: memoryview | bytes, whole: int, blocks: Sequence[int]) -> bool:
    """Tell whether nothing that is checked now was changed.

    Args:
        content: of an array.
        whole: its checksum.
        blocks: those of its blocks; none in a file of an earlier version, whose long arrays are
            therefore not checked here.
    """
    if len(content) <= CHECKED_BYTES:
        return zlib.crc32(content) == whole
    if blocks and len(blocks) != -(-len(content) // BLOCK):
        return False
    chosen = random.sample(range(len(blocks)), min(len(blocks), SAMPLED_BYTES // BLOCK))
    return all(
        zlib.crc32(content[number * BLOCK : (number + 1) * BLOCK]) == blocks[number]
        for number in sorted(chosen)
    )
