"""`magpie teach`, `feedback`, `undo` and `history`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from indexer.commands.options import with_network
from indexer.commands.output import counted
from search.commands.options import LibraryOptions, on_library, with_user

if TYPE_CHECKING:
    from indexer.records import Event
    from search.library import Library
    from search.teaching.teacher import Entry


class PhotosCommand(click.Command):
    """A command whose repeatable options each take all words up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat the flag before each of its words, as click needs it."""
        many = {
            flag
            for option in self.params
            if isinstance(option, click.Option) and option.multiple
            for flag in option.opts
        }
        return super().parse_args(ctx, repeat_flags(args, many))


def repeat_flags(args: list[str], many: set[str]) -> list[str]:
    """Turn ["--good", "a", "b"] into ["--good", "a", "--good", "b"] for flags in `many`."""
    repeated: list[str] = []
    flag, is_fresh = None, False
    for word in args:
        if word.startswith("--"):
            name = word.partition("=")[0]
            flag, is_fresh = (name if name in many else None), name == word
            repeated.append(word)
        elif flag is None or is_fresh:
            repeated.append(word)
            is_fresh = False
        else:
            repeated += [flag, word]
    return repeated


@contextmanager
def open_existing(library: LibraryOptions) -> Iterator["Library"]:
    """Open a library that exists, and close it again.

    Raises:
        NotFound: there is no library; a mistyped name is not one in which nothing was taught.
    """
    with library.open() as opened:
        opened.need_store()
        yield opened


@click.command(cls=PhotosCommand)
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
    with open_existing(library) as opened:
        event = opened.teach(word, photos, counterexamples, user=user)
    report = {
        "event": event.id,
        "word": event.word,
        "examples": event.good,
        "counterexamples": event.bad,
    }
    library.show(report, [f"learned {event.word!r} from {_count(event)}: {event.id}"])


@click.command(cls=PhotosCommand)
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
    with open_existing(library) as opened:
        event = opened.feedback(query, good, bad, user=user)
    report = {"event": event.id, "word": event.word, "good": event.good, "bad": event.bad}
    library.show(report, [f"noted {_count(event)} for {event.word!r}: {event.id}"])


@click.command()
@click.argument("event", required=False)
@with_user
@on_library()
def undo(event: str | None, user: str, library: LibraryOptions) -> None:
    """Undo EVENT, or your own last event, exactly.

    `magpie history` lists the events.
    """
    with open_existing(library) as opened:
        made = opened.undo(event, user)
    report = {"event": made.id, "undone": made.target, "word": made.word}
    library.show(report, [f"undone {made.target}"])


@click.command()
@on_library()
def history(library: LibraryOptions) -> None:
    """List everything that was taught, oldest first."""
    with open_existing(library) as opened:
        entries = opened.history()
    library.show({"events": entries}, map(_line, entries))


def _line(entry: "Entry") -> str:
    more = f" -> {entry.target}" if entry.target else ""
    judged = f" +{len(entry.good)} -{len(entry.bad)}" if entry.good or entry.bad else ""
    undone = " (undone)" if entry.undone else ""
    what = f"{entry.kind} {entry.word}{judged}{more}{undone}"
    return f"{entry.id}  {entry.time}  {entry.user}  {what}"


def _count(event: "Event") -> str:
    return f"{len(event.good)} good and {counted(len(event.bad), 'bad photo')}"
