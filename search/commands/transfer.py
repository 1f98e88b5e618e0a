"""`magpie export` and `magpie import`: what was taught, from one library to another."""

from pathlib import Path

import click

from indexer.commands.output import counted
from search.commands.options import LibraryOptions, on_library
from search.commands.teaching import open_existing, open_to_teach

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@on_library()
@click.pass_context
def export(ctx: click.Context, file: Path, library: LibraryOptions) -> None:
    """Write everything that was taught to FILE, as JSON lines.

    Events that cannot be read any more are left out and named, and the command fails.
    """
    from search.teaching.event_files import write_events

    with open_existing(library) as opened:
        number = write_events(file, opened.events())
        bad = [event.name for event in opened.bad_events()]
    lines = [f"{counted(number, 'event')} in {file}"]
    if bad:
        lines.append(f"without {counted(len(bad), 'event')}: see `magpie verify`")
    library.target.show({"events": number, "unreadable": bad}, lines)
    ctx.exit(1 if bad else 0)


@click.command(name="import")
@click.argument("file", type=FILE)
@on_library()
def import_(file: Path, library: LibraryOptions) -> None:
    """Add what another library was taught, from FILE.

    FILE was written there by `magpie export`.
    """
    from search.teaching.event_files import read_file

    with open_to_teach(library) as opened:
        number = opened.import_(read_file(file), repr(str(file)))
    library.target.show({"events": number}, [counted(number, "new event")])
