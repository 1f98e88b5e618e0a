"""`magpie verify`: is the store as it should be?"""

import click

from search.commands.options import LibraryOptions, on_library


@click.command()
@on_library()
@click.pass_context
def verify(ctx: click.Context, library: LibraryOptions) -> None:
    """Check every invariant of the store and list what is broken."""
    with library.open() as opened:
        broken = opened.verify()
    library.show({"broken": broken}, broken or ["everything is as it should be"])
    ctx.exit(1 if broken else 0)
