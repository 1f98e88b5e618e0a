"""The line of a search: its steps by themselves, how deep it is, and how many files it enters."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import FrozenInstanceError, fields
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from click.testing import CliRunner

import search as package
from indexer.filters import ExcludedLabels, ExcludedPhotos
from indexer.kinds import Kind
from indexer.queries import Match, Query
from indexer.stores import open_store
from search.answers import Question
from search.commands import main
from search.engine import PlannedSearch, SearchEngine, _labels, _weighed, open_engine, to_query
from search.library import Library, open_library
from search.likeness import Likeness
from search.teaching.taught import PROBED, Taught, teach
from search.words import EXCLUDED_LEAST, Part, Understanding
from search.words.records import LearnedNames

ROOT = f"{Path(package.__file__).parents[1]}/"

MOST_CALLS = 6
"""Functions of this project from the command, both wrappers of it included, to the step `teach`."""

MOST_FILES = {"espresso": 15, "zorbla": 22}
"""Files of search/ that a search by words alone enters, and one by a taught word: each asked for
the first time, by a library that has answered others. An SQLite store enters 14 to 17 of indexer/
besides, which its own parts are to answer for."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, indexed_photos: Path) -> str:
    """A small library of real photos that was taught `zorbla` and `mumpf`."""
    home = tmp_path_factory.mktemp("engine")
    shutil.copy(indexed_photos / "photos.db", home)
    with open_library(f"sqlite:///{home}/photos.db") as library:
        found = [hit.id for hit in library.search("animal", limit=4).hits]
        library.teach("zorbla", found[:1], found[1:2])
        library.teach("mumpf", found[2:3])
        library.feedback("dog", found[:1], found[1:2])
    return f"sqlite:///{home}/photos.db"


@pytest.fixture(scope="module")
def library(url: str) -> Iterator[Library]:
    """The library, after it has answered other words."""
    with open_library(url) as opened:
        for words in ("cat", "mumpf", "coffee"):
            opened.search(words)
        yield opened


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[SearchEngine]:
    with closing(open_store(url)) as store:
        yield open_engine(store)


def plan(engine: SearchEngine, library: Library, text: str, **fields: Any) -> PlannedSearch:
    return engine.plan(Question(text, **fields), library.vocabulary())


# --- the steps


def test_every_step_takes_and_gives_frozen_values(engine, library):
    made = plan(engine, library, "zorbla dog -cat")
    values = (made.question, made.taught.understanding, made.taught, made.query, made)
    for value in (*values, engine.answer(made)):
        with pytest.raises(FrozenInstanceError):
            setattr(value, fields(value)[0].name, None)


def test_a_plan_asks_nothing_of_the_store_unless_something_was_taught(engine, library, monkeypatch):
    asked = []
    monkeypatch.setattr(SearchEngine, "ask", lambda self, query: asked.append(query) or [])
    plan(engine, library, "animal -cat")
    assert asked == []
    plan(engine, library, "zorbla")  # no labels to compare with, so nothing to probe
    assert asked == []
    plan(engine, library, "dog")
    assert [(bool(query.weights), query.limit) for query in asked] == [(True, PROBED)]


def test_answering_a_plan_twice_gives_the_same(engine, library):
    made = plan(engine, library, "zorbla dog")
    assert engine.answer(made) == engine.answer(made)


def test_what_is_unknown_finds_nothing_and_asks_no_store(engine, library, monkeypatch):
    made = plan(engine, library, "qwyzzt")
    assert made.finds_nothing
    for method in ("search", "find"):
        monkeypatch.setattr(type(engine.store.ranking), method, None)
    assert engine.answer(made).hits == ()


def test_a_part_that_is_switched_off_is_told_and_does_not_count(engine, library):
    off = engine.answer(plan(engine, library, "animal coffee", switched_off=frozenset(["coffee"])))
    alone = engine.answer(plan(engine, library, "animal"))
    assert [part.name for part in off.switched_off] == ["coffee"]
    assert off.hits == alone.hits and [part.name for part in off.parts] == ["animal"]


def test_a_query_adds_up_what_was_understood_taught_and_shown():
    wanted = Part("dog", "dog", Kind.LABEL, 1.0, {"n1": 1.0, "n2": 0.5})
    again = Part("cat", "cat", Kind.LABEL, 1.0, {"n2": 0.25})
    unwanted = Part("car", "car", Kind.EXCLUDED, 1.0, {"n3": 1.0})
    unknown = Part("zzz", "unknown", Kind.EXCLUDED, 1.0)
    parts = (wanted, again, unwanted, unknown)
    taught = Taught(
        Understanding("dog cat -car -zzz", True, parts),
        boosts={"a": 0.5, "b": 0.25},
        damping={"c": 0.75},
        excluded=frozenset("x"),
    )
    query = to_query(taught, Likeness("like a.jpg", {"a": 1.0}), Question("", limit=5, offset=7))
    assert query == Query(
        weights={"n1": 1.0, "n2": 0.75},
        boosts={"a": 1.5, "b": 0.25},
        damping={"c": 0.75},
        filters=(ExcludedPhotos(frozenset("x")), ExcludedLabels({"n3": 1.0}, EXCLUDED_LEAST)),
        limit=5,
        offset=7,
    )


