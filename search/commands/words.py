"""`magpie words`, `forget`, `rename` and `merge`: the learned words."""

import click

from indexer.commands.output import counted
from search.commands.options import LibraryOptions, on_library, with_user
from search.commands.teaching import open_existing, open_to_teach


@click.command()
@on_library()
def words(library: LibraryOptions) -> None:
    """List the learned words."""
    with open_existing(library) as opened:
        learned = opened.words()
    lines = (f"{word.word}  +{word.good} -{word.bad}  {word.changed}" for word in learned)
    library.target.show({"words": learned}, lines)


@click.command()
@click.argument("word")
@click.option(
    "--for-good",
    is_flag=True,
    help="Remove WORD from the history too, with its examples and searches, and from all copies. "
    "Nothing can undo that.",
)
@with_user
@on_library()
def forget(word: str, for_good: bool, user: str, library: LibraryOptions) -> None:
    """Forget everything that was taught for WORD.

    `magpie undo` takes that back, as the history keeps everything, unless you give --for-good.
    """
    if for_good:
        _forget_for_good(word, library)
        return
    with open_to_teach(library) as opened:
        event = opened.forget(word, user)
    report = {"event": event.id, "word": event.word}
    library.target.show(report, [f"forgot {event.word!r}: {event.id}"])


def _forget_for_good(word: str, library: LibraryOptions) -> None:
    with open_to_teach(library) as opened:
        gone = opened.forget_for_good(word)
    counts = (
        counted(gone.events, "event"),
        counted(gone.examples, "example"),
        f"{gone.searches:,} search{'' if gone.searches == 1 else 'es'}",
    )
    library.target.show(gone, [f"removed {gone.word!r} for good: {', '.join(counts)}"])


@click.command()
@click.argument("word")
@click.argument("new")
@with_user
@on_library()
def rename(word: str, new: str, user: str, library: LibraryOptions) -> None:
    """Rename the learned word WORD to NEW."""
    with open_to_teach(library) as opened:
        event = opened.rename(word, new, user)
    report = {"event": event.id, "word": event.word, "new": event.target}
    library.target.show(report, [f"{event.word!r} is now {event.target!r}: {event.id}"])


@click.command()
@click.argument("word")
@click.argument("into")
@with_user
@on_library()
def merge(word: str, into: str, user: str, library: LibraryOptions) -> None:
    """Merge the learned word WORD into the learned word INTO."""
    with open_to_teach(library) as opened:
        event = opened.merge(word, into, user)
    report = {"event": event.id, "word": event.word, "into": event.target}
    library.target.show(report, [f"{event.word!r} is now part of {event.target!r}: {event.id}"])
