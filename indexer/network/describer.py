"""A network at work: a model, its weights, and the engine that runs it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.batches import batched
from indexer.errors import Conflict
from indexer.network import engines, models
from indexer.network.engines import Description, Engine
from indexer.network.models import Model, Pixels
from indexer.network.options import NetworkOptions
from indexer.photos.decoding import decode
from indexer.photos.reading import Ready
from indexer.records import StoreInfo, Vector


class Describer:
    """Turns photos into labels and vectors; the network loads at the first photo.

    Args:
        model: the network.
        options: how it runs. `options.model` is ignored; the attribute `options` names the network.
    """

    def __init__(self, model: Model, options: NetworkOptions) -> None:
        self._model = model
        self.options = replace(options, model=model.name)
        self.batch = options.batch
        self.side = model.pixels
        self.prepare = model.prepare

    @cached_property
    def info(self) -> StoreInfo:
        """What a store remembers about this network."""
        return StoreInfo(self._model.name, self._weights.sha256, self._model.dimensions)

    @cached_property
    def _weights(self) -> models.Weights:
        return self._model.weights(self.options.weights)

    @cached_property
    def _engine(self) -> Engine:
        return engines.load(self.options.engine, self._model, self._weights)

    def describe_all(self, batches: Iterable[NDArray[np.uint8]]) -> Iterator[Description]:
        """Describe batches, uint8 of shape (n, side, side, 3), in order, reading some ahead."""
        return self._engine.describe_all(batches)

    def load(self) -> None:
        """Load the network now, so that the first photo does not wait for it."""
        self._engine  # noqa: B018

    def vector_of(self, data: bytes) -> Vector:
        """Return the vector of a photo's bytes: float32, shape (d,), L2 norm 1.

        Raises:
            Unreadable: the bytes are not a photo.
        """
        pixels: Pixels = self.prepare(decode(data, self.side).image)
        vector: Vector = self._engine.describe(pixels[None]).vectors[0]
        return vector


def describe_photos(
    describer: Describer, photos: Iterable[Ready]
) -> Iterator[tuple[list[Ready], Description]]:
    """Describe photos in batches; yield each batch with its description, some read ahead."""
    waiting: deque[list[Ready]] = deque()

    def pixels() -> Iterator[NDArray[np.uint8]]:
        for batch in batched(photos, describer.batch):
            waiting.append(batch)
            yield np.stack([ready.pixels for ready in batch])

    for description in describer.describe_all(pixels()):
        yield waiting.popleft(), description


def open_describer(options: NetworkOptions, store: StoreInfo | None) -> Describer:
    """Return the describer that `options` name; nothing heavy is loaded.

    Args:
        options: names and files.
        store: what made the store that is to be read or filled; None for a new one.

    Raises:
        Conflict: the store was made by another network or other weights.
        BadValue: an unknown name, or a file that does not hold such weights.
        NotFound: the weights are not available.
    """
    model = models.choose(options.model, store.model if store else None, options.weights)
    if store is not None and model.name != store.model:
        raise _refusal(store, model.name)
    describer = Describer(model, options)
    if store is not None and describer.info.weights != store.weights:
        raise _refusal(store, f"{model.name} with weights {describer.info.weights[:12]}")
    return describer


def _refusal(store: StoreInfo, other: str) -> Conflict:
    return Conflict(
        f"the store was made by {store.model} with weights {store.weights[:12]}, not by {other}: "
        "omit --model and --weights, or index into a new --store"
    )


def keep_describer(
    options: NetworkOptions, store: Callable[[], StoreInfo | None]
) -> Callable[[], Describer]:
    """Return a function that opens the describer at its first call and keeps it.

    If the store's photos were described again by another network since, that one is opened.

    Raises:
        BadValue: at once, if a model or engine has an unknown name.
    """
    engines.choose(options.engine)
    if options.model != "auto":
        models.load(options.model)
    kept: list[Describer] = []

    def current() -> Describer:
        made = store()
        if not kept or (made is not None and made != kept[0].info):
            kept[:] = [open_describer(options, made)]
        return kept[0]

    return current
