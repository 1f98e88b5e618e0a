"""`magpie status`: what a library holds, and which words people wanted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from indexer.commands.output import counted, one_line, to_json
from search.commands.options import LibraryOptions, on_library

if TYPE_CHECKING:
    from indexer.neighbours import About
    from indexer.progress.watch_file import Watching
    from search.answers import Demand, Status


@click.command()
@on_library()
def status(library: LibraryOptions) -> None:
    """Show what the library holds.

    Also shows which unknown words people searched for most, and which folders are being followed.
    """
    with library.open() as opened:
        report, demand, gone = opened.status(), opened.demand(), opened.gone_folders()
    as_json = to_json(report) | to_json(demand) | {"gone": list(gone)}
    library.target.show(as_json, [*_lines(report, demand), *map(_gone, gone)])


def _gone(folder: str) -> str:
    return one_line(
        f"gone         {folder!r}: mount its disk, or forget it with "
        f"`magpie index {folder!r} --prune`"
    )


def _lines(report: "Status", demand: "Demand") -> Iterator[str]:
    from indexer.photos import links
    from indexer.photos.left_out import in_words

    mode = ", read-only" if report.read_only else ""
    yield f"store        {report.store} ({report.bytes / 1e6:,.1f} MB{mode})"
    yield f"photos       {report.photos:,} in {counted(report.files, 'file')}"
    if report.previews:
        yield f"previews     {counted(report.previews, 'photo')} described by no more than that yet"
    yield f"unreadable   {counted(report.unreadable, 'file')}"
    if report.left_out:
        number = counted(sum(report.left_out.values()), "file")
        yield one_line(f"left out     {number}: {in_words(report.left_out)}")
    if report.links_out.links:
        number = counted(report.links_out.links, "link")
        yield one_line(f"links out    {number} followed to {links.in_words(report.links_out)}")
    linked = counted(report.linked, "photo")
    yield f"neighbours   stored for {linked}; {_describe(report.index)}"
    weights, looks = f"weights {report.weights[:12]}", counted(report.looks, "look")
    yield f"model        {report.model}, {report.dimensions} dimensions, {weights}, {looks}"
    for watching in report.watching:
        yield one_line(f"watching     {_manner(watching)}")
    yield one_line(f"taught       {_history(report)}")
    yield f"searches     {demand.searches:,}"
    if demand.wanted:
        words = ", ".join(f"{one.word} {one.searches}x" for one in demand.wanted)
        yield one_line(f"to teach     {words}")


def _history(report: "Status") -> str:
    number = counted(report.events, "event")
    if not report.bad_events:
        return number
    return f"{number}; cannot be read: {', '.join(report.bad_events)} (see `magpie verify`)"


def _manner(watching: "Watching") -> str:
    every = watching.every_seconds
    pause = f", all files every {every:g} s" if every else ""
    number = counted(watching.watched, "folder")
    return f"{', '.join(watching.folders)} by {watching.by}{pause} ({number})"


def _describe(index: "About") -> str:
    measured = "" if index.recall is None else f", recall {index.recall:.3f}"
    chosen = "".join(f", {number:,} {name}" for name, number in index.parameters.items())
    return f"{index.index} index of {index.photos:,}{measured}{chosen}"