def test_a_word_for_many_labels_is_one_ancestor_and_a_few_labels(engine, library):
    dog, animal = "n02084071", "n00015388"
    query = plan(engine, library, "object -animal").query
    (left_out,) = query.filters
    assert left_out == ExcludedLabels({}, EXCLUDED_LEAST, {animal: 1.0})
    assert len(query.ancestors) == 1 and len(query.weights) < 60
    names = engine.meanings.understand("dog", LearnedNames()).parts
    assert names[0].ancestors == {dog: 1.0} and len(names[0].labels) > 118


def test_the_score_of_an_ancestor_is_shared_out_to_its_labels():
    dog, pug, boxer, bus = "n02084071", "n02110958", "n02108089", "n04146614"
    part = Part(
        "dog", "dog", Kind.HYPERNYM, 1.0, {pug: 1.0, boxer: 1.5, bus: 0.25},
        {pug: "a kind of dog", boxer: "a kind of dog"}, {bus: Kind.RELATED}, {dog: 1.0},
    )  # fmt: skip
    labels = {pug: 0.25, boxer: 0.5, bus: 0.5}
    match = Match("a", 1.125, ("a.jpg",), 1, 1, "", labels, ancestors={dog: 0.75})
    reasons = list(_labels(match, _weighed(part)))
    assert [(one.kind, one.what, one.score) for one in reasons] == [
        (Kind.HYPERNYM, "pug, a kind of dog", 0.25),
        (Kind.HYPERNYM, "boxer, a kind of dog", 0.75),
        (Kind.RELATED, "school bus", 0.125),
    ]


def test_teaching_leaves_what_it_is_given_as_it_is(engine, library):
    vocabulary = library.vocabulary()
    understood = engine.meanings.understand("dog", vocabulary.names)
    before = {wnid: weight for part in understood.parts for wnid, weight in part.labels.items()}
    taught = teach(understood, vocabulary, engine.spaces, probe=partial(engine.probe, filters=()))
    after = {wnid: weight for part in understood.parts for wnid, weight in part.labels.items()}
    assert before == after and taught.boosts and taught.excluded
    assert taught.understanding.key == understood.key == "dog"


def test_the_probing_search_decides_how_much_of_the_labels_is_replaced(engine, library):
    vocabulary = library.vocabulary()
    understood = engine.meanings.understand("dog", vocabulary.names)
    good, bad = (
        [id for id, tally in vocabulary.lessons["dog"].tallies().items() if tally.is_good is wanted]
        for wanted in (True, False)
    )
    weights = [
        teach(
            understood, vocabulary, engine.spaces, lambda _, found=found: dict.fromkeys(found, 0.0)
        )
        .understanding.parts[0]
        .labels
        for found in (good + bad, bad + good)
    ]
    whole = understood.parts[0].labels
    assert all(weights[0][wnid] == whole[wnid] for wnid in whole)  # labels were right
    assert all(0 < weights[1][wnid] < whole[wnid] for wnid in whole)  # a bad photo came first


def test_the_filters_of_a_question_reach_the_ranking_and_the_probing_search(
    engine, library, monkeypatch
):
    whole = engine.answer(plan(engine, library, "dog"))
    without = (ExcludedPhotos(frozenset([whole.hits[-1].id])),)
    asked, ask, find = [], SearchEngine.ask, SearchEngine.find
    monkeypatch.setattr(
        SearchEngine, "ask", lambda self, query: asked.append(query) or ask(self, query)
    )
    monkeypatch.setattr(
        SearchEngine, "find", lambda self, plan: asked.append(plan.query) or find(self, plan)
    )
    filtered = engine.answer(plan(engine, library, "dog", filters=without))
    assert [hit.id for hit in filtered.hits] == [hit.id for hit in whole.hits[:-1]]
    probing, ranking = asked
    assert probing.limit == PROBED and probing.filters == without
    assert ranking.filters[:1] == without


# --- how straight the line is


def entered(work: Callable[[], Any]) -> tuple[set[str], list[str]]:
    """Do work; return the project's files that Python functions were entered of, meanwhile and in
    this thread, and the project's functions that were being called when `teach` was."""
    files: set[str] = set()
    stack: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        place = frame.f_code.co_filename
        if event != "call" or not place.startswith((f"{ROOT}search/", f"{ROOT}indexer/")):
            return
        files.add(place.removeprefix(ROOT))
        if frame.f_code is teach.__code__ and not stack:
            stack.extend(callers(frame))

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return files, stack


def callers(frame: FrameType | None) -> Iterator[str]:
    """The project's functions that are being called, the innermost first."""
    while frame:
        if frame.f_code.co_filename.startswith((f"{ROOT}search/", f"{ROOT}indexer/commands/")):
            yield frame.f_code.co_qualname
        frame = frame.f_back


def test_it_is_a_few_calls_from_the_command_to_what_was_taught(url, library):
    done = []
    command = ["search", "zorbla", "--store", url]
    _, stack = entered(lambda: done.append(CliRunner().invoke(main, command)))
    assert done[0].exit_code == 0
    assert stack[-1] == "Group.invoke"
    assert len(stack[:-1]) <= MOST_CALLS, stack


@pytest.mark.parametrize("words", MOST_FILES)
def test_a_search_enters_few_files(library, words):
    answers = []
    files, _ = entered(lambda: answers.append(library.search(words)))
    assert answers[0].familiar and answers[0].hits
    own = {file for file in files if file.startswith("search/")}
    assert "search/engine.py" in own
    assert len(own) <= MOST_FILES[words], sorted(own)
