"""`magpie index`: make a library hold what folders hold."""

from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Protocol

import click

from indexer.commands.group import end_on_sigterm
from indexer.commands.options import Target, on_store, with_describing
from indexer.commands.output import say_skipped
from indexer.network.options import NetworkOptions

if TYPE_CHECKING:
    from indexer.pipeline import Options, Report
    from indexer.progress import Progress


class Indexable(Protocol):
    """A library as this command needs it; `location` is its store's URL without a password."""

    @property
    def location(self) -> str:
        """The store's URL."""

    def index(self, folders: Iterable[str], options: "Options", progress: "Progress") -> "Report":
        """Index folders, as the command describes it."""

    def close(self) -> None:
        """Release the store."""


OpenLibrary = Callable[[Target, NetworkOptions], Indexable]


def index_command(open_library: OpenLibrary) -> click.Command:
    """Return the command; libraries are searched too, which this package knows nothing of."""

    @click.command("index")
    @click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
    @click.option("--prune", is_flag=True, help="Remove vanished photos, even if many are gone.")
    @click.option("--watch", is_flag=True, help="Keep following the folders until interrupted.")
    @click.option(
        "--ray",
        default="",
        metavar="ADDRESS",
        help="Describe photos on the Ray cluster at ADDRESS, such as HOST:6379. The store must be "
        "in Elasticsearch, and all machines must see the photos at the same paths.",
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
        """Index the photos in folders.

        Adds new photos, follows moved ones and removes vanished ones; photos in other folders stay
        as they are. Run it again at any time: only what has changed is read. If more than 20 % of a
        folder's photos are gone, as when a disk is not mounted, they are kept unless you give
        --prune.
        """
        from indexer.commands.watching import follow
        from indexer.pipeline import Options
        from indexer.progress.stderr import on_stderr

        end_on_sigterm()
        progress = on_stderr()
        with closing(open_library(target, network)) as library:
            run = partial(library.index, folders, Options(threads, prune, ray=ray), progress)
            report = run()
            _tell(report, target, progress)
            for later in follow(run, report, folders, library.location, progress) if watch else ():
                _tell(later, target, progress)
        if any(trouble.path in folders for trouble in report.failed):
            raise SystemExit(1)

    return index


def _tell(report: "Report", target: Target, progress: "Progress") -> None:
    say_skipped(report.failed, progress)
    for folder in report.kept:
        progress.say(
            f"kept the vanished photos of {folder!r}: over 20 % are gone, as when a disk is not "
            "mounted; --prune removes them"
        )
    target.show(
        report,
        [
            f"{report.indexed:,} indexed, {report.unchanged:,} unchanged, {report.moved:,} moved, "
            f"{report.copies:,} copies, {report.removed:,} removed, {len(report.failed):,} failed "
            f"({report.seconds:.1f} s, {report.photos_per_second:.1f} photos/s)"
        ],
    )
