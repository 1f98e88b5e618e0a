"""`magpie evaluate`: measure a library on your own labelled photos."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.commands.options import with_network
from indexer.errors import BadValue
from search.commands.options import LibraryOptions, on_library, with_dictionaries, with_word_vectors

if TYPE_CHECKING:
    from search.evaluation.measures import Summary
    from search.evaluation.queries import Evaluation
    from search.evaluation.simulated_users import Simulation

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("truth", type=FILE)
@click.option(
    "--queries",
    type=FILE,
    metavar="FILE",
    help="Measure how well words find photos: a CSV file with the columns query, categories "
    "(separated by semicolons) and, optionally, kind.",
)
@click.option(
    "--teach",
    "teaches",
    is_flag=True,
    help="Measure how well words are learned: simulated users teach each category of 20 photos or "
    "more.",
)
@click.option(
    "--text-weight",
    type=click.FloatRange(0),
    default=1.0,
    show_default=True,
    help="What the text itself counts beside labels, where the network reads words.",
)
@click.option(
    "--model-report",
    "reports",
    is_flag=True,
    help="With --queries: measure the network that reads words, by labels alone, text alone and "
    "both, and what clicks add.",
)
@click.option(
    "--captions",
    type=FILE,
    metavar="FILE",
    help="With --model-report: a CSV file with the columns path, caption.",
)
@on_library(with_word_vectors, with_dictionaries, with_network)
def evaluate(
    truth: Path,
    queries: Path | None,
    teaches: bool,
    text_weight: float,
    reports: bool,
    captions: Path | None,
    library: LibraryOptions,
) -> None:
    """Measure search on labelled photos. Nothing is written to the library.

    TRUTH is a CSV file with the columns path and category. A path names the photo in the library
    whose own path ends with it.
    """
    if (queries is None) != teaches:
        raise click.UsageError("give either --queries FILE or --teach")
    if (reports and queries is None) or (captions and not reports):
        raise click.UsageError("--captions goes with --model-report, and that with --queries FILE")
    from indexer.stores import open_store
    from search.engine import open_engine
    from search.evaluation.model_report import Reporter, lines_of
    from search.evaluation.queries import evaluate as evaluate_queries
    from search.evaluation.simulated_users import simulate
    from search.evaluation.truth import read_captions, read_queries, read_truth
    from search.looking import open_looking
    from search.opened import need_info
    from search.teaching.log import Log

    with closing(open_store(library.target.url)) as store:
        need_info(store)
        known, engine = read_truth(truth, store), open_engine(store, library.words)
        looking = open_looking(store, library.network, text_weight)
        engine = replace(engine, look=looking.answer if looking else None)
        if queries is None:
            simulation = simulate(engine, known, note=_note)
            library.target.show(simulation, _simulation_lines(simulation))
        else:
            judgements, vocabulary = read_queries(queries, known), Log(store.events).vocabulary()
            if reports:
                if looking is None:
                    raise BadValue("--model-report is of networks that read words: see --model")
                told = read_captions(captions, store) if captions else []
                reporter = Reporter(engine, looking, vocabulary, known)
                report = reporter.report(str(need_info(store)), judgements, told)
                library.target.show(report, lines_of(report))
                return
            evaluation = evaluate_queries(engine, vocabulary, known, judgements)
            library.target.show(evaluation, _evaluation_lines(evaluation))


def _note(text: str) -> None:
    click.echo(f"teaching by {text}", err=True)


def _simulation_lines(report: "Simulation") -> Iterator[str]:
    yield f"{report.categories} categories of 20 photos or more, 20 photos judged per round\n"
    rounds = "".join(f"{number:>7}" for number in range(len(report.rounds)))
    yield f"{'user':<20}{'':6}{rounds}{'worse':>9}{'to .75':>8}{'ms':>6}"
    for course in report.courses:
        goal = "never" if course.rounds_to_goal is None else course.rounds_to_goal
        first = _numbers(one.p_at_20 for one in course.rounds)
        second = _numbers(one.map for one in course.rounds)
        end = f"{course.worse:>9.1%}{goal:>8}{1000 * course.seconds:>6.0f}"
        yield f"{course.name:<20}{'p@20':<6}{first}{end}"
        yield f"{'':<20}{'mAP':<6}{second}"
    yield (
        f"\n{report.photos:,} labelled photos, {report.missing:,} not in the store\n"
        "round 0: before any of the photos shown was judged; worse: share of rounds in which the\n"
        "average precision fell by more than .02; to .75: rounds to a p@20 of .75; ms: median\n"
        "time from clicks to the new first 20"
    )


def _numbers(numbers: Iterable[float]) -> str:
    return "".join(f"{number:>7.3f}" for number in numbers)


def _evaluation_lines(report: "Evaluation") -> Iterator[str]:
    yield (
        f"{'kind':<16}{'queries':>8}{'mAP':>8}{'p@20':>8}{'recall@20':>11}"
        f"{'likely: F1':>14}{'precision':>11}{'recall':>8}"
    )
    for row in report.kinds:
        yield (
            f"{row.kind:<16}{row.queries:>8}{row.map:>8.3f}{row.p_at_20:>8.3f}"
            f"{row.recall_at_20:>11.3f}{_likely_cells(row)}"
        )
    yield f"\n{report.photos:,} labelled photos, {report.missing:,} not in the store"
    yield "\nhow often photos are right that are called so likely"
    for part in report.reliability:
        bar = "#" * round(20 * part.right)
        yield (
            f"{part.least:>4.0%} to {part.most:>4.0%}: {part.called:>4.0%} called, "
            f"{part.right:>4.0%} right of {part.photos:>9,}  {bar}"
        )
    yield "\nworst queries"
    for one in report.worst:
        yield f"{one.average_precision:.3f}  {one.query}  ({one.why})"


def _likely_cells(row: "Summary") -> str:
    found = row.likely
    return f"{found.f1:>14.3f}{found.precision:>11.3f}{found.recall:>8.3f}" if found else ""
