"""Events in files: one JSON document a line, as mappings/feedback.json describes them."""

import errno
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from indexer.derived.array_file import replacing
from indexer.errors import BadValue, NotFound, StoreAway
from indexer.events import Event
from indexer.kinds import EventKind
from indexer.records import StoreInfo
from indexer.stores.events import check_past, from_document, to_document

NOT_REPLACEABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY)
"""Errors for a file that may be written but not replaced: its folder takes no new files, or it is
mounted by itself, as into a container."""

NOT_AN_EVENT = "{place} is not an event ({wrong}): correct or remove it; nothing was imported"
FOREIGN = (
    "{place} has an example that only another network saw, not {info}: run `magpie reindex --model "
    "{info.model}` on the library that it comes from, and export again; nothing was imported"
)


def write_events(file: Path, events: Sequence[Event]) -> int:
    """Write events in the order given; return their number.

    Raises:
        StoreAway: the file cannot be written; if it can be replaced, it stays as it was.
    """
    content = to_text(events).encode()
    try:
        if file.exists() and not file.is_file():  # such as /dev/stdout
            file.write_bytes(content)
        else:
            _swap_in(Path(os.path.realpath(file)), content)
    except OSError as error:
        raise StoreAway(f"cannot write {str(file)!r}: {error.strerror}") from error
    return content.count(b"\n")


def _swap_in(file: Path, content: bytes) -> None:
    file.parent.resolve(strict=True)  # a mistyped name makes no folder
    try:
        with replacing(file) as whole:
            whole.write(content)
    except OSError as error:
        if error.errno not in NOT_REPLACEABLE:
            raise
        file.write_bytes(content)


def to_text(events: Iterable[Event]) -> str:
    """Return events in their order, a line each; nothing of what was removed for good."""
    written = (event for event in events if event.kind != EventKind.ERASE)
    return "".join(f"{json.dumps(to_document(event))}\n" for event in written)


def read_file(file: Path) -> bytes:
    """Return the content of a file that `write_events` wrote.

    Raises:
        NotFound: there is no such file.
        BadValue: it cannot be read.
    """
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"no file {str(file)!r}: name one that `magpie export` wrote") from None
    except OSError as error:
        raise BadValue(f"cannot read {str(file)!r} ({error}): name another file") from error


def from_text(data: bytes, place: str, info: StoreInfo) -> list[Event]:
    """Return the events of a text, without what only says that others were removed for good.

    Args:
        data: what `to_text` returned, in UTF-8.
        place: where it comes from, for messages.
        info: of the library that is to have them. Its network must have seen each example in one
            of the events, when it was taught or later.

    Raises:
        BadValue: it is not UTF-8, a line is not an event, or only another network saw an example.
    """
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise BadValue(f"cannot read {place} ({error}): name another file") from error
    places = [f"line {number} of {place}" for number, line in enumerate(lines, 1) if line.strip()]
    events = [_read_line(*pair) for pair in zip(filter(str.strip, lines), places, strict=True)]
    fitting = {upload.id for event in events for upload in event.uploads if upload.fits(info)}
    for event, where in zip(events, places, strict=True):
        for upload in event.uploads:
            if upload.weights == info.weights and len(upload.vector) != info.dimensions:
                wrong = f"an uploaded example has {len(upload.vector)} numbers, not "
                wrong += str(info.dimensions)
                raise BadValue(NOT_AN_EVENT.format(place=where, wrong=wrong))
            if upload.id not in fitting:
                raise BadValue(FOREIGN.format(place=where, info=info))
    return [event for event in events if event.kind != EventKind.ERASE]


def _read_line(line: str, place: str) -> Event:
    try:
        document = json.loads(line)
        if not isinstance(document, dict):
            raise ValueError("not a JSON object")
        event = from_document(document)
        check_past(event)
        return event
    except (ValueError, RecursionError) as error:
        raise BadValue(NOT_AN_EVENT.format(place=place, wrong=error)) from error
