"""`magpie`: the commands that read, and the group that holds all commands."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.commands.cli import Group, Target, on_store, one_line, show_json, to_json, with_network
from indexer.commands.exports import copy_files, distances, features, labels
from indexer.commands.index import index
from indexer.commands.reindex import reindex
from indexer.network.options import NetworkOptions
from search.commands.copy import copy
from search.commands.evaluate import evaluate
from search.commands.kibana import kibana
from search.commands.options import open_target, with_search_log, with_word_vectors
from search.commands.serve import serve
from search.commands.teaching import COMMANDS as TEACHING

if TYPE_CHECKING:
    from indexer.neighbours import About
    from indexer.records import Hit, Request
    from indexer.stores import Store
    from search.answers import Answer

LIMIT = click.IntRange(1, 10_000)
LEAST_SHOWN = 0.0005
"""Smaller parts of a score would print as 0.000."""


@click.group(cls=Group, context_settings={"max_content_width": 100})
@click.version_option(package_name="magpie-search")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Image search that you can teach."""
    ctx.obj = (_prepare_searches,)  # for `index`, which knows nothing of searching


def _prepare_searches(store: "Store") -> None:
    from search.library import prepare_searches

    prepare_searches(store)


main.add_command(index)
main.add_command(reindex)
for command in (labels, features, distances, copy_files, *TEACHING):
    main.add_command(command)
main.add_command(evaluate)
main.add_command(serve)
main.add_command(kibana)
main.add_command(copy)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, metavar="WORDS...")
@click.option("--limit", default=20, show_default=True, type=LIMIT, help="Number of photos.")
@click.option("--like", metavar="PHOTO", help="An id, or a photo in or outside the library.")
@click.option("--user", default="anonymous", metavar="NAME", help="Who searches, for the log.")
@with_search_log
@click.option(
    "--explain-query",
    is_flag=True,
    help="Search for nothing; print the query for Kibana's console (Elasticsearch stores).",
)
@with_word_vectors
@with_network
@on_store
def search(
    words: tuple[str, ...],
    limit: int,
    like: str | None,
    user: str,
    search_log: bool,
    explain_query: bool,
    word_vectors: Path | None,
    network: NetworkOptions,
    target: Target,
) -> None:
    """Rank photos by words; "-word" leaves photos of word out."""
    if not words and like is None:
        raise click.UsageError("give words, or a photo with --like")
    for word in words:  # "-word" must pass, so click lets unknown options through
        if word.startswith("--"):
            raise click.NoSuchOption(word)
    with open_target(target, network, word_vectors, search_log) as library:
        if explain_query:
            _print_request(library.request(" ".join(words), limit, like), target.as_json)
            return
        answer = library.search(" ".join(words), limit=limit, like=like, user=user)
    if target.as_json:
        show_json(_to_document(answer))
    else:
        _print_answer(answer)


@main.command()
@click.argument("photo")
@click.option("--limit", default=20, show_default=True, type=LIMIT, help="Number of photos.")
@with_network
@on_store
def similar(photo: str, limit: int, network: NetworkOptions, target: Target) -> None:
    """Find photos like PHOTO: an id, or a file in or outside the library.

    MAGPIE_NEIGHBOURS chooses what finds them: cells (the default), annoy, exact, or elasticsearch,
    where the library is a store in Elasticsearch.
    """
    with open_target(target, network) as library:
        hits = library.similar(photo, limit)
    if target.as_json:
        show_json({"hits": hits})
    else:
        _print_hits(hits)


@main.command()
@on_store
def status(target: Target) -> None:
    """Tell what the library holds."""
    with open_target(target) as library:
        report, demand = library.status(), library.demand()
    if target.as_json:
        show_json(to_json(report) | to_json(demand))
        return
    click.echo(
        f"store        {report.store} ({report.bytes / 1e6:,.1f} MB)\n"
        f"photos       {report.photos:,} in {report.files:,} files\n"
        f"unreadable   {report.unreadable:,} files\n"
        f"neighbours   of {report.linked:,} photos; {_describe(report.index)}\n"
        f"model        {report.model}, {report.dimensions} dimensions, "
        f"weights {report.weights[:12]}\n"
        f"searches     {demand.searches:,}"
    )
    if demand.wanted:
        words = ", ".join(f"{one.word} {one.searches}x" for one in demand.wanted)
        click.echo(one_line(f"to be taught {words}"))


@main.command()
@on_store
@click.pass_context
def verify(ctx: click.Context, target: Target) -> None:
    """Check every invariant of the store and say what is broken."""
    with open_target(target) as library:
        broken = library.verify()
    if target.as_json:
        show_json({"broken": broken})
    else:
        click.echo("\n".join(broken) or "everything is as it should be")
    ctx.exit(1 if broken else 0)


def _describe(index: "About") -> str:
    measured = "" if index.recall is None else f", recall {index.recall:.3f}"
    chosen = "".join(f", {number:,} {name}" for name, number in index.parameters.items())
    return f"index {index.index} of {index.photos:,}{measured}{chosen}"


def _print_request(request: "Request", as_json: bool) -> None:
    if as_json:
        show_json(request)
    else:
        click.echo(f"GET {request.index}/_search\n{json.dumps(request.body, indent=2)}")


def _to_document(answer: "Answer") -> dict[str, Any]:
    """Name the fields of an answer as the contract does."""
    names = {"parts": "words", "switched_off": "off"}
    fields = to_json(answer)
    return {names.get(name, name): value for name, value in fields.items()}


def _print_answer(answer: "Answer") -> None:
    for part in answer.parts:
        click.echo(part.taken, err=True)
    if not answer.familiar and answer.query:
        near = f"; nearest words: {', '.join(answer.suggestions)}" if answer.suggestions else ""
        click.echo(f"I do not know {answer.query!r} yet{near}", err=True)
    elif not answer.hits:
        click.echo("nothing found", err=True)
    _print_hits(answer.hits)


def _print_hits(hits: tuple["Hit", ...]) -> None:
    for hit in hits:
        parts = [reason for reason in hit.reasons if abs(reason.score) >= LEAST_SHOWN]
        strongest = sorted(parts, key=lambda reason: -abs(reason.score))[:3]
        why = ", ".join(f"{reason.what} {reason.score:.3f}" for reason in strongest)
        click.echo(one_line(f"{hit.score:.3f}  {hit.path}  ({why})"))
