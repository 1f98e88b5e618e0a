"""What there is of a word that is to be forgotten for good: events, examples, searches."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.events import Event
from indexer.kinds import EventKind
from indexer.queries import Searched
from search.words.spelling import fold, singular

MOVES = (EventKind.RENAME, EventKind.MERGE)
SAYING_NOTHING = (EventKind.UNDO, EventKind.DESCRIBE, EventKind.ERASE)


@dataclass(frozen=True, slots=True)
class Traces:
    """What a log has of a word.

    Attributes:
        names: the word, and those that became it by being renamed or merged.
        ids: of the events that are to go.
        changed: events that described examples of the word beside others, without those.
        examples: number of pictures that were kept as examples, and go.
    """

    names: frozenset[str]
    ids: tuple[str, ...]
    changed: tuple[Event, ...]
    examples: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed for good: the word, and how much of it there was."""

    word: str
    events: int
    examples: int
    searches: int


def traces(events: Sequence[Event], word: str) -> Traces:
    """Find what a log has of a word.

    Args:
        events: all, oldest first.
        word: in its normal form.
    """
    ids = _ids(events, word)
    ids |= {one.id for one in events if one.kind == EventKind.UNDO and one.target in ids}
    gone = [event for event in events if event.id in ids]
    staying = [event for event in events if event.id not in ids]
    examples = _examples(gone) - _examples(staying)
    described = [event for event in staying if event.kind == EventKind.DESCRIBE]
    changed = [_without(event, examples) for event in described]
    emptied = {event.id for event in changed if not event.uploads}
    names = {word, *(event.word for event in gone if event.word and event.target in ("", word))}
    return Traces(
        frozenset(names),
        tuple(event.id for event in events if event.id in ids | emptied),
        tuple(
            now for was, now in zip(described, changed, strict=True) if now != was and now.uploads
        ),
        len(examples),
    )


def searches_for(searches: Iterable[Searched], names: Collection[str]) -> Iterator[int]:
    """Yield the numbers of the searches that have one of the names among their words."""
    wanted = {form for name in names for form in _forms(name)}
    for one in searches:
        if any(form in asked for asked in _forms(one.query) for form in wanted):
            yield one.number


def _forms(text: str) -> tuple[str, str]:
    """Return the words of a text, as they are and in the singular, with a space around each."""
    words = fold(text).split()
    return f" {' '.join(words)} ", f" {' '.join(map(singular, words))} "


def _ids(events: Iterable[Event], word: str) -> set[str]:
    """Return the ids of events that ever belonged to a word, or name it."""
    undone = {event.target for event in events if event.kind == EventKind.UNDO}
    lessons: defaultdict[str, set[str]] = defaultdict(set)
    found: set[str] = set()
    for event in events:
        if event.kind in SAYING_NOTHING:
            continue
        if word in (event.word, event.target):
            found.add(event.id)
        if event.kind in MOVES and event.id not in undone:
            lessons[event.target] |= lessons.pop(event.word, set()) | {event.id}
        elif event.kind == EventKind.FORGET and event.id not in undone:
            lessons.pop(event.word, None)
        else:
            lessons[event.word].add(event.id)
        found |= lessons[word]
    return found


def _examples(events: Iterable[Event]) -> set[str]:
    taught = (event for event in events if event.kind != EventKind.DESCRIBE)
    return {upload.id for event in taught for upload in event.uploads}


def _without(event: Event, examples: Collection[str]) -> Event:
    kept = tuple(upload for upload in event.uploads if upload.id not in examples)
    return replace(event, uploads=kept)
