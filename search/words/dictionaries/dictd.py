"""Dictionaries in the format of dictd, as FreeDict publishes them: an index beside the articles.

A line of the index is a headword, and where its article begins and how long it is, both in base 64
(dictfmt(1)). Articles may be compressed in chunks that are read one by one (dictzip(1)).
"""

import mmap
import re
import struct
import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from indexer.errors import BadValue, NotFound
from search.words.dictionaries import LANGUAGES, Senses

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
LONGEST_ARTICLE = 100_000
"""Bytes that are read of an article; what matters stands at its beginning."""

NOT_A_MEANING = re.compile(
    r"\s*(see:|synonyms?:|antonyms?:|note:|cf\.?:|>|\")|\s.*\"\s+-\s", re.IGNORECASE
)
"""Lines of an article with references and examples; examples stand in quotation marks."""
GRAMMAR = re.compile(r"<[^>]*>[^,;]*")
"""The kind of a word, and abbreviations that follow it."""
ASIDE = re.compile(r"\[[^\]]*\]|\([^)]*\)|\{[^}]*\}|/[^/,;]*/|^\s*\d+[.)]\s*")
"""What describes a word, or its pronunciation or place, beside the word itself."""
COARSE = re.compile(r"\[(slang|vulg\.?|pej\.?)\]", re.IGNORECASE)


class DictdFile:
    """A dictionary of FreeDict."""

    def __init__(self, index: Path) -> None:
        """Take the index; the articles lie beside it.

        Raises:
            NotFound: one of the two is missing.
            BadValue: one of them is damaged.
        """
        self._articles = _articles_beside(index)
        self.name = index.stem
        self.language = LANGUAGES.get(self.name.removeprefix("freedict-")[:3], "")
        self._index = index
        with index.open("rb") as opened:  # another kind of file would know no word, silently
            self._place(opened.readline(LONGEST_ARTICLE).rstrip(b"\r\n"))

    def senses(self, word: str) -> Senses:
        """Return the English words of each sense of a word; coarse senses come last."""
        articles = [self._articles.read(*place) for place in self._places(word)]
        found = [sense for article in articles for sense in _senses(article)]
        found.sort(key=lambda sense: sense[0])
        return [words for _, words in found]

    @cached_property
    def _headwords(self) -> "mmap.mmap":
        with self._index.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    @cached_property
    def _hashes(self) -> frozenset[int]:
        """Of all headwords, so that the index is gone through for those alone that it has."""
        lines = self._headwords[:].split(b"\n")
        return frozenset(hash(line.partition(b"\t")[0]) for line in lines)

    def _places(self, word: str) -> Iterator[tuple[int, int]]:
        """Yield where the articles of a word begin, and how long they are."""
        headwords = self._headwords
        for form in dict.fromkeys((word, word.title(), word.capitalize(), word.upper())):
            if hash(form.encode()) not in self._hashes:  # most words of a query are none of these
                continue
            start, key = 0, form.encode()
            line = b"\n" + key + b"\t"
            if headwords[: len(key) + 1] == line[1:]:
                end = headwords.find(b"\n")
                yield self._place(headwords[: end if end >= 0 else len(headwords)])
            while (start := headwords.find(line, start)) >= 0:
                end = headwords.find(b"\n", start + 1)
                yield self._place(headwords[start + 1 : end if end >= 0 else len(headwords)])
                start += 1

    def _place(self, line: bytes) -> tuple[int, int]:
        try:
            _, start, length = line.decode().split("\t")[:3]
            return _number(start), min(_number(length), LONGEST_ARTICLE)
        except ValueError:
            raise BadValue(
                f"{self._index} is damaged at {line[:60].decode(errors='replace')!r}: install the "
                "dictionary again"
            ) from None


def _articles_beside(index: Path) -> "Articles":
    files = (index.with_suffix(".dict.dz"), index.with_suffix(".dict"))
    file = next((file for file in files if file.is_file()), None)
    if file is None or not index.is_file():
        missing = files[0] if file is None else index
        raise NotFound(f"no {missing}: a dictionary has its index and its articles side by side")
    if not index.stat().st_size:
        raise BadValue(f"{index} is empty: install the dictionary again")
    return Articles(file)


def _number(digits: str) -> int:
    number = 0
    for digit in digits.strip():
        number = number * 64 + DIGITS.index(digit)
    return number


def _senses(article: str) -> Iterator[tuple[bool, list[str]]]:
    """Yield the English words of each line that has some, and whether they are coarse."""
    for line in article.split("\n")[1:]:  # the first is the headword
        if NOT_A_MEANING.match(line):
            continue
        parts = re.split(r"[,;]", ASIDE.sub(" ", GRAMMAR.sub(" ", line)))
        words = [" ".join(part.split()) for part in parts]
        if words := [word for word in words if word]:
            yield bool(COARSE.search(line)), words


class Articles:
    """The articles of a dictionary, of which single ones are read, compressed or not."""

    def __init__(self, file: Path) -> None:
        """Take the file.

        Raises:
            BadValue: it is compressed, but not as dictzip does it.
        """
        self._file = file
        self._chunk, self._starts = 0, list[int]()
        if file.suffix == ".dz":
            self._chunk, self._starts = _chunks(file)

    def read(self, start: int, length: int) -> str:
        """Return the text of an article.

        Raises:
            BadValue: it is damaged.
        """
        with self._file.open("rb") as file:
            if not self._starts:
                if start > self._file.stat().st_size:
                    raise BadValue(f"{self._file} is damaged: install the dictionary again")
                file.seek(start)
                return file.read(length).decode(errors="replace")
            first, last = start // self._chunk, (start + length) // self._chunk
            ends = self._starts[first + 1 : last + 2]
            try:
                text = b"".join(
                    self._inflated(file, begin, end)
                    for begin, end in zip(self._starts[first:], ends, strict=False)
                )
            except zlib.error:
                raise BadValue(f"{self._file} is damaged: install the dictionary again") from None
        begin = start - first * self._chunk
        return text[begin : begin + length].decode(errors="replace")

    @staticmethod
    def _inflated(file: BinaryIO, begin: int, end: int) -> bytes:
        file.seek(begin)
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(file.read(end - begin))


def _chunks(file: Path) -> tuple[int, list[int]]:
    """Read a dictzip header: bytes of text a chunk; where chunks begin, and where the last ends.

    It is a field RA of gzip's header: version, bytes a chunk, count, and the size of each, as
    little-endian 16-bit numbers (dictzip(1); RFC 1952 has the rest of the header).
    """
    bad = BadValue(f"{file} is not compressed by dictzip: install the dictionary again")
    with file.open("rb") as opened:
        head = opened.read(12)
        if len(head) < 12 or head[:2] != b"\x1f\x8b" or not head[3] & 4:
            raise bad
        extra = opened.read(struct.unpack("<H", head[10:])[0])
        if len(extra) < 10 or extra[:2] != b"RA":
            raise bad
        _, chunk, count = struct.unpack("<HHH", extra[4:10])
        if not chunk or len(extra) < 10 + 2 * count:
            raise bad
        for flag in (8, 16):  # the name of the file, and a comment
            if head[3] & flag:
                while opened.read(1) not in (b"\0", b""):
                    pass
        if head[3] & 2:
            opened.read(2)
        starts = [opened.tell()]
    for size in struct.unpack(f"<{count}H", extra[10 : 10 + 2 * count]):
        starts.append(starts[-1] + size)
    if starts[-1] > file.stat().st_size:
        raise BadValue(f"{file} ends too early: install the dictionary again")
    return chunk, starts
