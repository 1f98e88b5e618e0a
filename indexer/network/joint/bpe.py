"""CLIP's own tokens, out of the file of merges that OpenAI published with the network.

Bytes are merged pair by pair in the order of the file (Sennrich et al. 2016, arXiv 1508.07909);
`tokenizers` does so in the same way once it is told how texts are split and which tokens there are.
"""

import gzip
import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from indexer.errors import BadValue, NotFound
from indexer.network.joint.tokens import LONGEST, Inputs

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MERGES = 49152 - 256 - 2
"""How many of the file's merges were used; after its first line, which is a remark."""

BEGINNING, END = "<start_of_text>", "<end_of_text>"

WORDS = rf"{BEGINNING}|{END}|'s|'t|'re|'ve|'m|'ll|'d|[\p{{L}}]+|[\p{{N}}]|[^\s\p{{L}}\p{{N}}]+"
"""What is a word: letters, or one digit, or other signs; English endings by themselves."""


@dataclass(frozen=True, slots=True)
class MergedTokens:
    """Tokens of CLIP, as OpenCLIP and rclip make them.

    Attributes:
        tokenizer: knows the merges.
        file: what it was read from.
        length: how many tokens the network reads; the rest is 0.
    """

    tokenizer: "Tokenizer"
    file: Path
    length: int = 77

    @property
    def size(self) -> int:
        """All tokens."""
        return self.tokenizer.get_vocab_size()

    def read(self, text: str, language: str = "") -> Inputs | None:
        """See `Tokens.read`; the language makes no difference."""
        cleaned = clean(text[:LONGEST])
        if not cleaned:
            return None
        beginning, end = self.size - 2, self.size - 1
        ids = [beginning, *self._ids(cleaned), end][: self.length]
        if len(ids) == self.length:
            ids[-1] = end
        row = np.zeros((1, self.length), np.int64)
        row[0, : len(ids)] = ids
        return {"input": row}

    def _ids(self, cleaned: str) -> Iterator[int]:
        for word, _ in self.tokenizer.pre_tokenizer.pre_tokenize_str(cleaned):
            if word in (BEGINNING, END):  # that somebody typed
                yield self.size - 2 + (word == END)
            else:
                yield from (token.id for token in self.tokenizer.model.tokenize(word))


def clean(text: str) -> str:
    """Repair a text's encoding, resolve HTML's names of characters, and drop case and gaps."""
    import ftfy

    repaired = html.unescape(html.unescape(ftfy.fix_text(text))).strip()
    return " ".join(repaired.split()).lower()


def read_merges(path: Path) -> "Tokenizer":
    """Return the tokenizer of a file such as bpe_simple_vocab_16e6.txt.gz.

    Raises:
        NotFound: there is no such file.
        BadValue: it holds something else.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            lines = file.read().split("\n")[1 : MERGES + 1]
    except FileNotFoundError:
        raise NotFound(f"{path} is missing: download the folder again") from None
    except (OSError, EOFError, ValueError) as error:
        raise BadValue(f"{path} cannot be read ({error}): download the folder again") from error
    merges = [(left, right) for left, right in map(str.split, filter(None, lines))]
    return _tokenizer(merges)


def _tokenizer(merges: list[tuple[str, str]]) -> "Tokenizer":
    from tokenizers import Regex, Tokenizer
    from tokenizers.models import BPE
    from tokenizers.pre_tokenizers import ByteLevel, Sequence, Split

    signs = _byte_signs()
    names = [*signs, *(f"{sign}</w>" for sign in signs), *map("".join, merges), BEGINNING, END]
    vocabulary = {name: number for number, name in enumerate(names)}
    tokenizer = Tokenizer(BPE(vocabulary, merges, end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = Sequence(
        [
            Split(Regex(WORDS), "removed", invert=True),
            ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return tokenizer


def _byte_signs() -> list[str]:
    """Return a printable character for each byte, in the order of the network's first 256 tokens.

    Printable bytes of Latin-1 stand for themselves and come first; the others follow, as the
    characters from U+0100.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + n) for n in range(len(others))]
