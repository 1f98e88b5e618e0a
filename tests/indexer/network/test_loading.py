"""A network loads in a thread, while the first photos are read."""

import threading
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from indexer.errors import BadValue
from indexer.network import engines, models
from indexer.network.describer import Describer, describe_photos
from indexer.network.engines import Batch, Description
from indexer.network.options import NetworkOptions
from indexer.photos.reading import Looks

PATIENCE = 60
"""Seconds after which a thread that does not come is given up."""


class EngineThatComesLate:
    """Sees the same in all photos."""

    def describe(self, batch: Batch) -> Description:
        number = len(batch)
        return Description(np.full((number, 1000), 1e-3, np.float32), np.eye(number, 4, dtype="f4"))

    def describe_all(self, batches: Iterable[Batch]) -> Iterator[Description]:
        return map(self.describe, batches)


@pytest.fixture
def describer() -> Describer:
    options = NetworkOptions("efficientnet_lite0", looks=1)
    return Describer(models.load("efficientnet_lite0"), options)


PHOTO: Looks = np.zeros((1, 224, 224, 3), np.uint8)


def test_photos_are_read_while_it_loads(
    describer: Describer, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_loading, is_read = threading.Event(), threading.Event()

    def load(*_: object) -> EngineThatComesLate:
        is_loading.set()
        assert is_read.wait(PATIENCE)
        return EngineThatComesLate()

    def photos() -> Iterator[Any]:
        yield SimpleNamespace(pixels=PHOTO)
        assert is_loading.wait(PATIENCE)
        is_read.set()
        yield SimpleNamespace(pixels=PHOTO)

    monkeypatch.setattr(engines, "load", load)
    ((batch, seen),) = describe_photos(describer, photos())
    assert len(batch) == len(seen.vectors) == 2


def test_it_does_not_load_where_there_is_nothing_to_see(
    describer: Describer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "load", lambda *_: pytest.fail("nobody needs it"))
    assert list(describe_photos(describer, [])) == []


def test_it_loads_once(describer: Describer, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[object] = []

    def load(*asked: object) -> EngineThatComesLate:
        loaded.append(asked)
        return EngineThatComesLate()

    monkeypatch.setattr(engines, "load", load)
    describer.start()
    describer.load()
    assert len(list(describer.describe_all([[PHOTO], [PHOTO]]))) == 2
    assert len(loaded) == 1


def test_after_a_failure_it_loads_again(
    describer: Describer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[EngineThatComesLate | None] = [None, EngineThatComesLate()]

    def load(*_: object) -> EngineThatComesLate:
        answer = answers.pop(0)
        if answer is None:
            raise BadValue("not the weights of this network")
        return answer

    monkeypatch.setattr(engines, "load", load)
    describer.start()
    with pytest.raises(BadValue, match="not the weights"):
        list(describer.describe_all([[PHOTO]]))
    assert len(list(describer.describe_all([[PHOTO]]))) == 1
