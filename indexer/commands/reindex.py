"""`magpie reindex`: another network for a library that is in use."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import click

from indexer.commands.group import end_on_sigterm
from indexer.commands.options import Target, on_store, with_describing, with_looks
from indexer.commands.output import say_skipped
from indexer.network.options import NetworkOptions

if TYPE_CHECKING:
    from indexer.moving.reindex import Renewed
    from indexer.pipeline import Options
    from indexer.progress import Progress
    from indexer.stores import Store

Prepare = Callable[["Store"], None]


def reindex_command(prepare: Prepare) -> click.Command:
    """Return the command; `prepare` readies a store for searches, which come in another package."""

    @click.command("reindex")
    @click.option("--prune", is_flag=True, help="Leave out photos whose files are gone.")
    @click.option("--drop-old", is_flag=True, help="Remove what this or an earlier run replaced.")
    @click.option("--cancel", is_flag=True, help="Remove what an unfinished run has written.")
    @with_looks()
    @with_describing
    @on_store
    def reindex(
        prune: bool,
        drop_old: bool,
        cancel: bool,
        network: NetworkOptions,
        threads: int,
        target: Target,
    ) -> None:
        """Switch the library to another vision network.

        Or to another number of looks. Describes all photos with the network --model, in --looks
        looks each, then switches the library to that. People can search and teach meanwhile. If a
        run was interrupted, run the same command again to continue.
        """
        from indexer.moving import reindex as reindexing
        from indexer.pipeline import Options
        from indexer.progress.stderr import on_stderr
        from indexer.stores import open_store, require_writable

        named = network.model != "auto" or network.looks is not None
        if (cancel and (named or drop_old)) or not (named or drop_old or cancel):
            raise click.UsageError(
                "give --model NAME, --looks auto, or both, with --drop-old or without; or "
                "--drop-old; or --cancel"
            )
        end_on_sigterm()
        progress, options = on_stderr(), Options(threads, prune)
        with closing(open_store(target.url)) as store:
            require_writable(store)
            done = _renew(store, network, options, progress, prepare) if named else None
            dropped = reindexing.drop_old(store, progress) if drop_old else ()
            cancelled = reindexing.cancel(store, progress) if cancel else False
        report = {"done": done, "dropped": dropped, "cancelled": cancelled}
        target.show(report, _lines(done, dropped, cancelled))

    return reindex


def _renew(
    store: "Store",
    network: NetworkOptions,
    options: "Options",
    progress: "Progress",
    prepare: Prepare,
) -> "Renewed":
    from indexer.moving.reindex import Reindexing
    from indexer.network.describer import open_renewer

    describer = open_renewer(network, store.identity.info())
    done = Reindexing(store, describer, options, progress, (prepare,)).run()
    say_skipped(done.failed, progress)
    for name in done.lost:
        progress.say(f"no thumbnail of the example {name!r} was kept: teach it again")
    return done


def _lines(done: "Renewed | None", dropped: tuple[str, ...], cancelled: bool) -> Iterator[str]:
    if done and done.swapped:
        yield (
            f"{done.photos:,} photos are described by {done.model} now, {done.described:,} by this "
            f"run ({done.seconds:.1f} s, {done.photos_per_second:.1f} photos/s), "
            f"{done.examples:,} examples"
        )
    elif done:
        yield f"nothing to do: {done.photos:,} photos are described by {done.model} already"
    if done and done.old and not dropped:
        yield f"kept: {', '.join(done.old)}; magpie reindex --drop-old removes it"
    if dropped:
        yield f"removed: {', '.join(dropped)}"
    if cancelled:
        yield "removed the unfinished run"
    if not (done or dropped or cancelled):
        yield "nothing to remove"
