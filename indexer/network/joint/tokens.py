"""From a text to the numbers that a text tower reads, exactly as the network was trained."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from indexer.network.joint.languages import flores_code

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Inputs = Mapping[str, NDArray[np.int64]]
"""What a text tower reads: name of an input -> integers of shape (1, length)."""

LONGEST = 10_000
"""Characters of a text that are looked at: a tower reads a hundred tokens at most."""

_PUNCTUATION = str.maketrans("", "", string.punctuation)


class Tokens(Protocol):
    """Turns texts into the inputs of one network's text tower. Any thread may use it.

    Attributes:
        file: what it was read from.
        size: how many different tokens there are.
    """

    @property
    def file(self) -> Path:
        """See above."""

    @property
    def size(self) -> int:
        """See above."""

    def read(self, text: str, language: str = "") -> Inputs | None:
        """Return inputs by the names that towers have; None where nothing is left to be read.

        Args:
            text: in any language.
            language: of its writer, as browsers name it ("de", "pt-BR"); "" if not known.
        """


@dataclass(frozen=True, slots=True)
class TokenizerFile:
    """Tokens by a tokenizer.json of Hugging Face, as Immich uses it.

    Attributes:
        tokenizer: pads and truncates to the length that the network reads.
        file: what it was read from.
        canonicalizes: whether punctuation and case are dropped, as big_vision does for SigLIP and
            OpenCLIP's `canonicalize_text` has it. Immich leaves the blanks around punctuation.
        names_language: whether a language code goes before the text (NLLB).
    """

    tokenizer: "Tokenizer"
    file: Path
    canonicalizes: bool = False
    names_language: bool = False

    @property
    def size(self) -> int:
        """All tokens, added ones included."""
        return self.tokenizer.get_vocab_size()

    def read(self, text: str, language: str = "") -> Inputs | None:
        """See `Tokens.read`."""
        cleaned = self._clean(text)
        if not cleaned:
            return None
        if self.names_language:
            cleaned = flores_code(language) + cleaned
        encoding = self.tokenizer.encode(cleaned)
        ids = np.array([encoding.ids], np.int64)
        mask = np.array([encoding.attention_mask], np.int64)  # M-CLIP wants to know what is padding
        return {"text": ids, "input_ids": ids, "attention_mask": mask}

    def _clean(self, text: str) -> str:
        cleaned = normalize("NFC", text[:LONGEST])  # as OpenCLIP; not every tokenizer.json does so
        if self.canonicalizes:  # blanks last: Gemma's tokens tell two from one
            cleaned = cleaned.replace("_", " ").translate(_PUNCTUATION).lower()
        return " ".join(cleaned.split())
