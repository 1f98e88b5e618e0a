"""What the commands that read share: the library of a target, and word vectors."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.commands.cli import Target
from indexer.network.options import NetworkOptions

if TYPE_CHECKING:
    from search.library import Library


def with_word_vectors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option of commands that read words; the command gets `word_vectors`."""
    return click.option(
        "--word-vectors",
        type=click.Path(path_type=Path),  # read_vectors says what is wrong with it
        envvar="MAGPIE_WORD_VECTORS",
        show_envvar=True,
        metavar="FILE",
        help="Your own word vectors: word2vec, GloVe or gensim KeyedVectors.",
    )(command)


def with_search_log(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option of commands that search; the command gets `search_log`."""
    return click.option(
        "--search-log/--no-search-log",
        default=True,
        envvar="MAGPIE_SEARCH_LOG",
        show_envvar=True,
        help="Keep what was searched for, so that `magpie status` tells which words to teach.",
    )(command)


def open_target(
    target: Target,
    network: NetworkOptions | None = None,
    word_vectors: Path | None = None,
    search_log: bool = True,
) -> "Library":
    """Open the library of a command."""
    from search.library import Choices, open_library

    choices = Choices(network or NetworkOptions(), word_vectors, search_log=search_log)
    return open_library(target.url, choices)
