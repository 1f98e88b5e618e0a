"""An open library: its store, and everything that reads it, each loaded when first needed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from indexer.errors import NotFound
from indexer.neighbours import Index, chosen, open_index
from indexer.network.options import NetworkOptions
from indexer.records import StoreInfo
from indexer.stores import Store, require_complete, require_writable
from search.words import WordFiles

if TYPE_CHECKING:
    from indexer.network.describer import Describer
    from search.background import Later, SearchWriter
    from search.engine import SearchEngine
    from search.looking import Looking
    from search.named_photos import NamedPhotos
    from search.teaching.log import Log
    from search.teaching.vocabulary import Vocabulary


LOST = (
    "{place} is empty or gone, but {left} beside it shows that it held something: put a copy of "
    "the store back, or index again and `magpie import` the newest file of *.events"
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What runs a library.

    Attributes:
        network: the vision network.
        words: files that say what words mean.
        neighbours: name of the neighbour index.
        search_log: whether searches are written down, so that the library knows what is wanted.
        language: of searches that do not tell theirs, as browsers name it.
    """

    network: NetworkOptions = field(default_factory=NetworkOptions)
    words: WordFiles = field(default_factory=WordFiles)
    neighbours: str = field(default_factory=chosen)
    search_log: bool = True
    language: str = ""


class Opened:
    """What the subjects of a library share; a context manager that closes it."""

    def __init__(self, store: Store, choices: Choices) -> None:
        """Take a store that need not exist yet; nothing is loaded."""
        self._store = store
        self._choices = choices

    @property
    def location(self) -> str:
        """The store's URL for messages: never a password in it."""
        return self._store.location

    @property
    def is_remote(self) -> bool:
        """Whether a server does the work, for which threads merely wait."""
        return self._store.is_remote

    def is_read_only(self) -> bool:
        """Tell whether the library may be searched and not written: then nothing is logged."""
        return self._store.is_read_only()

    def require_writable(self) -> None:
        """Refuse to go on with a library that takes no writes.

        Raises:
            ReadOnly: it may only be read.
        """
        require_writable(self._store)

    def exists(self) -> bool:
        """Tell whether anything was indexed yet."""
        return require_complete(self._store) is not None

    def need_store(self) -> StoreInfo:
        """Return what made the store.

        Raises:
            NotFound: there is no library yet.
        """
        return need_info(self._store)

    def vocabulary(self) -> "Vocabulary":
        """Return what was taught up to now, by whichever process."""
        return self._log.vocabulary()

    def close(self) -> None:
        """Write what waits, and release the store."""
        self.flush()
        self._store.close()

    def flush(self) -> None:
        """Write what waits for the search log and the table of learned words."""
        self._search_log.flush()
        self._word_table.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @cached_property
    def _neighbours(self) -> Index:
        """What finds the photos nearest to a vector."""
        return open_index(self._choices.neighbours, self._store)

    @cached_property
    def _log(self) -> "Log":
        from search.teaching.log import Log

        return Log(self._store.events)

    @cached_property
    def _engine(self) -> "SearchEngine":
        from search.engine import open_engine

        return open_engine(self._store, self._choices.words)

    @cached_property
    def _looking(self) -> "Looking":
        from search.looking import Looking

        return Looking(self._store, self._neighbours, self._describer)

    @cached_property
    def _label_networks(self) -> frozenset[str]:
        """Networks that read no words, so that nothing has to be loaded to know it."""
        from indexer.network import models

        return frozenset(models.names())

    @cached_property
    def _search_log(self) -> "SearchWriter":
        from search.background import SearchWriter

        return SearchWriter(self._store.searches)

    @cached_property
    def _word_table(self) -> "Later":
        from search.background import Later
        from search.teaching.log import write_learned

        return Later(lambda: write_learned(self._log, self._store.learned))

    @cached_property
    def _named(self) -> "NamedPhotos":
        from search.named_photos import NamedPhotos

        return NamedPhotos(self._store, self._describer)

    @cached_property
    def _describer(self) -> "Callable[[], Describer]":
        from indexer.network.describer import keep_describer

        return keep_describer(self._choices.network, self._store.identity.info)


def need_info(store: Store) -> StoreInfo:
    """Return what made a store.

    Raises:
        NotFound: nothing was indexed into it yet.
    """
    info = require_complete(store)
    if info is None:
        left = store.remains()
        if left:
            raise NotFound(LOST.format(place=store.location, left=left[0]))
        raise NotFound(f"no photos in {store.location}: run magpie index FOLDER first")
    return info
