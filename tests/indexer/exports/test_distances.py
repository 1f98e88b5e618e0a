"""Nearest neighbours of all rows: those of scikit-learn, whatever the rows are."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from indexer.errors import BadValue
from indexer.exports.distances import BLOCK_ROWS, METRICS, Nearest, write_distances
from indexer.exports.layers import Layers
from indexer.exports.row_files import read_rows, write_rows
from indexer.network.describer import open_describer
from indexer.network.options import NetworkOptions
from indexer.progress import Silence


def ours(rows, folder, nearest):
    write_distances(rows, folder, nearest, Silence())
    return np.load(folder / "neighbours.npy"), np.load(folder / "distances.npy")


def theirs(rows, nearest):
    """What scikit-learn finds, in float64, by comparing all pairs itself."""
    from sklearn.neighbors import NearestNeighbors  # loads for seconds: not at collection

    search = NearestNeighbors(
        n_neighbors=nearest.count, metric=nearest.metric, algorithm="brute", n_jobs=nearest.cores
    )
    distances, neighbours = search.fit(rows.astype(np.float64)).kneighbors()
    return neighbours, distances


@pytest.fixture(scope="session")
def real_rows(tmp_path_factory, free_photos):
    """Vectors of real photos, each once: the order of equal ones is anyone's."""
    out = tmp_path_factory.mktemp("features") / "features.npz"
    describer = open_describer(NetworkOptions("efficientnet_lite0"), None)
    layers = Layers(describer, 2, Silence())
    layers.write(free_photos[0].parent, "vectors", out)
    return np.unique(read_rows(out, "vectors"), axis=0)


@pytest.mark.parametrize("metric", METRICS)
def test_real_photos_have_the_neighbours_that_scikit_learn_finds(tmp_path, real_rows, metric):
    nearest = Nearest(metric, 5, -1)
    neighbours, distances = ours(real_rows, tmp_path, nearest)
    expected, far = theirs(real_rows, nearest)
    np.testing.assert_array_equal(neighbours, expected)
    np.testing.assert_allclose(distances, far, atol=1e-6)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("cores", [1, 4, -1])
def test_rows_of_any_length_have_the_neighbours_that_scikit_learn_finds(tmp_path, metric, cores):
    rows = np.random.default_rng(1).normal(size=(BLOCK_ROWS + 200, 24)).astype(np.float32)
    nearest = Nearest(metric, 50, cores)
    neighbours, distances = ours(rows, tmp_path / "new", nearest)
    expected, far = theirs(rows, nearest)
    np.testing.assert_array_equal(neighbours, expected)
    np.testing.assert_allclose(distances, far, rtol=1e-6, atol=1e-6)
    assert (neighbours.dtype, distances.dtype) == (np.int64, np.float64)
    assert {file.name for file in (tmp_path / "new").iterdir()} == {
        "neighbours.npy",
        "distances.npy",
    }


small = st.integers(2, 40).flatmap(
    lambda n: arrays(np.float32, (n, 3), elements=st.integers(1, 4).map(float))
)


@settings(max_examples=60, deadline=None)
@given(rows=small, metric=st.sampled_from(METRICS), share=st.floats(0, 1))
def test_equal_rows_are_neighbours_at_no_distance_and_no_row_is_its_own(
    tmp_path_factory, rows, metric, share
):
    nearest = Nearest(metric, 1 + int(share * (len(rows) - 2)), 1)
    neighbours, distances = ours(rows, tmp_path_factory.mktemp("out"), nearest)
    np.testing.assert_allclose(distances, theirs(rows, nearest)[1], atol=1e-6)
    for row, near in enumerate(neighbours):
        assert len(set(near)) == nearest.count and row not in near


def test_rows_may_be_larger_than_memory(tmp_path):
    width, count = 40_000, 1_100  # 176 MB
    random = np.random.default_rng(0)
    rows = ((f"{n}", f"{n}", random.random(width, np.float32)) for n in range(count))
    write_rows(tmp_path / "rows.npz", "vectors", rows, {})
    tracemalloc.start()
    try:
        neighbours, _ = ours(
            read_rows(tmp_path / "rows.npz", "vectors"), tmp_path, Nearest("euclidean", 3)
        )
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert neighbours.shape == (count, 3)


@pytest.mark.parametrize(
    ("rows", "nearest", "message"),
    [
        (
            np.eye(5),
            Nearest(count=5),
            "5 rows do not have 5 neighbours each: give N_NEIGHBORS from 1 to 4",
        ),
        (
            np.eye(1),
            Nearest(),
            "no neighbours among 1 rows: give the features of at least two photos",
        ),
        (np.diag([1, 1, 0, 1]), Nearest("cosine", 2), "row 2 is zero"),
        (np.full((4, 4), np.nan), Nearest(count=2), "cannot compare the rows: .*NaN"),
        (np.full((4, 4), np.nan), Nearest("cosine", 2), "cannot compare the rows: .*NaN"),
    ],
)
def test_rows_that_cannot_be_compared_are_one_line(tmp_path, rows, nearest, message):
    with pytest.raises(BadValue, match=message) as trouble:
        ours(rows.astype(np.float32), tmp_path, nearest)
    assert len(str(trouble.value).splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadValue, match=r"cannot write into .*file'"):
        ours(np.eye(5, dtype=np.float32), tmp_path / "file", Nearest(count=2))


class Impatience(Silence):
    """Interrupts the first block."""

    def advance(self, count):
        raise KeyboardInterrupt


def test_an_interrupted_run_leaves_older_results_whole(tmp_path):
    rows = np.eye(9, dtype=np.float32)
    before = ours(rows, tmp_path, Nearest(count=2))
    with pytest.raises(KeyboardInterrupt):
        write_distances(rows, tmp_path, Nearest(count=3), Impatience())
    assert len(list(tmp_path.iterdir())) == 2
    np.testing.assert_array_equal(np.load(tmp_path / "neighbours.npy"), before[0])
