"""`magpie evaluate`: measure a library on labelled photos of one's own."""

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from indexer.commands.cli import Target, on_store, show_json, with_network
from indexer.network.options import NetworkOptions
from search.commands.options import with_word_vectors

if TYPE_CHECKING:
    from search.engine import SearchEngine
    from search.evaluation.queries import Evaluation
    from search.evaluation.simulation import Simulation
    from search.evaluation.truth import Truth
    from search.teaching.vocabulary import Vocabulary

T = TypeVar("T")
FILE = click.Path(path_type=Path)


@click.command()
@click.argument("truth", type=FILE)
@click.option(
    "--queries", type=FILE, metavar="FILE", help="CSV: query,categories(;),kind. Measures words."
)
@click.option("--teach", "teaches", is_flag=True, help="Measure teaching, by simulated users.")
@with_word_vectors
@with_network
@on_store
def evaluate(
    truth: Path,
    queries: Path | None,
    teaches: bool,
    word_vectors: Path | None,
    network: NetworkOptions,
    target: Target,
) -> None:
    """Measure search on labelled photos: TRUTH is a CSV path,category.

    With --queries: how well words find photos. With --teach: how well words are learned, by
    simulated users who teach each category of 20 photos or more; nothing is written.
    """
    if (queries is None) != teaches:
        raise click.UsageError("give either --queries FILE or --teach")
    from indexer.stores import open_store
    from search.engine import open_engine
    from search.evaluation.truth import read_truth
    from search.opened import need_info
    from search.teaching.log import Log

    with closing(open_store(target.url)) as store:
        need_info(store)
        known = read_truth(truth, store)
        engine = open_engine(store, word_vectors)
        if queries is None:
            _show(target, _teach(engine, known), _print_simulation)
        else:
            vocabulary = Log(store.events).vocabulary()
            _show(target, _judge(engine, vocabulary, known, queries), _print)


def _show(target: Target, report: T, as_table: Callable[[T], None]) -> None:
    if target.as_json:
        show_json(report)
    else:
        as_table(report)


def _judge(
    engine: "SearchEngine", vocabulary: "Vocabulary", truth: "Truth", queries: Path
) -> "Evaluation":
    from search.evaluation.queries import evaluate as judge
    from search.evaluation.truth import read_queries

    return judge(engine, vocabulary, truth, read_queries(queries, truth))


def _teach(engine: "SearchEngine", truth: "Truth") -> "Simulation":
    from search.evaluation.simulation import simulate

    return simulate(engine, truth, note=lambda text: click.echo(f"teaching by {text}", err=True))


def _print_simulation(report: "Simulation") -> None:
    click.echo(f"{report.categories} categories of 20 photos or more, 20 photos judged a round\n")
    rounds = "".join(f"{number:>7}" for number in range(len(report.rounds)))
    click.echo(f"{'user':<20}{'':6}{rounds}{'worse':>9}{'to .75':>8}{'ms':>6}")
    for course in report.courses:
        goal = "never" if course.rounds_to_goal is None else course.rounds_to_goal
        first = _numbers(one.p_at_20 for one in course.rounds)
        second = _numbers(one.map for one in course.rounds)
        end = f"{course.worse:>9.1%}{goal:>8}{1000 * course.seconds:>6.0f}"
        click.echo(f"{course.name:<20}{'p@20':<6}{first}{end}")
        click.echo(f"{'':<20}{'mAP':<6}{second}")
    click.echo(
        f"\n{report.photos:,} labelled photos, {report.missing:,} not in the store\n"
        "round 0: before any photo shown was judged; worse: share of rounds in which average "
        "precision\nfell by over .02; to .75: rounds to a p@20 of .75; ms: from clicks to the new "
        "first 20, median"
    )


def _numbers(numbers: Iterable[float]) -> str:
    return "".join(f"{number:>7.3f}" for number in numbers)


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
