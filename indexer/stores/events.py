"""Events as JSON documents: what mappings/feedback.json describes and what export files hold."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from indexer.kinds import EventKind
from indexer.records import Event, Label, Upload

TEXTS = ("id", "time", "kind", "user", "word", "query", "target")
LISTS = ("good", "bad", "shown")
REQUIRED = ("id", "time", "kind", "user")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def time_text(moment: datetime) -> str:
    """Return a moment in UTC as events have it: "2024-05-01T12:00:00.000000Z"."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def to_document(event: Event) -> dict[str, Any]:
    """Return the document of an event; empty fields are left out."""
    fields: dict[str, Any] = {name: str(getattr(event, name)) for name in TEXTS}
    fields |= {name: list(getattr(event, name)) for name in LISTS}
    fields["uploads"] = [_from_upload(upload) for upload in event.uploads]
    return {name: value for name, value in fields.items() if value}


def from_document(document: Mapping[str, Any], number: int = 0) -> Event:
    """Return the event of a document, by whatever program it was written.

    Raises:
        ValueError: it is not an event; the message says why.
    """
    unknown = set(document) - {*TEXTS, *LISTS, "uploads"}
    if unknown:
        raise ValueError(f"unknown field {min(unknown)!r}")
    for name in REQUIRED:
        if not document.get(name):
            raise ValueError(f"field {name!r} is missing")
    texts: dict[str, Any] = {name: _text(name, document.get(name, "")) for name in TEXTS}
    _check(texts)
    lists: dict[str, Any] = {name: tuple(_list(name, document.get(name, []))) for name in LISTS}
    uploads = tuple(_to_upload(upload) for upload in _list("uploads", document.get("uploads", [])))
    kind = EventKind(texts.pop("kind"))
    return Event(number=number, uploads=uploads, kind=kind, **lists, **texts)


def _check(texts: Mapping[str, str]) -> None:
    if texts["kind"] not in list(EventKind):
        raise ValueError(f"unknown kind {texts['kind']!r}: use one of {', '.join(EventKind)}")
    if not TIME.fullmatch(texts["time"]):
        raise ValueError(f"time {texts['time']!r} is not like 2024-05-01T12:00:00.000000Z")
    needed = "target" if texts["kind"] in ("undo", "describe") else "word"
    if not texts[needed]:
        raise ValueError(f"field {needed!r} is missing")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"field {name!r} is not text")
    return value


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"field {name!r} is not a list")
    if name != "uploads" and not all(isinstance(item, str) for item in value):
        raise ValueError(f"field {name!r} is not a list of texts")
    return value


def _from_upload(upload: Upload) -> dict[str, Any]:
    vector = np.asarray(upload.vector, "<f4")
    weights = {"weights": upload.weights} if upload.weights else {}
    return {
        "id": upload.id,
        "name": upload.name,
        "labels": {label.wnid: label.probability for label in upload.labels},
        "vector": base64.b64encode(vector.tobytes()).decode(),
        "thumbnail": base64.b64encode(upload.thumbnail).decode(),
        **weights,
    }


def _to_upload(document: Any) -> Upload:
    try:
        return Upload(
            id=_text("id", document["id"]),
            name=_text("name", document["name"]),
            labels=tuple(Label(wnid, float(p)) for wnid, p in document["labels"].items()),
            vector=np.frombuffer(_decode(document["vector"]), "<f4").astype(np.float32),
            thumbnail=_decode(document["thumbnail"]),
            weights=_text("weights", document.get("weights", "")),
        )
    except (KeyError, TypeError, AttributeError, binascii.Error, ValueError) as error:
        raise ValueError(f"an uploaded example is damaged ({error!r})") from error


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
