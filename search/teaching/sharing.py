"""Events in files: JSON lines, one an event, as mappings/feedback.json describes them."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.errors import BadValue, NotFound, StoreAway
from indexer.events import from_document, to_document
from indexer.records import Event


def write_events(file: Path, events: Iterable[Event]) -> int:
    """Write events in their order; return their number.

    Raises:
        StoreAway: the file cannot be written.
    """
    lines = [f"{json.dumps(to_document(event))}\n" for event in events]
    try:
        file.write_text("".join(lines), "utf-8")
    except OSError as error:
        raise StoreAway(f"cannot write {str(file)!r}: {error.strerror}") from error
    return len(lines)


def read_events(file: Path, dimensions: int) -> Iterator[Event]:
    """Yield the events of a file.

    Args:
        file: what `write_events` wrote.
        dimensions: length of the vectors of the library, which examples must have too.

    Raises:
        NotFound: there is no such file.
        BadValue: it cannot be read, or a line is no event.
    """
    try:
        lines = file.read_text("utf-8").split("\n")
    except FileNotFoundError:
        raise NotFound(f"no file {str(file)!r}: name one that `magpie export` wrote") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadValue(f"cannot read {str(file)!r} ({error}): name another file") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _read_line(line, f"line {number} of {str(file)!r}", dimensions)


def _read_line(line: str, place: str, dimensions: int) -> Event:
    try:
        document = json.loads(line)
        if not isinstance(document, dict):
            raise ValueError("no JSON object")
        event = from_document(document)
        for upload in event.uploads:
            if upload.vector.shape != (dimensions,):
                raise ValueError(f"example of {len(upload.vector)} dimensions, not {dimensions}")
    except (ValueError, RecursionError) as error:
        message = f"{place} is no event ({error}): mend or remove it; nothing was imported"
        raise BadValue(message) from error
    return event
