"""Read word vectors in any common form: word2vec text and binary, GloVe, gensim's KeyedVectors."""

import traceback
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.errors import BadValue, NotFound

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

FORMS = "word2vec text or binary, GloVe text, or gensim's KeyedVectors (.kv)"
PICKLED = ".kv"
HEAD = 4096  # bytes that are enough to tell a form
FEWEST_DIMENSIONS = 3
"""In a plane every word is near one of a thousand labels, which would give a random ranking."""


def read_vectors(path: Path, trust_pickle: bool = False) -> "KeyedVectors":
    """Read the vectors of a file in whichever of the four forms it is.

    Args:
        path: of the file; one that ends in .kv is a pickle, whatever is in it.
        trust_pickle: whether to load a pickle, which can run any program.

    Raises:
        NotFound: there is no such file.
        BadValue: it is damaged, truncated, holds no word vectors, or is a pickle.
    """
    if not path.is_file():
        raise NotFound(f"no word vectors at {path}: give a file in {FORMS}")
    if path.suffix == PICKLED and not trust_pickle:
        raise BadValue(
            f"{path} is a pickle, which can run any program: give --trust-pickle if you trust who "
            "made it, or the vectors in another form"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of old pickles and overflows, which `_check` finds
        try:
            vectors = _read(path)
            _check(vectors)
        except Exception as error:  # gensim and pickle raise anything at all on damaged files
            traceback.clear_frames(error.__traceback__)  # closes what gensim left open
            raise BadValue(
                f"cannot read word vectors from {path} ({_reason(error)}): "
                f"give a complete file in {FORMS}"
            ) from None
    return vectors


def _reason(error: Exception) -> str:
    """Explain gensim's internal errors in the user's words."""
    text = " ".join(str(error).split())
    if "broadcast" in text:
        return "its vectors are not all of one length"
    if isinstance(error, UnicodeDecodeError):
        return "it is not text"
    return text[:120] or type(error).__name__


def _read(path: Path) -> Any:
    from gensim.models import KeyedVectors

    if path.suffix == PICKLED:
        return KeyedVectors.load(str(path))
    with path.open("rb") as file:
        first, second = file.readline(HEAD), file.read(HEAD)
    header = first.split()
    if not header:
        raise ValueError("it is empty")
    if len(header) != 2 or not all(field.isdigit() for field in header):
        return KeyedVectors.load_word2vec_format(str(path), no_header=True)
    count, dimensions = int(header[0]), int(header[1])
    binary = not _is_text(second, dimensions)
    # Before gensim reserves memory for what the header promises.
    least = count * (dimensions * 4 if binary else dimensions * 2)
    if least > path.stat().st_size:
        raise ValueError(f"the header promises {count} vectors of {dimensions} numbers")
    return KeyedVectors.load_word2vec_format(str(path), binary=binary)


def _is_text(start: bytes, dimensions: int) -> bool:
    """Whether the bytes after the header begin with a word and its numbers in decimals."""
    fields = start.split(b"\n")[0].split()[1 : dimensions + 1]
    try:
        return bool([float(field) for field in fields[:-1] or fields])
    except ValueError:
        return False


def _check(vectors: Any) -> None:
    from gensim.models import KeyedVectors

    if not isinstance(vectors, KeyedVectors):
        raise TypeError(f"it holds a {type(vectors).__name__}")
    rows = vectors.vectors
    if not len(rows) or rows.ndim != 2:
        raise ValueError("it holds no vectors")
    if rows.shape[1] < FEWEST_DIMENSIONS:
        raise ValueError(f"vectors of {rows.shape[1]} dimensions cannot tell words apart")
    if not np.isfinite(rows).all() or not rows.any():
        raise ValueError("its numbers are not finite or all zero")
