"""`magpie evaluate`: measure a library on labelled photos of one's own."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.cli import Target, on_store, show_json, with_network
from indexer.network import Network
from search.options import open_target, with_word_vectors

if TYPE_CHECKING:
    from search.judging import Evaluation

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("truth", type=FILE)
@click.option(
    "--queries", type=FILE, metavar="FILE", help="CSV: query,categories(;),kind. Measures words."
)
@with_word_vectors
@with_network
@on_store
def evaluate(
    truth: Path, queries: Path | None, word_vectors: Path | None, network: Network, target: Target
) -> None:
    """Measure search on labelled photos: TRUTH is a CSV path,category."""
    from search.judging import evaluate as judge
    from search.truth import read_queries, read_truth

    if queries is None:
        raise click.UsageError("give --queries FILE")
    with open_target(target, network, word_vectors) as library:
        library.need_store()
        known = read_truth(truth, library.store)
        report = judge(library, known, read_queries(queries, known))
    if target.as_json:
        show_json(report)
    else:
        _print(report)


def _print(report: "Evaluation") -> None:
    click.echo(f"{'kind':<16}{'queries':>8}{'mAP':>8}{'p@20':>8}{'recall@20':>11}")
    for row in report.kinds:
        click.echo(
            f"{row.kind:<16}{row.queries:>8}{row.map:>8.3f}{row.p_at_20:>8.3f}"
            f"{row.recall_at_20:>11.3f}"
        )
    click.echo(f"\n{report.photos:,} labelled photos, {report.missing:,} not in the store")
    click.echo("\nworst queries")
    for one in report.worst:
        click.echo(f"{one.average_precision:.3f}  {one.query}  ({one.why})")
