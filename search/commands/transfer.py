"""`magpie export` and `magpie import`: what was taught, from one library to another."""

from pathlib import Path

import click

from indexer.commands.output import counted
from search.commands.options import LibraryOptions, on_library
from search.commands.teaching import open_existing

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@on_library()
def export(file: Path, library: LibraryOptions) -> None:
    """Write everything that was taught to FILE, as JSON lines."""
    from search.teaching.event_files import write_events

    with open_existing(library) as opened:
        number = write_events(file, opened.events())
    library.show({"events": number}, [f"{counted(number, 'event')} in {file}"])


@click.command(name="import")
@click.argument("file", type=FILE)
@on_library()
def import_(file: Path, library: LibraryOptions) -> None:
    """Add what another library was taught, from FILE.

    FILE was written there by `magpie export`.
    """
    from search.teaching.event_files import read_file

    with open_existing(library) as opened:
        number = opened.import_(read_file(file), repr(str(file)))
    library.show({"events": number}, [counted(number, "new event")])
