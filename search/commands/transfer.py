"""`magpie export` and `magpie import`: what was taught, from one library to another."""

from pathlib import Path

import click

from indexer.commands.output import counted
from search.commands.options import LibraryOptions, on_library
from search.commands.teaching import open_teacher

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@on_library()
def export(file: Path, library: LibraryOptions) -> None:
    """Write everything that was taught to FILE, as JSON lines."""
    with open_teacher(library) as teacher:
        number = teacher.export(file)
    library.show({"events": number}, [f"{counted(number, 'event')} in {file}"])


@click.command(name="import")
@click.argument("file", type=FILE)
@on_library()
def import_(file: Path, library: LibraryOptions) -> None:
    """Add what another library was taught, from FILE.

    FILE was written there by `magpie export`.
    """
    with open_teacher(library) as teacher:
        number = teacher.import_(file)
    library.show({"events": number}, [counted(number, "new event")])
