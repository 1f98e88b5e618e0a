"""A network at work: a model, its weights and the engine that runs them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.errors import Conflict
from indexer.network import engines, models
from indexer.network.choices import Network
from indexer.network.engines import Description, Engine
from indexer.network.models import Model, Pixels
from indexer.photos.decoding import decode
from indexer.records import StoreInfo, Vector


class Describer:
    """Turns photos into labels and vectors; the network loads at the first photo.

    Args:
        model: the network.
        choices: how it runs; `choices.model` may be "auto" and is not looked at. The attribute
            `choices` then names the network.
    """

    def __init__(self, model: Model, choices: Network) -> None:
        self._model = model
        self.choices = replace(choices, model=model.name)
        self.batch = choices.batch
        self.side = model.pixels
        self.prepare = model.prepare

    @cached_property
    def info(self) -> StoreInfo:
        """What a store remembers of this network."""
        return StoreInfo(self._model.name, self._weights.sha256, self._model.dimensions)

    @cached_property
    def _weights(self) -> models.Weights:
        return self._model.weights(self.choices.weights)

    @cached_property
    def _engine(self) -> Engine:
        return engines.load(self.choices.engine, self._model, self._weights)

    def describe_all(self, batches: Iterable[NDArray[np.uint8]]) -> Iterator[Description]:
        """Describe batches, uint8 of shape (n, side, side, 3), in their order, some ahead."""
        return self._engine.describe_all(batches)

    def load(self) -> None:
        """Load the network now, so that the first photo does not wait for it."""
        self._engine  # noqa: B018

    def vector_of(self, data: bytes) -> Vector:
        """Return the vector of a photo's bytes: float32, shape (d,), L2 norm 1.

        Raises:
            Unreadable: the bytes are no photo.
        """
        pixels: Pixels = self.prepare(decode(data, self.side).image)
        vector: Vector = self._engine.describe(pixels[None]).vectors[0]
        return vector


def open_describer(choices: Network, store: StoreInfo | None) -> Describer:
    """Return the describer that `choices` mean; nothing heavy is loaded.

    Args:
        choices: names and files.
        store: what made the store that is to be read or filled; None for a new one.

    Raises:
        Conflict: the store was made by another network or other weights.
        BadValue: an unknown name, or a file that holds no such weights.
        NotFound: the weights are not at hand.
    """
    model = models.choose(choices.model, store.model if store else None, choices.weights)
    if store is not None and model.name != store.model:
        raise _refusal(store, model.name)
    describer = Describer(model, choices)
    if store is not None and describer.info.weights != store.weights:
        raise _refusal(store, f"{model.name} with weights {describer.info.weights[:12]}")
    return describer


def _refusal(store: StoreInfo, other: str) -> Conflict:
    return Conflict(
        f"the store was made by {store.model} with weights {store.weights[:12]}, not by {other}: "
        "leave --model and --weights out, or index into a new --store"
    )


def keep_describer(
    choices: Network, store: Callable[[], StoreInfo | None]
) -> Callable[[], Describer]:
    """Return a function that opens the describer at its first call and keeps it.

    When another network has described the store's photos anew, that one is opened.

    Raises:
        BadValue: at once, where a model or engine has an unknown name.
    """
    engines.choose(choices.engine)
    if choices.model != "auto":
        models.load(choices.model)
    kept: list[Describer] = []

    def current() -> Describer:
        made = store()
        if not kept or (made is not None and made != kept[0].info):
            kept[:] = [open_describer(choices, made)]
        return kept[0]

    return current
