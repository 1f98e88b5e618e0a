"""The options that commands share when they open a library."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.commands.options import Target, with_store
from indexer.defaults import ANONYMOUS, DEFAULT_LIMIT
from indexer.network.options import NetworkOptions

if TYPE_CHECKING:
    from search.library import Library
    from search.words import WordFiles

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
with_dictionaries = click.option(
    "--dictionary",
    "dictionaries",
    multiple=True,
    type=click.Path(path_type=Path),  # `open_dictionaries` says what is wrong with it
    envvar="MAGPIE_DICTIONARY",
    show_envvar=True,
    metavar="FILE",
    help="Dictionary to English, for words of other languages: FreeDict's or a wordnet's; "
    "may be given more than once. Without it, those of FreeDict that the system has.",
)
with_language = click.option(
    "--language",
    default="",
    envvar="MAGPIE_LANGUAGE",
    show_envvar=True,
    metavar="CODE",
    help="Language of searches, such as de, for networks that want to know it.",
)
with_search_log = click.option(
    "--search-log/--no-search-log",
    default=True,
    envvar="MAGPIE_SEARCH_LOG",
    show_envvar=True,
    help="Log searches, so that `magpie status` can say which words to teach.",
)


def with_word_vectors(command: Command) -> Command:
    """Add `--word-vectors` and `--trust-pickle`."""
    file = click.option(
        "--word-vectors",
        type=click.Path(path_type=Path),  # `read_vectors` says what is wrong with it
        envvar="MAGPIE_WORD_VECTORS",
        show_envvar=True,
        metavar="FILE",
        help="Your own word vectors: word2vec, GloVe or gensim KeyedVectors.",
    )
    trust = click.option(
        "--trust-pickle",
        is_flag=True,
        help="Load KeyedVectors (.kv), which are pickles: they can run any program.",
    )
    return file(trust(command))


@dataclass(frozen=True, slots=True)
class LibraryOptions:
    """Which library a command opens, how, and how the command answers.

    Attributes:
        target: the store, and whether to print JSON.
        network: the vision network for photos outside the library.
        word_vectors: file of word vectors; None = the bundled ones.
        dictionaries: files of dictionaries; without any, those that the system has.
        search_log: whether searches are logged.
        language: of searches that do not tell theirs.
        trust_pickle: whether word vectors may be a pickle.
    """

    target: Target
    network: NetworkOptions = field(default_factory=NetworkOptions)
    word_vectors: Path | None = None
    dictionaries: tuple[Path, ...] = ()
    search_log: bool = True
    language: str = ""
    trust_pickle: bool = False

    @property
    def words(self) -> "WordFiles":
        """The files that say what words mean."""
        from search.words import WordFiles

        return WordFiles(self.word_vectors, self.dictionaries, self.trust_pickle)

    def open(self) -> "Library":
        """Open the library, which need not exist yet; say so if it may only be read."""
        opened = self._open()
        if opened.is_read_only():
            click.echo(f"{opened.location} is read-only: searches are not logged", err=True)
        return opened

    def open_to_write(self) -> "Library":
        """Open the library, which need not exist yet, to index or to teach.

        Raises:
            ReadOnly: it may only be read.
        """
        opened = self._open()
        opened.require_writable()
        return opened

    def _open(self) -> "Library":
        from search.library import Choices, open_library

        choices = Choices(self.network, self.words, search_log=self.search_log)
        choices = replace(choices, language=self.language)
        return open_library(self.target.url, choices)


def on_library(*more: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Add `--store`, `--json` and `more` options, as one argument `library: LibraryOptions`.

    Args:
        more: options such as `with_network` and `with_language`; `--help` keeps their order.
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


_CHOICES = ("network", "word_vectors", "trust_pickle", "dictionaries", "search_log", "language")
