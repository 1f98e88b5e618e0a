"""`magpie`: the commands that teach, and those that tell what was taught."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.commands.cli import Target, on_store, show_json, with_network
from indexer.network.options import NetworkOptions
from search.commands.options import open_target

if TYPE_CHECKING:
    from indexer.records import Event
    from search.library import Library

USER = click.option(
    "--user", default="anonymous", show_default=True, metavar="NAME", help="Who teaches."
)


class PhotosCommand(click.Command):
    """A command whose repeatable options each take all words up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat the flag before each of its words, as click wants it."""
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


@click.command(cls=PhotosCommand)
@click.argument("word")
@click.argument("photos", nargs=-1, required=True, metavar="PHOTO...")
@click.option("--not", "counterexamples", multiple=True, metavar="PHOTO...", help="Do not show it.")
@USER
@with_network
@on_store
def teach(
    word: str,
    photos: tuple[str, ...],
    counterexamples: tuple[str, ...],
    user: str,
    network: NetworkOptions,
    target: Target,
) -> None:
    """Teach WORD by photos in or outside the library."""
    with _open(target, network) as library:
        event = library.teach(word, photos, counterexamples, user=user)
    done = {
        "event": event.id,
        "word": event.word,
        "examples": event.good,
        "counterexamples": event.bad,
    }
    _show(target, done, f"learned {event.word!r} from {_count(event)}: {event.id}")


@click.command(cls=PhotosCommand)
@click.argument("query")
@click.option("--good", multiple=True, metavar="PHOTO...", help="Photos that answer the query.")
@click.option("--bad", multiple=True, metavar="PHOTO...", help="Photos that do not.")
@USER
@on_store
def feedback(
    query: str, good: tuple[str, ...], bad: tuple[str, ...], user: str, target: Target
) -> None:
    """Judge photos as answers to QUERY; the next search has it."""
    if not good and not bad:
        raise click.UsageError("give photos with --good or --bad")
    with _open(target) as library:
        event = library.feedback(query, good, bad, user=user)
    done = {"event": event.id, "word": event.word, "good": event.good, "bad": event.bad}
    _show(target, done, f"noted {_count(event)} for {event.word!r}: {event.id}")


@click.command()
@click.argument("event", required=False)
@USER
@on_store
def undo(event: str | None, user: str, target: Target) -> None:
    """Take back EVENT, or the user's last one, exactly."""
    with _open(target) as library:
        made = library.undo(event, user)
    done = {"event": made.id, "undone": made.target, "word": made.word}
    _show(target, done, f"undone {made.target}")


@click.command()
@on_store
def history(target: Target) -> None:
    """List all that was taught, oldest first."""
    with _open(target) as library:
        entries = library.history()
    if target.as_json:
        show_json({"events": entries})
        return
    for entry in entries:
        more = f" -> {entry.target}" if entry.target else ""
        judged = f" +{len(entry.good)} -{len(entry.bad)}" if entry.good or entry.bad else ""
        undone = " (undone)" if entry.undone else ""
        click.echo(
            f"{entry.id}  {entry.time}  {entry.user}  {entry.kind} {entry.word}"
            f"{judged}{more}{undone}"
        )


@click.command()
@on_store
def words(target: Target) -> None:
    """List the learned words."""
    with _open(target) as library:
        learned = library.words()
    if target.as_json:
        show_json({"words": learned})
        return
    for word in learned:
        click.echo(f"{word.word}  +{word.good} -{word.bad}  {word.changed}")


@click.command()
@click.argument("word")
@USER
@on_store
def forget(word: str, user: str, target: Target) -> None:
    """Forget all that was taught for WORD."""
    with _open(target) as library:
        event = library.forget(word, user)
    _show(target, {"event": event.id, "word": event.word}, f"forgot {event.word!r}: {event.id}")


@click.command()
@click.argument("word")
@click.argument("new")
@USER
@on_store
def rename(word: str, new: str, user: str, target: Target) -> None:
    """Give a learned WORD the name NEW."""
    with _open(target) as library:
        event = library.rename(word, new, user)
    done = {"event": event.id, "word": event.word, "new": event.target}
    _show(target, done, f"{event.word!r} is now {event.target!r}: {event.id}")


@click.command()
@click.argument("word")
@click.argument("into")
@USER
@on_store
def merge(word: str, into: str, user: str, target: Target) -> None:
    """Add what was taught for WORD to the learned word INTO."""
    with _open(target) as library:
        event = library.merge(word, into, user)
    done = {"event": event.id, "word": event.word, "into": event.target}
    _show(target, done, f"{event.word!r} is now part of {event.target!r}: {event.id}")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@on_store
def export(file: Path, target: Target) -> None:
    """Write all that was taught to FILE, as JSON lines."""
    from search.teaching.event_files import write_events

    with _open(target) as library:
        number = write_events(file, library.events())
    _show(target, {"events": number}, f"{number:,} events in {file}")


@click.command(name="import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@on_store
def import_(file: Path, target: Target) -> None:
    """Add what another library was taught, from a FILE of `magpie export`."""
    from search.teaching.event_files import read_file

    with _open(target) as library:
        number = library.import_(read_file(file), repr(str(file)))
    _show(target, {"events": number}, f"{number:,} new events")


COMMANDS = (teach, feedback, undo, history, words, forget, rename, merge, export, import_)
"""For the group in search/commands.py."""


@contextmanager
def _open(target: Target, network: NetworkOptions | None = None) -> Iterator["Library"]:
    with open_target(target, network) as library:
        library.need_store()  # of a name that is mistyped, nothing is told
        yield library


def _show(target: Target, done: dict[str, Any], line: str) -> None:
    if target.as_json:
        show_json(done)
    else:
        click.echo(line)


def _count(event: "Event") -> str:
    return f"{len(event.good)} good and {len(event.bad)} bad photos"
