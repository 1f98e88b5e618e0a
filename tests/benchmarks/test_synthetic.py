"""Synthetic photos of the benchmarks are like real ones in what makes them hard or easy."""

import numpy as np
import pytest

from benchmarks.synthetic import BLOCK, POOL, Real, labels, photos, vectors
from indexer.imagenet import classes, quantise

COUNT = 2 * BLOCK


@pytest.fixture(scope="module")
def toy():
    """Random photos, for what does not depend on how real ones are distributed."""
    random = np.random.default_rng(0)
    rows = np.maximum(random.standard_normal((POOL + 30, 48), np.float32), 0)
    likely = random.dirichlet(np.full(1000, 0.05), len(rows)).astype(np.float32)
    likely[likely < np.sort(likely, axis=1)[:, -50:-49]] = 0
    return Real(rows / np.linalg.norm(rows, axis=1, keepdims=True), likely, "toy")


@pytest.fixture(scope="module")
def real(photos_folder):
    return Real.read()


@pytest.fixture(scope="module")
def made(real):
    return np.concatenate([*vectors(real, COUNT, real.vectors.shape[1])])


def whole(blocks):
    return np.concatenate([*blocks])


def test_vectors_have_the_shape_asked_for_and_norm_1(toy):
    for dimensions in (48, 70):
        rows = whole(vectors(toy, BLOCK + 5, dimensions))
        assert rows.shape == (BLOCK + 5, dimensions) and rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)


def test_they_come_in_blocks_so_that_a_million_need_not_be_held(toy):
    assert [len(block) for block in vectors(toy, 2 * BLOCK + 1, 48)] == [BLOCK, BLOCK, 1]
    assert [len(columns) for columns, _ in labels(toy, BLOCK + 9)] == [BLOCK, 9]
    assert list(vectors(toy, 0, 48)) == []


def test_the_same_seed_gives_the_same_photos_however_many(toy):
    many, few = whole(vectors(toy, BLOCK + 50, 48, 1)), whole(vectors(toy, BLOCK + 7, 48, 1))
    assert (many[: BLOCK + 7] == few).all()
    assert not np.allclose(whole(vectors(toy, 7, 48, 2)), many[:7])
    (columns, shares), *_ = labels(toy, 20, 1)
    (again, same), *_ = labels(toy, 9, 1)
    assert (columns[:9] == again).all() and (shares[:9] == same).all()


def test_no_two_are_alike(toy):
    rows = whole(vectors(toy, 500, 48))
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, 0)
    assert cosines.max() < 0.9999
    (_, shares), *_ = labels(toy, 500)
    assert len(np.unique(shares, axis=0)) == 500


def test_more_dimensions_change_no_cosine(toy):
    narrow, wide = whole(vectors(toy, 300, 48)), whole(vectors(toy, 300, 90))
    assert narrow @ narrow.T == pytest.approx(wide @ wide.T, abs=1e-5)


def test_labels_are_as_stores_keep_them(toy):
    for columns, shares in labels(toy, 100):
        assert columns.shape == shares.shape == (100, 50)
        assert (shares > 0).all() and (np.diff(shares) <= 0).all()
        assert (quantise(shares) == shares).all() and (shares.sum(1) <= 1).all()
        assert all(len(set(row)) == 50 for row in columns.tolist())


def test_a_photo_has_its_vector_and_its_labels(toy):
    made = list(photos(toy, BLOCK + 2, 60, seed=3))
    assert [photo.id for photo in made] == sorted({photo.id for photo in made})
    rows = np.stack([photo.vector for photo in made])
    assert (rows == whole(vectors(toy, BLOCK + 2, 60, 3))).all()
    *_, (columns, shares) = labels(toy, BLOCK + 2, 3)
    held = [(label.wnid, label.probability) for label in made[-1].labels]
    assert held == [
        (classes()[c], s) for c, s in zip(columns[-1].tolist(), shares[-1].tolist(), strict=True)
    ]


def dimensions(rows, near=20):
    """Intrinsic dimension: Levina and Bickel 2004, "Maximum likelihood estimation of intrinsic
    dimension", NIPS 17, equation 8, of the inverses' mean as MacKay and Ghahramani say."""
    squares = 2 - 2 * np.sort(rows[::8] @ rows.T, axis=1)[:, ::-1][:, 1 : near + 1]
    logs = np.log(np.sqrt(np.maximum(squares, 1e-9)))
    return 1 / ((logs[:, -1:] - logs[:, :-1]).sum(1) / (near - 2)).mean()


def test_made_up_vectors_lie_in_few_dimensions_as_real_ones_do(real, made):
    cube = np.random.default_rng(0).standard_normal(made.shape, np.float32)
    cube /= np.linalg.norm(cube, axis=1, keepdims=True)
    assert dimensions(made) < 25 < 60 < dimensions(cube)
    assert dimensions(made[:1200]) == pytest.approx(dimensions(real.vectors), rel=0.6)


def test_made_up_vectors_are_as_like_each_other_as_real_ones(real, made):
    for share in (0.01, 0.1, 0.5, 0.9, 0.99):
        held, true = (np.quantile(rows @ rows.T, share) for rows in (made[:1200], real.vectors))
        assert held == pytest.approx(true, abs=0.15)


def test_made_up_labels_are_spread_as_those_of_real_photos(real):
    mean, often = np.zeros(1000), np.zeros(1000)
    for columns, shares in labels(real, COUNT):
        np.add.at(mean, columns, shares / COUNT)
        np.add.at(often, columns, 1 / COUNT)
    true = real.probabilities.mean(0)
    assert np.abs(mean - true).sum() / 2 < 0.08  # total variation
    assert mean.sum() == pytest.approx(true.sum(), abs=0.03)
    held = (real.probabilities > 0).mean(0)
    assert np.abs(often - held).sum() / held.sum() < 0.15


def test_the_photos_of_one_number_are_of_the_same_real_one(real, made):
    """So that what a word means and what looks alike agree, as in a library."""
    (columns, _), *_ = labels(real, 400)
    nearest = np.argmax(made[:400] @ real.vectors.T, axis=1)

    def shared(photos):
        held = real.probabilities[photos] > 0
        return np.take_along_axis(held, columns, 1).mean()

    assert shared(nearest) > 0.5 > 4 * shared(nearest[::-1])
