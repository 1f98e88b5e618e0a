"""Events of logs that earlier versions wrote, which let in more than this one does."""

from collections.abc import Iterable, Mapping
from typing import Any

from indexer.events import Event
from indexer.stores.events import UNWRITABLE, from_document

WRITTEN_BY_PEOPLE = ("user", "word", "query", "target")
"""Fields that have what is `UNWRITABLE` in earlier logs; the names of uploads have, too."""


def from_log(document: Mapping[str, Any], number: int = 0) -> Event:
    """Return the event of a document that is in a log already.

    As `from_document`, but texts that earlier versions let into logs and that no file can hold do
    not cost the event: what is not text in them reads as U+FFFD.

    Raises:
        ValueError: it is not an event; the message says why.
    """
    try:
        return from_document(document, number)
    except ValueError:
        return from_document(_mended(document), number)


def writable(text: str) -> str:
    """Return a text with U+FFFD in the place of what no file in UTF-8 can hold."""
    return UNWRITABLE.sub("\ufffd", text)


def _mended(document: Mapping[str, Any]) -> dict[str, Any]:
    mended = {**document, **_with_text(document, WRITTEN_BY_PEOPLE)}
    uploads = document.get("uploads")
    if isinstance(uploads, list):
        mended["uploads"] = [
            {**one, **_with_text(one, ("name",))} if isinstance(one, dict) else one
            for one in uploads
        ]
    return mended


def _with_text(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    texts = {name: fields.get(name) for name in names}
    return {name: writable(text) for name, text in texts.items() if isinstance(text, str)}
