"""Wordnets in the tab format of Open Multilingual Wordnet, which name synsets of WordNet 3.0.

A line is a synset ("02084071-n"), what it tells ("lemma" or "deu:lemma") and the word
(https://omwn.org; files `wn-data-*.tab`).
"""

from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import BadValue
from search.words.dictionaries import LANGUAGES, Senses
from search.words.spelling import tidy

if TYPE_CHECKING:
    from search.words.tree import Tree


class OpenWordnetFile:
    """A wordnet of another language."""

    def __init__(self, file: Path, tree: "Tree") -> None:
        """Take the file and the label tree, whose names its synsets get in English.

        Raises:
            BadValue: it is another kind of file.
        """
        with file.open(encoding="utf-8", errors="replace") as opened:
            head = [line for line, _ in zip(opened, range(20), strict=False)]
        if not any(line.count("\t") == 2 and "lemma" in line for line in head):
            raise BadValue(f"{file} is not a wordnet: give a file in the tab format of omwn.org")
        self.name = file.stem
        self.language = LANGUAGES.get(file.stem.rpartition("-")[2][:3], "")
        self._file, self._tree = file, tree

    def senses(self, word: str) -> Senses:
        """Return the English names of each synset of a word that photos may show."""
        return [self._english[synset] for synset in self._synsets.get(word, ())]

    @cached_property
    def _english(self) -> dict[str, list[str]]:
        """Synset -> its names in English, those first that mean it most often."""
        names = defaultdict[str, list[tuple[int, str]]](list)
        for name, synsets in self._tree.names.items():
            for synset, rank in synsets.items():
                names[synset].append((rank, name))
        return {synset: [name for _, name in sorted(found)] for synset, found in names.items()}

    @cached_property
    def _synsets(self) -> dict[str, list[str]]:
        found = defaultdict[str, list[str]](list)
        with self._file.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                offset, _, rest = line.rstrip("\n").partition("\t")
                kind, _, word = rest.partition("\t")
                synset = f"n{offset.removesuffix('-n')}"
                if kind.endswith("lemma") and synset in self._english:
                    found[tidy(word.replace("_", " "))].append(synset)
        return dict(found)
