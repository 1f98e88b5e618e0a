"""`magpie similar`: the photos most like one photo."""

import click

from indexer.commands.options import with_network
from search.commands.hits import hit_lines
from search.commands.options import LibraryOptions, on_library, with_limit


@click.command()
@click.argument("photo")
@with_limit
@on_library(with_network)
def similar(photo: str, limit: int, library: LibraryOptions) -> None:
    """Find photos like PHOTO.

    PHOTO is an id, or a file in or outside the library.

    MAGPIE_NEIGHBOURS chooses the neighbour index: cells (the default), annoy, exact, or
    elasticsearch (Elasticsearch stores only).
    """
    with library.open() as opened:
        hits = opened.similar(photo, limit)
    library.show({"hits": hits}, hit_lines(hits))
