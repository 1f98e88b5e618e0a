"""`magpie index`: make a library hold what folders hold."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

import click

from indexer.commands.group import end_on_sigterm
from indexer.commands.lists import ListsCommand
from indexer.commands.options import Target, on_store, with_describing, with_looks
from indexer.commands.output import counted, say_damaged, say_skipped
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

    @click.command("index", cls=ListsCommand)
    @click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
    @click.option(
        "--prune",
        is_flag=True,
        help="Remove vanished photos, even if many are gone, or the whole folder is.",
    )
    @click.option("--reread", is_flag=True, help="Look into files that seem unchanged, too.")
    @click.option("--watch", is_flag=True, help="Keep following the folders until interrupted.")
    @click.option(
        "--poll",
        "poll_seconds",
        type=click.FloatRange(1, 86_400),
        metavar="SECONDS",
        help="With --watch, look at all files at this pace, instead of waiting for the system to "
        "tell of changes: for folders on a network.",
    )
    @click.option(
        "--ray",
        default="",
        metavar="ADDRESS",
        help="Describe photos on the Ray cluster at ADDRESS, such as HOST:6379. The store must be "
        "in Elasticsearch, and all machines must see the photos at the same paths.",
    )
    @click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN...",
        help="Leave out what the patterns match, as .gitignore does, relative to each FOLDER. "
        "A .magpieignore file in a folder does the same for good.",
    )
    @click.option(
        "--follow-links/--no-follow-links",
        default=True,
        show_default=True,
        help="Index what symbolic links in FOLDER lead to. Do not where others can make links.",
    )
    @click.option(
        "--thumbnails",
        type=click.Choice(["yes", "no"]),
        default="yes",
        show_default=True,
        callback=lambda _context, _option, given: given == "yes",
        help="Keep thumbnails of new photos for the page, of up to 20 kB each; no: it makes them "
        "when it shows them.",
    )
    @click.option(
        "--one-pass",
        is_flag=True,
        help="Do not describe photos by the previews that their files carry first, by which they "
        "are found much sooner.",
    )
    @with_looks("MAGPIE_LOOKS")
    @with_describing
    @on_store
    def index(
        folders: tuple[str, ...],
        prune: bool,
        reread: bool,
        watch: bool,
        poll_seconds: float | None,
        ray: str,
        exclude: tuple[str, ...],
        follow_links: bool,
        thumbnails: bool,
        one_pass: bool,
        network: NetworkOptions,
        threads: int,
        target: Target,
    ) -> None:
        """Index the photos in folders.

        Adds new photos, follows moved ones and removes vanished ones; photos in other folders stay
        as they are. Run it again at any time: only what has changed is read. If over 20 % of the
        photos of a folder, of one below it or of a disk are gone, as when a disk is not mounted,
        they are kept unless you give --prune.
        """
        from indexer.commands.watching import follow
        from indexer.pipeline import Options
        from indexer.progress.stderr import on_stderr

        if poll_seconds and not watch:
            raise click.UsageError("--poll SECONDS goes with --watch")
        end_on_sigterm()
        progress = on_stderr()
        with closing(open_library(target, network)) as library:
            # Later runs read the few files that changed, at once.
            options = Options(
                threads,
                prune,
                ray=ray,
                exclude=exclude,
                thumbnails=thumbnails,
                one_pass=True,
                checks_derived=False,
            )
            options = replace(options, follow_links=follow_links)
            first = replace(options, reread=reread, one_pass=one_pass, checks_derived=True)
            report = library.index(folders, first, progress)
            run = partial(library.index, folders, options, progress)
            _tell(report, target, progress)
            if watch:
                place, poll = library.location, poll_seconds or 0.0
                for later in follow(run, report, folders, place, progress, poll):
                    _tell(later, target, progress)
        if any(trouble.path in folders for trouble in report.failed):
            raise SystemExit(1)

    return index


def _tell(report: "Report", target: Target, progress: "Progress") -> None:
    from indexer.photos.left_out import in_words

    say_skipped(report.failed, progress)
    say_damaged(report.damaged, progress)
    lines = [
        f"{report.indexed:,} indexed, {report.unchanged:,} unchanged, {report.moved:,} moved, "
        f"{report.copies:,} copies, {report.removed:,} removed, {len(report.failed):,} failed "
        f"({report.seconds:.1f} s, {report.photos_per_second:.1f} photos/s)"
    ]
    if report.left_out:
        number = counted(sum(report.left_out.values()), "file")
        lines.append(f"{number} left out: {in_words(report.left_out)}")
    for folder, files in report.removed_from.items():
        lines.append(f"forgot {counted(files, 'vanished file')} of {folder!r}")
    for folder, photos in report.kept_photos.items():
        lines.append(
            f"kept {counted(photos, 'vanished photo')} of {folder!r}, as its disk may not be "
            "mounted; --prune removes them"
        )
    target.show(report, lines)
