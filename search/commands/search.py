"""`magpie search` and `magpie similar`: photos by words, by likeness to a photo, or by both."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from indexer.commands.options import with_network
from indexer.commands.output import one_line, to_json
from indexer.defaults import ANONYMOUS
from search.commands.explaining import explanation
from search.commands.filters import Filters, quoted, with_filters, with_order
from search.commands.options import (
    LibraryOptions,
    on_library,
    with_dictionaries,
    with_language,
    with_limit,
    with_search_log,
    with_word_vectors,
)

if TYPE_CHECKING:
    from indexer.queries import Hit, Request
    from search.answers import Answer, FacetAnswer

LEAST_SHOWN = 0.0005
"""Smaller parts of a score would print as 0.000."""

MOST_REASONS = 3
NOTHING = "nothing found"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, metavar="WORDS...")
@with_limit
@click.option(
    "--like",
    metavar="PHOTO",
    help="Rank by likeness to PHOTO, too: an id, or a file in or outside the library.",
)
@with_filters
@with_order
@click.option(
    "--likely",
    is_flag=True,
    help="Leave out the photos that are not likely to show what was asked for.",
)
@click.option(
    "--user",
    default=ANONYMOUS,
    show_default=True,
    metavar="NAME",
    help="Your name in the search log.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Print the parts of the query, their weights and labels, and all reasons of a photo, too.",
)
@click.option(
    "--explain-query",
    is_flag=True,
    help="Do not search; print the query for Kibana's console (Elasticsearch stores only).",
)
@on_library(with_search_log, with_language, with_word_vectors, with_dictionaries, with_network)
def search(
    words: tuple[str, ...],
    limit: int,
    like: str | None,
    filters: Filters,
    order: str,
    likely: bool,
    user: str,
    explain: bool,
    explain_query: bool,
    library: LibraryOptions,
) -> None:
    """Rank photos by words, or by likeness to a photo.

    "-word" leaves out photos of that word; "2:word" counts twice as much as others. The words may
    hold filters, with "-" to leave out: after:2019-05, before:2020, in:2019, on:2019-12-24,
    near:"Lisbon 10 km", place:portugal, camera:"iphone 7", folder:holiday, format:heic,
    name:IMG_20, width:3000, height:2000, orientation:portrait, and dates such as "summer 2019".
    Filters without words list photos, newest first.
    """
    refuse_options(words)
    text = " ".join(map(quoted, words))
    if not (text.strip() or like or filters or order != "score"):
        raise click.UsageError("give words, a filter, or a photo with --like")
    with library.open() as opened:
        if explain_query:
            request = opened.request(text, limit, like, filters, order)
            library.target.show(request, _request_lines(request))
            return
        answer = opened.search(
            text,
            limit=limit,
            like=like,
            user=user,
            filters=filters,
            order=order,
            only_likely=likely,
        )
    library.target.show(_document(answer), _answer_lines(answer, explain, likely))


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
    library.target.show({"hits": hits}, _hit_lines(hits))


def refuse_options(words: tuple[str, ...]) -> None:
    """Refuse unknown options, which click lets through so that "-word" passes.

    Raises:
        click.NoSuchOption: there is one.
    """
    for word in " ".join(words).split():
        if word.startswith("--") and word.strip("-"):
            raise click.NoSuchOption(word)


def _document(answer: "Answer") -> dict[str, Any]:
    """Name the fields of an answer as the contract does."""
    names = {"parts": "words", "switched_off": "off"}
    return {names.get(name, name): value for name, value in to_json(answer).items()}


def _request_lines(request: "Request") -> Iterator[str]:
    yield f"GET {request.index}/_search"
    yield json.dumps(request.body, indent=2)


def _answer_lines(answer: "Answer", explain: bool, only_likely: bool) -> Iterator[str]:
    """Yield the photos; how the words were understood goes to stderr, or at length before them."""
    taken = [part.taken for part in answer.parts] + [part.taken for part in answer.filters]
    if explain:
        yield from map(one_line, explanation(answer))
    found = bool(answer.hits)
    missing = list(lacking(answer, found))
    if only_likely and missing == [NOTHING]:
        missing = ["no photo is likely: without --likely there may be others"]
    for line in (*([] if explain else taken), *missing):
        click.echo(one_line(line), err=True)
    if found and not explain:
        click.echo(f"{answer.likely:,} likely", err=True)
    yield from _hit_lines(answer.hits, None if explain else MOST_REASONS)


def lacking(answer: "Answer | FacetAnswer", found: bool) -> Iterator[str]:
    """Yield why nothing was found, or what was not understood."""
    if not answer.familiar and answer.query:
        yield _not_understood(answer)
    elif not found:
        yield NOTHING


def _not_understood(answer: "Answer | FacetAnswer") -> str:
    from search.words.parsing import is_common, only_excludes

    query = answer.query
    if is_common(query):
        return f"{query!r} is too common to search for: add what is to be seen"
    if only_excludes(query):
        return f"{query!r} says only what to leave out: add what is to be seen, or a filter"
    near = f"; nearest words: {', '.join(answer.suggestions)}" if answer.suggestions else ""
    return f"I do not know {query!r} yet{near}"


def _hit_lines(hits: "Iterable[Hit]", most: int | None = MOST_REASONS) -> Iterator[str]:
    """Yield a line for each photo: its score, its path and the strongest reasons, or all."""
    for hit in hits:
        parts = [reason for reason in hit.reasons if abs(reason.score) >= LEAST_SHOWN]
        strongest = sorted(parts, key=lambda reason: -abs(reason.score))[:most]
        why = ", ".join(f"{reason.what} {reason.score:.3f}" for reason in strongest)
        more = [f"({why})"] if why else []
        more += [hit.place] if hit.place else []
        yield one_line("  ".join([f"{hit.score:.3f}", hit.path, *more]))
