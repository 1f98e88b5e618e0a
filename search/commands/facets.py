"""`magpie facets`: how many photos a search finds, by time, camera, place, folder and format."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from indexer.commands.options import with_network
from indexer.commands.output import counted, one_line
from search.commands.filters import Filters, quoted, with_filters
from search.commands.options import (
    LibraryOptions,
    on_library,
    with_dictionaries,
    with_language,
    with_word_vectors,
)
from search.commands.search import lacking, refuse_options

if TYPE_CHECKING:
    from search.answers import FacetAnswer, FacetCount

LISTS = ("years", "months", "cameras", "places", "folders", "formats")
WITHOUT = {
    "years": ("date", "of them without a capture time, by that of the file"),
    "cameras": ("camera", "without a camera"),
    "places": ("place", "without a place"),
}
"""List -> what photos may be without, and how it is told below the list."""


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="Maximum number of cameras, places, folders and formats.",
)
@click.option("--like", metavar="PHOTO", help="Count photos like PHOTO, too.")
@with_filters
@on_library(with_language, with_word_vectors, with_dictionaries, with_network)
def facets(
    words: tuple[str, ...],
    limit: int,
    like: str | None,
    filters: Filters,
    library: LibraryOptions,
) -> None:
    """Count what a search finds: by time, camera, place, folder, format.

    WORDS and filters are those of `magpie search`; without any, the whole library is counted. A
    photo without a capture time counts in the month of its file, as it does for filters.
    """
    refuse_options(words)
    text = " ".join(map(quoted, words))
    with library.open() as opened:
        answer = opened.facets(text, like=like, filters=filters, most=limit)
    library.target.show(answer, _lines(answer))


def _lines(answer: "FacetAnswer") -> Iterator[str]:
    """Yield a list for each facet; how filters were understood goes to stderr before them."""
    taken = (part.taken for part in answer.filters)
    for line in (*taken, *lacking(answer, answer.photos > 0)):
        click.echo(one_line(line), err=True)
    yield counted(answer.photos, "photo")
    width = len(f"{answer.photos:,}")
    for name in LISTS:
        counts: tuple[FacetCount, ...] = getattr(answer, name)
        thing, how = WITHOUT.get(name, ("", ""))
        without, more = answer.without.get(thing, 0), answer.more.get(name, 0)
        if counts or without:
            yield f"{name}:"
        for one in counts:
            yield one_line(f"  {one.photos:>{width},}  {one.value}")
        if more:
            yield f"  and {more:,} more: see --limit"
        if without:
            yield f"  {without:>{width},}  {how}"
