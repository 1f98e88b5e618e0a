"""What is learned from examples, on photos whose places are known: clouds around known centres."""

import numpy as np
import pytest

from indexer.derived.vectors import as_bytes
from indexer.events import Event, Upload
from indexer.kinds import EventKind
from indexer.records import Label
from search.teaching.concept import learn
from search.teaching.space import NEAR, Space, fit, neighbour_weights, points_of
from search.teaching.vocabulary import Vocabulary

DIMENSIONS, EACH, CLOUDS = 32, 60, 5


@pytest.fixture(scope="module")
def space():
    """Five clouds of 60 photos; photo "c07" is number 7 of cloud c. Neighbours are exact."""
    chance = np.random.default_rng(3)
    centres = chance.standard_normal((CLOUDS, DIMENSIONS))
    points = np.repeat(centres, EACH, 0) + 0.9 * chance.standard_normal((CLOUDS * EACH, DIMENSIONS))
    points = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
    cosines = points @ points.T
    np.fill_diagonal(cosines, -2)
    near = np.argsort(-cosines, axis=1)[:, :NEAR]
    weights = neighbour_weights(np.take_along_axis(cosines, near, 1))
    ids = [f"{cloud}{number:02}" for cloud in "abcde" for number in range(EACH)]
    plain = points_of(None, points, [()] * len(points))
    return Space(as_bytes(ids), plain, near.astype(np.int32), weights, None)


def lesson(good=(), bad=(), user="ann", uploads=()):
    vocabulary = Vocabulary()
    event = Event(
        id="1",
        time="1",
        kind=EventKind.CLICK,
        user=user,
        word="w",
        good=tuple(good),
        bad=tuple(bad),
        uploads=tuple(uploads),
    )
    vocabulary.apply(event)
    return vocabulary.lessons["w"]


def share_of(space, cloud, concept, count=EACH // 2):
    best = concept.rows[np.argsort(-concept.scores, kind="stable")[:count]]
    return np.mean([id[0] == cloud for id in space.names(best)])


def test_one_example_finds_its_cloud(space):
    assert share_of(space, "b", learn(space, lesson(["b00"]))) > 0.9


def test_an_example_outside_the_library_finds_its_cloud_too(space):
    vector = space.points[60:70, :DIMENSIONS].mean(0)
    upload = Upload("f" * 32, "x.jpg", (), vector / np.linalg.norm(vector), b"")
    concept = learn(space, lesson(["f" * 32], uploads=[upload]))
    assert share_of(space, "b", concept) > 0.9
    point = space.point(upload.vector, ())[None]
    assert concept.good.nearest(point) == [("f" * 32, pytest.approx(1))]


def test_bad_photos_push_their_cloud_away(space):
    mixed = [*(f"b{n:02}" for n in range(5)), *(f"c{n:02}" for n in range(5))]
    before = learn(space, lesson(mixed))
    after = learn(space, lesson(mixed[:5], mixed[5:]))
    assert share_of(space, "b", after) > share_of(space, "b", before)
    cloud_c = np.char.startswith(np.array(space.names(after.rows)), "c")
    assert after.scores[cloud_c].mean() < before.scores[cloud_c].mean()


def test_a_wrong_click_among_many_right_ones_does_little(space):
    right = [f"b{n:02}" for n in range(0, 16, 2)]
    wrong = learn(space, lesson([*right, "d00"], ["b01"]))
    assert share_of(space, "b", wrong, 20) == 1


def test_votes_that_contradict_each_other_count_less(space):
    vocabulary = Vocabulary()
    for number, (user, good, bad) in enumerate(
        [("ann", ("b00", "c00"), ()), ("bob", ("b00", "c00"), ()), ("eve", ("b00",), ("c00",))]
    ):
        event = Event(
            id=str(number),
            time=str(number),
            kind=EventKind.CLICK,
            user=user,
            word="w",
            good=good,
            bad=bad,
        )
        vocabulary.apply(event)
    concept = learn(space, vocabulary.lessons["w"])
    weights = dict(zip(concept.good.ids, concept.good.weights.tolist(), strict=True))
    assert weights == {"b00": pytest.approx(1), "c00": pytest.approx(1 / 3)}


def test_without_a_good_photo_at_hand_nothing_is_learned(space):
    assert learn(space, lesson(bad=["a00"])) is None
    assert learn(space, lesson(["removed"])) is None


def test_a_removed_photo_counts_again_when_it_is_there(space):
    concept = learn(space, lesson(["b00", "removed"]))
    assert concept.good.ids == ("b00",)


def test_scores_are_1_for_the_best_that_was_not_judged_and_0_for_what_is_usual(space):
    concept = learn(space, lesson(["b00"], ["c00"]))
    judged = np.isin(space.names(concept.rows), ["b00", "c00"])
    assert concept.scores[~judged].max() == pytest.approx(1)
    assert concept.scores.min() == 0 and (concept.scores == 0).mean() > 0.3


def test_the_order_of_clicks_does_not_matter(space):
    one = learn(space, lesson(["b00", "b01", "b02"], ["c00"]))
    other = learn(space, lesson(["b02", "b00", "b01"], ["c00"]))
    assert np.array_equal(one.scores, other.scores)


def test_candidates_of_a_large_library_are_few_and_right(space, monkeypatch):
    everything = learn(space, lesson(["b00"]))
    monkeypatch.setattr("search.teaching.concept.MOST_CANDIDATES", 100)
    few = learn(space, lesson(["b00"]))
    assert len(few.rows) < 200
    best = [c.rows[np.argsort(-c.scores, kind="stable")[:20]].tolist() for c in (everything, few)]
    assert best[0] == best[1]


def test_photos_that_are_not_linked_yet_are_ranked_by_themselves(space):
    alone = Space(space.ids, space.points, np.full_like(space.near, -1), 0 * space.weights, None)
    assert share_of(alone, "b", learn(alone, lesson(["b00", "b01"])), 20) > 0.9


def labels(chance):
    return [Label(wnid, 0.5) for wnid in chance.choice(["n02391049", "n02123045"], 1)]


def test_a_fitted_space_keeps_clouds_together_and_is_the_same_each_time():
    chance = np.random.default_rng(5)
    centres = np.abs(chance.standard_normal((10, 64)))
    vectors = np.abs(np.repeat(centres, 30, 0) + 0.4 * chance.standard_normal((300, 64)))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    some = [labels(chance) for _ in vectors]
    made, again = fit(vectors, some), fit(vectors, some)
    points = made.points(vectors, some)
    assert points.shape == (300, 256) and points.dtype == np.float32
    assert np.linalg.norm(points, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(points, again.points(vectors, some))
    assert made.points(vectors[7:8], some[7:8])[0] == pytest.approx(points[7], abs=1e-5)
    cosines = points @ points.T
    np.fill_diagonal(cosines, -2)
    own = np.arange(300)[:, None] // 30 == np.argsort(-cosines, axis=1)[:, :10] // 30
    assert own.mean() > 0.9


def test_weights_of_neighbours_add_up_and_opposites_have_none():
    weights = neighbour_weights(np.array([[0.9, 0.5, -0.2], [-0.1, -0.2, -0.3]], np.float32))
    assert weights.sum(1) == pytest.approx([1, 0])
    assert weights[0, 0] / weights[0, 1] == pytest.approx((0.9 / 0.5) ** 3, rel=1e-5)
    assert weights[0, 2] == 0
