"""What `magpie index` and `magpie reindex` need of searching, which they know nothing of."""

from typing import TYPE_CHECKING

from indexer.commands.options import Target
from indexer.network.options import NetworkOptions
from search.commands.options import LibraryOptions

if TYPE_CHECKING:
    from indexer.stores import Store
    from search.library import Library


def open_library(target: Target, network: NetworkOptions) -> "Library":
    """Open a library to index into."""
    return LibraryOptions(target, network).open_to_write()


def prepare(store: "Store") -> None:
    """Write the files that the first search of a large library would otherwise wait for."""
    from search.library import prepare_searches

    prepare_searches(store)
