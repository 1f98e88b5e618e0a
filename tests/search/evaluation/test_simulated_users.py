"""Simulated users, on a library whose truth is known; they leave no trace in the store."""

import csv
import json
from contextlib import closing

import numpy as np
import pytest
from click.testing import CliRunner

from indexer.errors import BadValue
from indexer.neighbours import open_index
from indexer.records import File, Label, Photo, StoreInfo
from indexer.run.linking import link
from indexer.stores import open_store
from search.commands import main
from search.engine import open_engine
from search.evaluation.simulated_users import ROUNDS, USERS, User, simulate
from search.evaluation.truth import Truth

EACH, CATEGORIES, DIMENSIONS = 24, 5, 32


@pytest.fixture(scope="module")
def made_library(tmp_path_factory):
    """A store of 120 synthetic photos in five clusters, and its truth."""
    random = np.random.default_rng(1)
    rows = np.repeat(random.standard_normal((CATEGORIES, DIMENSIONS)), EACH, 0)
    rows = rows + 1.5 * random.standard_normal(rows.shape)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    photos = [
        Photo(
            id=random.bytes(16).hex(),
            paths=(f"/{number}.jpg",),
            width=1,
            height=1,
            bytes=1,
            format="jpeg",
            colour="#000000",
            modified="2024-05-01T12:00:00.000Z",
            captured=None,
            camera=None,
            labels=(Label("n02391049", 0.5),),
            vector=row,
            model="test",
        )
        for number, row in enumerate(rows)
    ]
    url = f"sqlite:///{tmp_path_factory.mktemp('simulation')}/photos.db"
    with closing(open_store(url)) as store:
        store.identity.create(StoreInfo("test", "0" * 64, DIMENSIONS))
        assert store.photos.put(photos) == []
        store.files.put(File(photo.paths[0], 1, 1, photo.id) for photo in photos)
        link(store, open_index("exact", store))
        categories = {
            photo.id: frozenset([f"cluster {number // EACH}"])
            for number, photo in enumerate(photos)
        }
        yield open_engine(store), Truth(categories, 0)


def test_teaching_reaches_nearly_all_and_writes_nothing(made_library):
    engine, truth = made_library
    report = simulate(engine, truth)
    assert report.categories == CATEGORIES and report.rounds == report.courses[0].rounds
    assert [course.name for course in report.courses] == [user.name for user in USERS[:3]]
    for course in report.courses:
        assert len(course.rounds) == ROUNDS + 1
        assert course.rounds[-1].p_at_20 > 0.8 and course.seconds > 0
    assert report.rounds[1].map > report.rounds[0].map
    assert report.courses[0].worse <= report.courses[2].worse
    assert engine.store.events.state() == 0


def test_the_same_simulation_gives_the_same_numbers(made_library):
    first, second = (simulate(*made_library, users=[User("x", wrong=0.1)]) for _ in range(2))
    assert first.rounds == second.rounds


def test_starting_at_random_counts_rounds_from_the_first_good_photo(made_library):
    (course,) = simulate(*made_library, users=[User("random", start="random")]).courses
    assert course.rounds_to_goal in (1, 2)


def test_categories_of_few_photos_are_not_measured(made_library):
    engine, truth = made_library
    few = dict(list(truth.categories.items())[:10])
    with pytest.raises(BadValue, match="no category has 20 photos"):
        simulate(engine, Truth(few, 0))


def test_a_known_word_starts_from_its_labels_and_an_unknown_one_is_left_out(made_library):
    engine, truth = made_library
    names = {"cluster 0": "zebra"}  # the label of all photos
    renamed = {
        id: frozenset(names.get(name, "qwyzzt") for name in shown)
        for id, shown in truth.categories.items()
    }
    (course,) = simulate(engine, Truth(renamed, 0), users=[User("known", start="word")]).courses
    assert course.categories == 1 and len(course.rounds) == ROUNDS + 1
    assert course.rounds[-1].map > course.rounds[0].map


def test_the_command_prints_the_contract_or_a_table(made_library, tmp_path):
    engine, truth = made_library
    with (tmp_path / "truth.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "category"])
        for photo in engine.store.photos.scan():
            rows.writerow([photo.paths[0], *truth.categories[photo.id]])
    command = ["evaluate", str(tmp_path / "truth.csv"), "--teach", "--store"]
    done = CliRunner().invoke(main, [*command, engine.store.location, "--json"])
    report = json.loads(done.stdout)
    assert list(report)[:2] == ["categories", "rounds"] and report["categories"] == CATEGORIES
    assert [list(one) for one in report["rounds"]] == [["p_at_20", "map"]] * (ROUNDS + 1)
    table = CliRunner().invoke(main, [*command, engine.store.location]).stdout.splitlines()
    assert table[0].startswith(f"{CATEGORIES} categories")
    first = next(line for line in table if line.startswith("one example"))
    assert first.split()[3:7] == [f"{one['p_at_20']:.3f}" for one in report["rounds"]]
