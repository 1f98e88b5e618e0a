"""The commands that write."""

from functools import partial
from typing import TYPE_CHECKING

import click

from indexer.commands.cli import (
    Target,
    end_on_sigterm,
    on_store,
    say_skipped,
    show_json,
    with_describing,
)
from indexer.network.options import NetworkOptions

if TYPE_CHECKING:
    from indexer.pipeline import Report
    from indexer.progress import Progress


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
@click.option("--prune", is_flag=True, help="Remove vanished photos, however many are gone.")
@click.option("--watch", is_flag=True, help="Keep following the folders until interrupted.")
@click.option(
    "--ray",
    default="",
    metavar="ADDRESS",
    help="Describe photos on the Ray cluster at ADDRESS, such as HOST:6379; the store must be "
    "Elasticsearch, and all machines see the photos at the same paths.",
)
@with_describing
@on_store
def index(
    folders: tuple[str, ...],
    prune: bool,
    watch: bool,
    ray: str,
    network: NetworkOptions,
    threads: int,
    target: Target,
) -> None:
    """Add new photos of folders, follow moved ones, remove vanished ones."""
    from indexer import pipeline
    from indexer.commands.watching import follow
    from indexer.network.describer import keep_describer
    from indexer.progress.stderr import on_stderr
    from indexer.stores import open_store

    end_on_sigterm()
    store = open_store(target.url)
    progress = on_stderr()
    options = pipeline.Options(threads, prune, ray=ray)
    describer = keep_describer(network, store.identity.info)
    run = partial(pipeline.index, store, folders, describer, options, progress)
    report = run()
    _tell(report, target, progress)
    # What the group of commands does with every indexed store: searching has files of its own.
    for prepare in click.get_current_context().find_root().obj or ():
        prepare(store)
    if watch:
        for later in follow(run, report, folders, store.location, progress):
            _tell(later, target, progress)
    store.close()
    if any(trouble.path in folders for trouble in report.failed):
        raise SystemExit(1)


def _tell(report: "Report", target: Target, progress: "Progress") -> None:
    say_skipped(report.failed, progress)
    for folder in report.kept:
        progress.say(
            f"kept the vanished photos of {folder!r}: over 20 % are gone, as when a disk is not "
            "mounted; --prune removes them"
        )
    if target.as_json:
        show_json(report)
        return
    click.echo(
        f"{report.indexed:,} indexed, {report.unchanged:,} unchanged, {report.moved:,} moved, "
        f"{report.copies:,} copies, {report.removed:,} removed, {len(report.failed):,} failed "
        f"({report.seconds:.1f} s, {report.photos_per_second:.1f} photos/s)"
    )
