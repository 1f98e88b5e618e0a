"""`magpie copy`: a library moves from one store to another."""

import time
from dataclasses import asdict

import click

from indexer.commands.cli import end_on_sigterm, show_json


@click.command("copy")
@click.option(
    "--from",
    "source",
    envvar="MAGPIE_STORE",
    show_envvar=True,
    metavar="URL",
    help="The library to copy.  [default: photos.db in the user data folder]",
)
@click.option(
    "--to",
    "target",
    required=True,
    envvar="MAGPIE_COPY_TO",
    show_envvar=True,
    metavar="URL",
    help="Where there is no library yet; or an unfinished copy, which goes on.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
def copy(source: str | None, target: str, as_json: bool) -> None:
    """Copy a library, with all that it was taught, to another store.

    sqlite:///path and http(s)://host:9200/name in any combination. Photo files stay where they are.
    """
    from indexer.derived.locations import default_store
    from indexer.progress.stderr import on_stderr
    from search.library_copy import copy_library

    end_on_sigterm()
    began = time.monotonic()
    done = copy_library(source or default_store(), target, on_stderr())
    seconds = time.monotonic() - began
    if as_json:
        show_json({**asdict(done), "seconds": round(seconds, 3)})
    else:
        click.echo(
            f"{done.photos:,} photos, {done.events:,} events, {done.words:,} words and "
            f"{done.searches:,} searches are in {done.target}; {done.written:,} photos written, "
            f"{done.removed:,} removed, {done.queries:,} queries rank alike ({seconds:.1f} s)"
        )
