"""The simulated user, on a library whose truth is known; he leaves no trace in the store."""

import numpy as np
import pytest

from indexer.errors import BadValue
from indexer.neighbours import build
from indexer.records import Label, Photo, StoreInfo
from search.library import open_library
from search.simulation import ROUNDS, USERS, User, simulate
from search.truth import Truth

EACH, CATEGORIES, DIMENSIONS = 24, 5, 32


@pytest.fixture(scope="module")
def made_library(tmp_path_factory):
    """A store of 120 made-up photos in five clouds, and its truth."""
    chance = np.random.default_rng(1)
    rows = np.repeat(chance.standard_normal((CATEGORIES, DIMENSIONS)), EACH, 0)
    rows = rows + 1.5 * chance.standard_normal(rows.shape)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    photos = [
        Photo(
            id=chance.bytes(16).hex(), paths=(f"/{number}.jpg",), width=1, height=1, bytes=1,
            format="jpeg", colour="#000000", modified="2024-05-01T12:00:00.000Z", captured=None,
            camera=None, labels=(Label("n02391049", 0.5),), vector=row, model="test",
        )
        for number, row in enumerate(rows)
    ]
    url = f"sqlite:///{tmp_path_factory.mktemp('simulation')}/photos.db"
    with open_library(url) as library:
        library.store.create(StoreInfo("test", "0" * 64, DIMENSIONS))
        assert library.store.put(photos) == []
        vectors = library.store.vectors()
        library.store.set_neighbours(build("exact", vectors).neighbours_of(vectors.ids, 20))
        categories = {
            photo.id: frozenset([f"cloud {number // EACH}"]) for number, photo in enumerate(photos)
        }
        yield library, Truth(categories, 0)


def test_teaching_reaches_nearly_all_and_writes_nothing(made_library):
    library, truth = made_library
    report = simulate(library, truth)
    assert report.categories == CATEGORIES and report.rounds == report.courses[0].rounds
    assert [course.name for course in report.courses] == [user.name for user in USERS]
    for course in report.courses:
        assert len(course.rounds) == ROUNDS + 1
        assert course.rounds[-1].p_at_20 > 0.8 and course.seconds > 0
    assert report.rounds[1].map > report.rounds[0].map
    assert report.courses[0].worse <= report.courses[2].worse
    assert library.store.events.state() == 0 and library.teacher.words() == ()


def test_the_same_simulation_gives_the_same_numbers(made_library):
    first, second = (simulate(*made_library, users=[User("x", wrong=0.1)]) for _ in range(2))
    assert first.rounds == second.rounds


def test_starting_at_random_counts_rounds_from_the_first_good_photo(made_library):
    (course,) = simulate(*made_library, users=[User("random", examples=0)]).courses
    assert course.rounds_to_goal in (1, 2)


def test_categories_of_few_photos_are_not_measured(made_library):
    library, truth = made_library
    few = dict(list(truth.categories.items())[:10])
    with pytest.raises(BadValue, match="no category has 20 photos"):
        simulate(library, Truth(few, 0))
