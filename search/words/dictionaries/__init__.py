"""Dictionaries of the user's own, from other languages to English; a format is one file here.

A dictionary has a `name`, a `language` (ISO 639-1, "" where it is not known) and a method
`senses(word)`, which returns the English words of each sense of a word, all in the dictionary's
order; nothing where it does not know the word.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from indexer.errors import BadValue, NotFound

if TYPE_CHECKING:
    from search.words.tree import Tree

SYSTEM = Path("/usr/share/dictd")
"""Where Debian's packages of FreeDict put their dictionaries."""
FORMS = (
    "a dictionary of FreeDict (.dict.dz, .dict or .index) or of Open Multilingual Wordnet (.tab)"
)

LANGUAGES = {
    **{"deu": "de", "fra": "fr", "spa": "es", "ita": "it", "nld": "nl", "por": "pt", "swe": "sv"},
    **{"dan": "da", "nor": "nb", "fin": "fi", "pol": "pl", "ces": "cs", "hun": "hu", "tur": "tr"},
    **{"rus": "ru", "ell": "el", "lat": "la", "hrv": "hbs", "isl": "is", "gle": "ga", "cym": "cy"},
}
"""Codes in the names of files -> those of lemmatisers."""

Senses = list[list[str]]
"""English words of each sense of a word."""


class Dictionary(Protocol):
    """What says in English what words of another language mean."""

    @property
    def name(self) -> str:
        """Its name, for people."""

    @property
    def language(self) -> str:
        """The code of its language; "" where it is not known."""

    def senses(self, word: str) -> Senses:
        """Return the English words of each sense of a tidy word or phrase."""


def open_dictionaries(files: Sequence[Path], tree: "Tree") -> list[Dictionary]:
    """Return the dictionaries in files; those that the system has where none is given.

    Raises:
        NotFound: there is no such file.
        BadValue: a file is not a dictionary.
    """
    if files:
        return [_open(file, tree) for file in files]
    from search.words.dictionaries.dictd import DictdFile

    found: list[Dictionary] = []
    for file in sorted(SYSTEM.glob("freedict-*-eng.index")):
        with suppress(NotFound, BadValue):  # nobody asked for these: a search does without
            found.append(DictdFile(file))
    return found


def _open(file: Path, tree: "Tree") -> Dictionary:
    if not file.is_file():
        raise NotFound(f"no dictionary at {file}: give {FORMS}")
    if file.suffix == ".tab":
        from search.words.dictionaries.open_wordnet import OpenWordnetFile

        return OpenWordnetFile(file, tree)
    name = file.name.removesuffix(".dz")
    if not name.endswith((".dict", ".index")):
        raise BadValue(f"{file} is not a dictionary that Magpie reads: give {FORMS}")
    from search.words.dictionaries.dictd import DictdFile

    return DictdFile(file.with_name(f"{name.rpartition('.')[0]}.index"))
