"""Read WordNet 3.0 from its own files (Debian package wordnet-base), without nltk.

Formats: the manual pages wndb(5WN), senseidx(5WN) and morphy(7WN) that come with WordNet.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path("/usr/share/wordnet")
KINDS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
LETTERS = {"n": "n", "v": "v", "a": "a", "s": "a", "r": "r"}  # satellites are adjectives
SENSE_KINDS = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}

HYPERNYMS = ("@", "@i")


@dataclass(frozen=True)
class Synset:
    """One meaning.

    Attributes:
        id: kind and offset, "n02391049", as ImageNet writes them.
        names: its lemmas as written, spaces for underscores.
        relations: (pointer symbol of wndb(5WN), id of the other synset).
        gloss: definition and examples.
    """

    id: str
    names: tuple[str, ...]
    relations: tuple[tuple[str, str], ...]
    gloss: str

    @property
    def definition(self) -> str:
        """The gloss without its examples."""
        return self.gloss.split('; "')[0]

    @property
    def parents(self) -> tuple[str, ...]:
        """Ids of the hypernyms, instance hypernyms included."""
        return tuple(other for symbol, other in self.relations if symbol in HYPERNYMS)


@dataclass
class WordNet:
    """All synsets by id; `senses[lemma]` are (id, tag count) by kind, most frequent first."""

    synsets: dict[str, Synset] = field(default_factory=dict)
    senses: dict[str, dict[str, list[tuple[str, int]]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    exceptions: dict[str, dict[str, str]] = field(default_factory=dict)

    def nouns(self, lemma: str) -> list[tuple[str, int]]:
        """Noun senses of a lower-case lemma with spaces, most frequent first."""
        return self.senses.get(lemma, {}).get("n", [])

    def all_senses(self, lemma: str) -> list[tuple[str, int]]:
        """Senses of every kind with their tag counts."""
        kinds = self.senses.get(lemma, {})
        return [sense for kind in kinds.values() for sense in kind]


def _synset(line: str) -> Synset:
    head, _, gloss = line.partition(" | ")
    fields = head.split()
    words = int(fields[3], 16)
    names = tuple(word.split("(")[0].replace("_", " ") for word in fields[4 : 4 + 2 * words : 2])
    first = 5 + 2 * words
    count = int(fields[first - 1])
    starts = range(first, first + 4 * count, 4)
    pointers = [fields[start : start + 3] for start in starts]
    relations = tuple((symbol, LETTERS[kind] + offset) for symbol, offset, kind in pointers)
    return Synset(LETTERS[fields[2]] + fields[0], names, relations, gloss.strip())


def _lines(name: str) -> list[str]:
    path = FOLDER / name
    if not path.exists():
        raise SystemExit(f"{path} is missing: install WordNet 3.0 (Debian: wordnet-base)")
    text = path.read_text(encoding="latin-1")
    return [line for line in text.splitlines() if line and not line.startswith("  ")]


def _tag_counts() -> dict[tuple[str, str, int], int]:
    """(lemma, kind, sense number) -> how often SemCor has that sense."""
    counts = {}
    for line in _lines("cntlist.rev"):
        key, number, count = line.split()
        lemma, _, rest = key.partition("%")
        counts[lemma.replace("_", " "), SENSE_KINDS[rest[0]], int(number)] = int(count)
    return counts


def read() -> WordNet:
    """Read data, index, tag counts and exception lists of all four kinds."""
    wordnet = WordNet()
    counts = _tag_counts()
    for name, letter in KINDS.items():
        for line in _lines(f"data.{name}"):
            synset = _synset(line)
            wordnet.synsets[synset.id] = synset
        for line in _lines(f"index.{name}"):
            fields = line.split()
            lemma = fields[0].replace("_", " ")
            offsets = fields[-int(fields[2]) :]
            wordnet.senses[lemma][letter] = [
                (letter + offset, counts.get((lemma, letter, number), 0))
                for number, offset in enumerate(offsets, 1)
            ]
        pairs = (line.split()[:2] for line in _lines(f"{name}.exc"))
        wordnet.exceptions[letter] = {form.replace("_", " "): base for form, base in pairs}
    return wordnet
