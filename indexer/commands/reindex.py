"""`magpie reindex`: another network for a library that is in use."""

from contextlib import closing
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
    from indexer.moving.reindex import Renewed
    from indexer.progress import Progress
    from indexer.stores import Store


@click.command()
@click.option("--prune", is_flag=True, help="Leave out photos whose files are gone.")
@click.option("--drop-old", is_flag=True, help="Remove what was replaced, now or by earlier calls.")
@click.option("--cancel", is_flag=True, help="Remove what a call that did not end has made.")
@with_describing
@on_store
def reindex(
    prune: bool, drop_old: bool, cancel: bool, network: NetworkOptions, threads: int, target: Target
) -> None:
    """Describe all photos by the network --model, beside the library in use, then swap.

    People search and teach meanwhile. A call that was ended goes on when it is given again.
    """
    from indexer.moving import reindex as reindexing
    from indexer.progress.stderr import on_stderr
    from indexer.stores import open_store

    named = network.model != "auto"
    if (cancel and (named or drop_old)) or not (named or drop_old or cancel):
        raise click.UsageError("give one of --model NAME, --model NAME --drop-old, --drop-old, "
                               "--cancel")  # fmt: skip
    end_on_sigterm()
    progress = on_stderr()
    with closing(open_store(target.url)) as store:
        done = _renew(store, network, threads, prune, progress) if named else None
        dropped = reindexing.drop_old(store, progress) if drop_old else ()
        cancelled = reindexing.cancel(store, progress) if cancel else False
    _tell(target, done, dropped, cancelled)


def _renew(
    store: "Store", network: NetworkOptions, threads: int, prune: bool, progress: "Progress"
) -> "Renewed":
    from indexer.moving.reindex import Reindexing
    from indexer.network.describer import open_describer
    from indexer.pipeline import Options

    # What the group of commands does with every indexed store: searching has files of its own.
    prepare = click.get_current_context().find_root().obj or ()
    describer = open_describer(network, None)
    done = Reindexing(store, describer, Options(threads, prune), progress, prepare).run()
    say_skipped(done.failed, progress)
    for name in done.lost:
        progress.say(f"no thumbnail of the example {name!r} was kept: teach it again")
    return done


def _tell(
    target: Target, done: "Renewed | None", dropped: tuple[str, ...], cancelled: bool
) -> None:
    if target.as_json:
        show_json({"done": done, "dropped": dropped, "cancelled": cancelled})
        return
    if done and done.swapped:
        click.echo(
            f"{done.photos:,} photos are described by {done.model} now, {done.described:,} by this "
            f"call ({done.seconds:.1f} s, {done.photos_per_second:.1f} photos/s), "
            f"{done.examples:,} examples"
        )
    elif done:
        click.echo(f"nothing to do: {done.photos:,} photos are described by {done.model} already")
    if done and done.old and not dropped:
        click.echo(f"kept: {', '.join(done.old)}; magpie reindex --drop-old removes it")
    if dropped:
        click.echo(f"removed: {', '.join(dropped)}")
    if cancelled:
        click.echo("removed what was begun")
    if not (done or dropped or cancelled):
        click.echo("nothing to remove")
