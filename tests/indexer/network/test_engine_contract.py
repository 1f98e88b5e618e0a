"""What every runtime promises, with every network."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from precision import is_coarse

from indexer.errors import BadValue
from indexer.network import engines
from indexer.network.engines import Batch, Description, Engine
from indexer.network.models import Model

SAME = 1e-5
"""How much a photo's numbers may depend on its batch and on the runtime, in float32."""


def assert_same(one: Description, other: Description) -> None:
    np.testing.assert_allclose(one.vectors, other.vectors, rtol=0, atol=SAME)
    np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=0, atol=30 * SAME)


def test_a_description_has_the_promised_shapes_and_norms(
    engine: Engine, model: Model, batch: Batch
) -> None:
    found = engine.describe(batch)
    assert found.probabilities.shape == (6, 1000)
    assert found.vectors.shape == (6, model.dimensions)
    assert found.probabilities.dtype == found.vectors.dtype == np.float32
    assert (found.probabilities >= 0).all()
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)


def test_different_photos_get_different_descriptions(engine: Engine, batch: Batch) -> None:
    found = engine.describe(batch)
    cosines = found.vectors @ found.vectors.T
    assert (cosines[~np.eye(6, dtype=bool)] < 0.9999).all()
    assert np.ptp(found.probabilities, axis=0).max() > 0.01


def test_a_photo_is_described_the_same_in_any_batch(engine: Engine, batch: Batch) -> None:
    together = engine.describe(batch)
    alone = [engine.describe(batch[place : place + 1]) for place in range(6)]
    joined = Description(
        np.concatenate([one.probabilities for one in alone]),
        np.concatenate([one.vectors for one in alone]),
    )
    assert_same(joined, together)


def test_describing_twice_gives_the_same_bits(engine: Engine, batch: Batch) -> None:
    first, second = engine.describe(batch), engine.describe(batch)
    assert (first.vectors == second.vectors).all()
    assert (first.probabilities == second.probabilities).all()


def test_many_batches_keep_their_order_and_lengths(engine: Engine, batch: Batch) -> None:
    order = np.random.default_rng(0).permutation(np.arange(12) % 6)
    batches = [batch[part] for part in np.split(order, [5, 6, 10])]  # 5, 1, 4 and 2 photos
    found = list(engine.describe_all(batches))
    assert [len(one.vectors) for one in found] == [5, 1, 4, 2]
    whole = engine.describe(batch)
    for one, part in zip(found, np.split(order, [5, 6, 10]), strict=True):
        assert_same(one, Description(whole.probabilities[part], whole.vectors[part]))


def test_nothing_is_described_as_nothing(engine: Engine) -> None:
    assert list(engine.describe_all([])) == []


def test_a_description_stays_after_the_next_one(engine: Engine, batch: Batch) -> None:
    first = engine.describe(batch[:2])
    kept = first.vectors.copy()
    engine.describe(batch[2:])
    assert (first.vectors == kept).all()


def test_a_reader_that_fails_leaves_the_engine_usable(engine: Engine, batch: Batch) -> None:
    def failing() -> Iterator[Batch]:
        yield batch[:1]
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(engine.describe_all(failing()))
    assert len(engine.describe(batch).vectors) == 6


def test_the_runtimes_agree(
    model: Model, batch: Batch, engine_of: Callable[[str, Model], Engine]
) -> None:
    names = [name for name in engines.names() if engines.installed(name)]
    first, *others = [engine_of(name, model).describe(batch) for name in names]
    for other in others:
        if any(map(is_coarse, names)):
            assert (np.sum(first.vectors * other.vectors, axis=1) > 0.99).all()
            moved = np.abs(first.probabilities - other.probabilities).sum(axis=1) / 2
            assert (moved < 0.2).all()  # measured in bfloat16: .1 of one photo's probability
        else:
            assert_same(first, other)


def test_auto_is_the_fastest_that_is_installed() -> None:
    fastest = "openvino" if engines.installed("openvino") else "tensorflow"
    assert engines.choose("auto") == fastest


@pytest.mark.parametrize("name", ["torch", "", "__init__"])
def test_an_unknown_runtime_is_answered_with_those_there_are(name: str) -> None:
    with pytest.raises(BadValue, match="use one of auto, openvino, tensorflow"):
        engines.choose(name)


def test_a_runtime_that_is_not_installed_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engines, "installed", lambda name: name != "openvino")
    with pytest.raises(BadValue, match="pip install openvino"):
        engines.choose("openvino")
    assert engines.choose("auto") == "tensorflow"
