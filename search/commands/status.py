"""`magpie status`: what a library holds, and which words people wanted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from indexer.commands.output import counted, one_line, to_json
from search.commands.options import LibraryOptions, on_library

if TYPE_CHECKING:
    from indexer.neighbours import About
    from search.answers import Demand, Status


@click.command()
@on_library()
def status(library: LibraryOptions) -> None:
    """Show what the library holds.

    Also shows which unknown words people searched for most.
    """
    with library.open() as opened:
        report, demand = opened.status(), opened.demand()
    library.show(to_json(report) | to_json(demand), _lines(report, demand))


def _lines(report: "Status", demand: "Demand") -> Iterator[str]:
    yield f"store        {report.store} ({report.bytes / 1e6:,.1f} MB)"
    yield f"photos       {report.photos:,} in {counted(report.files, 'file')}"
    yield f"unreadable   {counted(report.unreadable, 'file')}"
    linked = counted(report.linked, "photo")
    yield f"neighbours   stored for {linked}; {_describe(report.index)}"
    weights = f"weights {report.weights[:12]}"
    yield f"model        {report.model}, {report.dimensions} dimensions, {weights}"
    yield f"searches     {demand.searches:,}"
    if demand.wanted:
        words = ", ".join(f"{one.word} {one.searches}x" for one in demand.wanted)
        yield one_line(f"to teach     {words}")


def _describe(index: "About") -> str:
    measured = "" if index.recall is None else f", recall {index.recall:.3f}"
    chosen = "".join(f", {number:,} {name}" for name, number in index.parameters.items())
    return f"{index.index} index of {index.photos:,}{measured}{chosen}"
