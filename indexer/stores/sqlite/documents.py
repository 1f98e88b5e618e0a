"""The documents of photos as an SQLite store keeps them, without those that were damaged."""

import json
from collections.abc import Sequence
from typing import Any

from indexer.stores.sqlite.row_checksums import is_photos

DOCUMENT = "id, CAST(document AS BLOB), document_checksum"
"""Columns for `read_documents`. As bytes: SQLite would fail at a text that is not UTF-8 any more.
"""


def read_documents(rows: Sequence[tuple[str, bytes, int | None]]) -> list[dict[str, Any] | None]:
    """Return the document of each row, None where it is not what was written."""
    sound = [is_photos(*row) for row in rows]
    texts = [row[1] for row, is_sound in zip(rows, sound, strict=True) if is_sound]
    try:
        found = iter(json.loads(b"[%s]" % b",".join(texts)))
    except ValueError:  # one of an earlier version, which had no checksums
        found = iter([_read(text) for text in texts])
    documents = [next(found) if is_sound else None for is_sound in sound]
    return [
        document if isinstance(document, dict) and document.get("id") == row[0] else None
        for row, document in zip(rows, documents, strict=True)
    ]


def _read(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
