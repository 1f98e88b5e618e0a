"""`magpie words`, `forget`, `rename` and `merge`: the learned words."""

import click

from search.commands.options import LibraryOptions, on_library, with_user
from search.commands.teaching import open_existing


@click.command()
@on_library()
def words(library: LibraryOptions) -> None:
    """List the learned words."""
    with open_existing(library) as opened:
        learned = opened.words()
    lines = (f"{word.word}  +{word.good} -{word.bad}  {word.changed}" for word in learned)
    library.show({"words": learned}, lines)


@click.command()
@click.argument("word")
@with_user
@on_library()
def forget(word: str, user: str, library: LibraryOptions) -> None:
    """Forget everything that was taught for WORD."""
    with open_existing(library) as opened:
        event = opened.forget(word, user)
    report = {"event": event.id, "word": event.word}
    library.show(report, [f"forgot {event.word!r}: {event.id}"])


@click.command()
@click.argument("word")
@click.argument("new")
@with_user
@on_library()
def rename(word: str, new: str, user: str, library: LibraryOptions) -> None:
    """Rename the learned word WORD to NEW."""
    with open_existing(library) as opened:
        event = opened.rename(word, new, user)
    report = {"event": event.id, "word": event.word, "new": event.target}
    library.show(report, [f"{event.word!r} is now {event.target!r}: {event.id}"])


@click.command()
@click.argument("word")
@click.argument("into")
@with_user
@on_library()
def merge(word: str, into: str, user: str, library: LibraryOptions) -> None:
    """Merge the learned word WORD into the learned word INTO."""
    with open_existing(library) as opened:
        event = opened.merge(word, into, user)
    report = {"event": event.id, "word": event.word, "into": event.target}
    library.show(report, [f"{event.word!r} is now part of {event.target!r}: {event.id}"])
