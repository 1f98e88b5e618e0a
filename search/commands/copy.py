"""`magpie copy`: a library moves from one store to another."""

import time
from dataclasses import asdict

import click

from indexer.commands.group import end_on_sigterm
from indexer.commands.options import DEFAULT_STORE_HELP, Target, with_json
from indexer.derived.locations import default_store


@click.command("copy")
@click.option(
    "--from",
    "source",
    envvar="MAGPIE_STORE",
    show_envvar=True,
    metavar="URL",
    help=f"The library to copy.  {DEFAULT_STORE_HELP}",
)
@click.option(
    "--to",
    "target",
    required=True,
    envvar="MAGPIE_COPY_TO",
    show_envvar=True,
    metavar="URL",
    help="A place without a library, or an unfinished copy to continue.",
)
@with_json
def copy(source: str | None, target: str, as_json: bool) -> None:
    """Copy a whole library to another store.

    Everything it was taught comes along; the photo files stay where they are. URLs are
    sqlite:///path and http(s)://host:9200/name, in any combination.
    """
    from indexer.progress.stderr import on_stderr
    from search.library_copy import copy_library

    end_on_sigterm()
    began = time.monotonic()
    done = copy_library(source or default_store(), target, on_stderr())
    seconds = time.monotonic() - began
    Target(target, as_json).show(
        {**asdict(done), "seconds": round(seconds, 3)},
        [
            f"{done.photos:,} photos, {done.events:,} events, {done.words:,} words and "
            f"{done.searches:,} searches are in {done.target}; {done.written:,} photos written, "
            f"{done.removed:,} removed, {done.queries:,} queries rank alike ({seconds:.1f} s)"
        ],
    )
