"""How `magpie index` and `magpie reindex` make what they index ready for teaching."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.commands.options import Target
from indexer.network.choices import Network
from search.commands.options import LibraryOptions

if TYPE_CHECKING:
    from indexer.pipeline import Options, Report
    from indexer.progress.lines import Progress
    from indexer.stores import Store
    from search.library import Library


def prepare_teaching(store: "Store") -> None:
    """Write the files that taught words need, so that the first search need not wait for them."""
    from search.teaching.space_file import prepare

    prepare(store)


def open_indexable(target: Target, network: Network) -> "PreparedLibrary":
    """Open a library that is ready for teaching whenever it was indexed."""
    return PreparedLibrary(LibraryOptions(target, network).open())


@dataclass(frozen=True, slots=True)
class PreparedLibrary:
    """A library that is ready for teaching whenever it was indexed."""

    library: "Library"

    @property
    def location(self) -> str:
        """URL of the store, without a password."""
        return self.library.store.location

    def index(self, folders: Iterable[str], options: "Options", progress: "Progress") -> "Report":
        """Index folders; see `Library.index`."""
        report = self.library.index(folders, options, progress)
        prepare_teaching(self.library.store)
        return report

    def close(self) -> None:
        """Release the library."""
        self.library.close()
