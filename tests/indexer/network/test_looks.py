"""Where the network looks in photos of all shapes, and what its looks say together."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from indexer.errors import Conflict
from indexer.halves import rounded
from indexer.network import models
from indexer.network.describer import Describer, describe_photos, open_describer, open_renewer
from indexer.network.looks import (
    FEWEST,
    MOST,
    MOST_TOTAL,
    combined_probabilities,
    combined_vector,
    further_boxes,
)
from indexer.network.options import LOOKS, NetworkOptions
from indexer.photos.decoding import decode
from indexer.photos.reading import Ready
from indexer.records import StoreInfo

pytestmark = pytest.mark.usefixtures("all_looks")
LITE = "efficientnet_lite0"
SHAPES = [(300, 300), (300, 200), (200, 300), (400, 200), (401, 200), (1500, 200), (200, 1500)]
SHAPES += [(4000, 200), (1, 5000), (5000, 1), (1, 1), (2, 1), (3, 1)]


def describer(looks: int | None = None, batch: int = 16) -> Describer:
    return open_describer(NetworkOptions(LITE, looks=looks, batch=batch), None)


def share_seen(width: int, height: int, boxes: list[tuple[float, float, float, float]]) -> float:
    """How much of a picture lies in a box, by a grid of 200 x 200 points."""
    xs, ys = (np.arange(200) + 0.5) / 200 * width, (np.arange(200) + 0.5) / 200 * height
    seen = np.zeros((200, 200), bool)
    for left, top, right, bottom in boxes:
        seen |= ((ys >= top) & (ys <= bottom))[:, None] & ((xs >= left) & (xs <= right))
    return float(seen.mean())


@pytest.mark.parametrize("shape", SHAPES)
def test_the_further_looks_see_all_of_a_photo_and_stay_within_it(shape: tuple[int, int]) -> None:
    boxes = further_boxes(*shape, 5)
    assert share_seen(*shape, boxes) == 1
    assert set(boxes) <= set(further_boxes(*shape, 6))
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= shape[0] + 1e-9
        assert 0 <= top < bottom <= shape[1] + 1e-9


@pytest.mark.parametrize("shape", SHAPES)
def test_usual_shapes_have_four_further_looks_and_wide_ones_a_bounded_row(
    shape: tuple[int, int],
) -> None:
    count = len(further_boxes(*shape, 5))
    is_wide = max(shape) > 2 * min(shape)
    assert FEWEST <= count <= MOST if is_wide else count == 4
    assert len(further_boxes(*shape, 6)) == (count if is_wide else 5)
    assert further_boxes(*shape, 1) == []


def test_a_row_is_of_squares_that_overlap_until_the_photo_is_very_long() -> None:
    boxes = further_boxes(1500, 200, 5)
    sizes = [(right - left, bottom - top) for left, top, right, bottom in boxes]
    assert np.allclose(sizes, 200)
    steps = {round(b[0] - a[0], 6) for a, b in pairwise(boxes)}
    assert len(steps) == 1 and steps.pop() <= 150
    assert further_boxes(200, 1500, 5) == [(t, lf, b, r) for lf, t, r, b in boxes]


@pytest.mark.parametrize("count", [1, 5, 6, 7, 17])
def test_probabilities_stay_probabilities(count: int) -> None:
    random = np.random.default_rng(count)
    raw = random.random((count, 1000)).astype(np.float32) ** 30
    looks = raw / raw.sum(axis=1, keepdims=True)
    found = combined_probabilities(looks)
    assert found.shape == (1000,) and found.dtype == np.float32
    assert (found >= 0).all() and (found <= 1).all()
    assert found.sum() == pytest.approx(1) if count == 1 else found.sum() <= MOST_TOTAL + 1e-5


def test_one_look_is_left_as_it_is_and_equal_looks_agree_with_one_another() -> None:
    look = np.full((1, 4), 0.25, np.float32)
    assert np.array_equal(combined_probabilities(look), look[0])
    sure = np.array([[1, 0, 0, 0]], np.float32)
    for count in (5, 6, 9):
        same = combined_probabilities(np.repeat(sure, count, axis=0))
        assert same == pytest.approx(sure[0], abs=1e-6)


def test_what_only_a_further_look_sees_counts() -> None:
    looks = np.full((5, 4), 0.25, np.float32)
    looks[3] = (0, 0, 0, 1)
    without = combined_probabilities(looks[[0, 1, 2, 4, 4]])
    assert combined_probabilities(looks)[3] > 1.5 * without[3]


def test_the_vector_is_that_of_the_first_look_unless_the_whole_photo_is_seen() -> None:
    looks = np.eye(8, dtype=np.float32)
    for count in (1, 5, 7, 8):
        assert np.array_equal(combined_vector(looks[:count]), looks[0])
    both = combined_vector(looks[:6])
    assert both.dtype == np.float32 and np.linalg.norm(both) == pytest.approx(1)
    assert both[0] == pytest.approx(2 * both[1]) and not both[2:].any()


def test_one_look_describes_as_the_network_itself(free_photos, networks) -> None:
    """As before looks were counted: the same numbers, bit by bit, as stores keep them."""
    one = describer(1)
    images = [decode(path.read_bytes(), one.side).image for path in free_photos[:5]]
    model = models.load(LITE)
    expected = one._engine.describe(np.stack([model.prepare(image) for image in images]))
    (found,) = one.describe_all([[one.prepare(image) for image in images]])
    assert np.array_equal(found.probabilities, expected.probabilities)
    assert np.array_equal(found.vectors, rounded(expected.vectors))


def test_more_looks_leave_the_vector_alone_and_do_not_depend_on_batches(
    free_photos, networks
) -> None:
    images = [decode(path.read_bytes(), 224).image for path in free_photos[:5]]
    wide = images[0].resize((2400, 320))
    (one,) = describer(1).describe_all([[describer(1).prepare(image) for image in images]])
    kept = []
    for batch, size in ((2, 2), (16, 3)):
        five = describer(5, batch)
        looks = [five.prepare(image) for image in [*images, wide]]
        assert [len(some) for some in looks[:5]] == [5] * 5 and len(looks[5]) > 6
        parts = list(five.describe_all([looks[:size], looks[size:]]))
        assert [len(part.vectors) for part in parts] == [size, 6 - size]
        kept.append(np.concatenate([part.probabilities for part in parts]))
        vectors = np.concatenate([part.vectors for part in parts])
        assert np.allclose(vectors[:5], one.vectors, atol=1e-5)
    assert np.allclose(*kept, atol=1e-5)


def test_batches_of_photos_come_back_with_their_photos(networks) -> None:
    five = describer(5, batch=2)
    shapes = [(300, 300), (900, 100), (300, 200)]
    photos = [
        Ready(None, number, five.prepare(Image.new("RGB", shape)), b"")  # type: ignore[arg-type]
        for number, shape in enumerate(shapes)
    ]
    found = list(describe_photos(five, photos))
    assert [[ready.photo for ready in batch] for batch, _ in found] == [[0, 1], [2]]
    assert [len(seen.vectors) for _, seen in found] == [2, 1]


def test_auto_is_the_networks_own_number_in_a_new_store_and_the_stores_otherwise() -> None:
    assert describer().info.looks == describer(0).info.looks == models.load(LITE).looks
    made = describer(1).info
    for looks in (None, 0, 1):
        again = open_describer(NetworkOptions(LITE, looks=looks), made)
        assert again.info == made and again.options.looks == 1
    with pytest.raises(Conflict, match=r"--looks 1, not 5: .* `magpie reindex --looks 5`") as told:
        open_describer(NetworkOptions(LITE, looks=5), made)
    assert "\n" not in str(told.value)


def test_a_store_is_renewed_with_its_looks_unless_others_are_wanted() -> None:
    made = describer(1).info
    assert open_renewer(NetworkOptions(LITE), made).info == made
    assert open_renewer(NetworkOptions(looks=0), made).info.looks == models.load(LITE).looks
    assert open_renewer(NetworkOptions(looks=5), made).info.looks == 5
    other = StoreInfo("another", "0" * 64, 8, looks=1)
    assert open_renewer(NetworkOptions(LITE), other).info.looks == models.load(LITE).looks


def test_every_network_says_how_often_it_looks() -> None:
    for name in models.names():
        assert models.load(name).looks in LOOKS
