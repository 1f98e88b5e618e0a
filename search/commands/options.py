"""The options that commands share when they open a library."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.commands.options import Target, with_store
from indexer.defaults import ANONYMOUS, DEFAULT_LIMIT
from indexer.network.options import NetworkOptions

if TYPE_CHECKING:
    from search.library import Library

Command = Callable[..., Any]

with_limit = click.option(
    "--limit",
    default=DEFAULT_LIMIT,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="Maximum number of photos.",
)
with_user = click.option(
    "--user",
    default=ANONYMOUS,
    show_default=True,
    metavar="NAME",
    help="Your name; each name has one vote per photo and word.",
)
with_word_vectors = click.option(
    "--word-vectors",
    type=click.Path(path_type=Path),  # `read_vectors` says what is wrong with it
    envvar="MAGPIE_WORD_VECTORS",
    show_envvar=True,
    metavar="FILE",
    help="Your own word vectors: word2vec, GloVe or gensim KeyedVectors.",
)
with_search_log = click.option(
    "--search-log/--no-search-log",
    default=True,
    envvar="MAGPIE_SEARCH_LOG",
    show_envvar=True,
    help="Log searches, so that `magpie status` can say which words to teach.",
)


@dataclass(frozen=True, slots=True)
class LibraryOptions:
    """Which library a command opens, how, and how the command answers.

    Attributes:
        target: the store, and whether to print JSON.
        network: the vision network for photos outside the library.
        word_vectors: file of word vectors; None = the bundled ones.
        search_log: whether searches are logged.
    """

    target: Target
    network: NetworkOptions = field(default_factory=NetworkOptions)
    word_vectors: Path | None = None
    search_log: bool = True

    def open(self) -> "Library":
        """Open the library, which need not exist yet."""
        from search.library import Choices, open_library

        choices = Choices(self.network, self.word_vectors, search_log=self.search_log)
        return open_library(self.target.url, choices)

    def show(self, report: Any, lines: Iterable[str]) -> None:
        """Print `report` as JSON if that was asked for, otherwise `lines`."""
        self.target.show(report, lines)


def on_library(*more: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Add `--store`, `--json` and `more` options, as one argument `library: LibraryOptions`.

    Args:
        more: `with_network`, `with_word_vectors`, `with_search_log`; `--help` keeps their order.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def with_library(*args: Any, store: str | None, as_json: bool, **options: Any) -> Any:
            own = {name: options.pop(name) for name in _CHOICES if name in options}
            library = LibraryOptions(Target.of(store, as_json), **own)
            return command(*args, library=library, **options)

        decorated = with_store(with_library)
        for option in reversed(more):
            decorated = option(decorated)
        return decorated

    return decorate


_CHOICES = ("network", "word_vectors", "search_log")
