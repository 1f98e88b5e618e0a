"""What decoders say when they fail, as a reason in one line."""

import logging
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from PIL import Image

from indexer.errors import Unreadable
from indexer.photos.formats import format_of
from indexer.photos.shortage import is_shortage, not_now

_PILLOW_WARNINGS = ("ignore", None, UserWarning, re.compile(r"PIL\."), 0)


@contextmanager
def explained(file: BinaryIO) -> Iterator[str]:
    """Give the format of a file, and turn whatever a decoder raises into `Unreadable`.

    Where it ran out of memory, into `NotNow`, whatever it says of the file.
    """
    if not file.seek(0, os.SEEK_END):
        raise Unreadable("the file is empty")
    format_ = format_of(file)
    _quiet_pillow()
    try:
        yield format_
    except Exception as error:  # damaged files make decoders raise anything
        if is_shortage(error):
            raise not_now() from error
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"cannot be read as {format_}: {_explain(error)}") from error


def _quiet_pillow() -> None:
    """Keep Pillow's remarks on damaged metadata off stderr.

    For good: Python's warning filters belong to the process, and restoring them is not safe while
    other threads decode. What libtiff itself prints about damaged strips cannot be stopped here.
    """
    if _PILLOW_WARNINGS not in warnings.filters:
        warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
    for name in ("PIL", "tifffile"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _explain(error: Exception) -> str:
    """Return in one line what the decoder says, if it meant to say something."""
    meant = (OSError, SyntaxError, ValueError, RuntimeError, EOFError, Image.DecompressionBombError)
    said = getattr(error, "strerror", None) or str(error)  # without a number and a name of a file
    words = said if isinstance(error, meant) else ""
    return " ".join(words.split()) or f"damaged ({type(error).__name__})"
