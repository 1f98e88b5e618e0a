"""`magpie search`: rank photos by words, by likeness to a photo, or by both."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from indexer.commands.options import with_network
from indexer.commands.output import to_json
from indexer.defaults import ANONYMOUS
from search.commands.hits import hit_lines
from search.commands.options import (
    LibraryOptions,
    on_library,
    with_limit,
    with_search_log,
    with_word_vectors,
)

if TYPE_CHECKING:
    from indexer.records import Request
    from search.answers import Answer


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, metavar="WORDS...")
@with_limit
@click.option(
    "--like",
    metavar="PHOTO",
    help="Rank by likeness to PHOTO, too: an id, or a file in or outside the library.",
)
@click.option(
    "--user",
    default=ANONYMOUS,
    show_default=True,
    metavar="NAME",
    help="Your name in the search log.",
)
@click.option(
    "--explain-query",
    is_flag=True,
    help="Do not search; print the query for Kibana's console (Elasticsearch stores only).",
)
@on_library(with_search_log, with_word_vectors, with_network)
def search(
    words: tuple[str, ...],
    limit: int,
    like: str | None,
    user: str,
    explain_query: bool,
    library: LibraryOptions,
) -> None:
    """Rank photos by words, or by likeness to a photo.

    "-word" leaves out photos of that word.
    """
    _check(words, like)
    text = " ".join(words)
    with library.open() as opened:
        if explain_query:
            request = opened.request(text, limit, like)
            library.show(request, _request_lines(request))
            return
        answer = opened.search(text, limit=limit, like=like, user=user)
    library.show(_document(answer), _answer_lines(answer))


def _check(words: tuple[str, ...], like: str | None) -> None:
    """Refuse unknown options, which click lets through so that "-word" passes.

    Raises:
        click.UsageError: there is one, or nothing to search for.
    """
    if not words and like is None:
        raise click.UsageError("give words, or a photo with --like")
    for word in words:
        if word.startswith("--"):
            raise click.NoSuchOption(word)


def _document(answer: "Answer") -> dict[str, Any]:
    """Name the fields of an answer as the contract does."""
    names = {"parts": "words", "switched_off": "off"}
    return {names.get(name, name): value for name, value in to_json(answer).items()}


def _request_lines(request: "Request") -> Iterator[str]:
    yield f"GET {request.index}/_search"
    yield json.dumps(request.body, indent=2)


def _answer_lines(answer: "Answer") -> Iterator[str]:
    """Yield the photos; how the words were understood goes to stderr before them."""
    for part in answer.parts:
        click.echo(part.taken, err=True)
    if not answer.familiar and answer.query:
        near = f"; nearest words: {', '.join(answer.suggestions)}" if answer.suggestions else ""
        click.echo(f"I do not know {answer.query!r} yet{near}", err=True)
    elif not answer.hits:
        click.echo("nothing found", err=True)
    yield from hit_lines(answer.hits)
