"""`magpie teach`, `feedback`, `undo` and `history`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from indexer.commands.lists import ListsCommand
from indexer.commands.options import with_network
from indexer.commands.output import counted
from search.commands.options import LibraryOptions, on_library, with_user

if TYPE_CHECKING:
    from indexer.events import Event
    from search.library import Library
    from search.teaching.teacher import Entry


@contextmanager
def open_existing(library: LibraryOptions) -> Iterator["Library"]:
    """Open a library that exists, and close it again.

    Raises:
        NotFound: there is no library; a mistyped name is not one in which nothing was taught.
    """
    with library.open() as opened:
        opened.need_store()
        yield opened


@contextmanager
def open_to_teach(library: LibraryOptions) -> Iterator["Library"]:
    """Do as `open_existing` with a library that is going to be written.

    Raises:
        NotFound: there is no library.
        ReadOnly: it may only be read.
    """
    with library.open_to_write() as opened:
        opened.need_store()
        yield opened


@click.command(cls=ListsCommand)
@click.argument("word")
@click.argument("photos", nargs=-1, required=True, metavar="PHOTO...")
@click.option(
    "--not",
    "counterexamples",
    multiple=True,
    metavar="PHOTO...",
    help="Photos that do not show WORD.",
)
@with_user
@on_library(with_network)
def teach(
    word: str,
    photos: tuple[str, ...],
    counterexamples: tuple[str, ...],
    user: str,
    library: LibraryOptions,
) -> None:
    """Teach WORD with example photos.

    A PHOTO is an id, or a file in or outside the library.
    """
    with open_to_teach(library) as opened:
        event = opened.teach(word, photos, counterexamples, user=user)
    report = {
        "event": event.id,
        "word": event.word,
        "examples": event.good,
        "counterexamples": event.bad,
    }
    library.target.show(report, [f"learned {event.word!r} from {_count(event)}: {event.id}"])


@click.command(cls=ListsCommand)
@click.argument("query")
@click.option("--good", multiple=True, metavar="PHOTO...", help="Photos that answer the query.")
@click.option("--bad", multiple=True, metavar="PHOTO...", help="Photos that do not.")
@with_user
@on_library()
def feedback(
    query: str, good: tuple[str, ...], bad: tuple[str, ...], user: str, library: LibraryOptions
) -> None:
    """Judge photos as answers to QUERY.

    A PHOTO is an id, or a file in the library. The next search uses your judgement.
    """
    if not good and not bad:
        raise click.UsageError("give photos with --good or --bad")
    with open_to_teach(library) as opened:
        event = opened.feedback(query, good, bad, user=user)
    report = {"event": event.id, "word": event.word, "good": event.good, "bad": event.bad}
    library.target.show(report, [f"noted {_count(event)} for {event.word!r}: {event.id}"])


@click.command()
@click.argument("event", required=False)
@with_user
@on_library()
def undo(event: str | None, user: str, library: LibraryOptions) -> None:
    """Undo EVENT, or your own last event, exactly.

    `magpie history` lists the events.
    """
    with open_to_teach(library) as opened:
        made = opened.undo(event, user)
    report = {"event": made.id, "undone": made.target, "word": made.word}
    library.target.show(report, [f"undone {made.target}"])


@click.command()
@on_library()
def history(library: LibraryOptions) -> None:
    """List everything that was taught, oldest first."""
    with open_existing(library) as opened:
        entries = opened.history()
    library.target.show({"events": entries}, map(_line, entries))


def _line(entry: "Entry") -> str:
    more = f" -> {entry.target}" if entry.target else ""
    judged = f" +{len(entry.good)} -{len(entry.bad)}" if entry.good or entry.bad else ""
    undone = " (undone)" if entry.undone else ""
    what = f"{entry.kind} {entry.word}{judged}{more}{undone}"
    return f"{entry.id}  {entry.time}  {entry.user}  {what}"


def _count(event: "Event") -> str:
    return f"{len(event.good)} good and {counted(len(event.bad), 'bad photo')}"
