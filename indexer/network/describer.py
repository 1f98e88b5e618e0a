"""A network at work: a model, its weights, and the engine that runs it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from indexer.batches import batched
from indexer.errors import Conflict
from indexer.halves import rounded
from indexer.network import engines, models
from indexer.network.engines import Description, Engine
from indexer.network.joint.network import JointNetwork
from indexer.network.looks import combined_probabilities, combined_vector, further_boxes
from indexer.network.models import Model, Pixels
from indexer.network.options import NetworkOptions
from indexer.photos.decoding import decode
from indexer.photos.reading import Looks, Ready
from indexer.records import StoreInfo, Vector

if TYPE_CHECKING:
    from PIL.Image import Image

    from indexer.network.joint.text_tower import TextTower
    from indexer.photos.workers import DecodeWorkers


class Describer:
    """Turns photos into labels and vectors; the network loads at the first photo.

    Args:
        model: the network.
        options: how it runs. `options.model` is ignored; the attribute `options` names the network,
            by its folder where it has one, and the number of its looks.
    """

    def __init__(self, model: Model, options: NetworkOptions) -> None:
        self._model = model
        self.options = replace(options, model=_named(model), looks=options.looks or model.looks)
        self.looks = options.looks or model.looks
        self.batch = options.batch
        self.side = model.pixels

    @cached_property
    def info(self) -> StoreInfo:
        """What a store remembers about this network."""
        model = self._model
        return StoreInfo(model.name, self._weights.sha256, model.dimensions, self.looks)

    @cached_property
    def _weights(self) -> models.Weights:
        return self._model.weights(self.options.weights)

    @cached_property
    def _loading(self) -> "Future[Engine]":
        """The engine, which a thread loads."""
        loader = ThreadPoolExecutor(1, "load")
        try:
            return loader.submit(engines.load, self.options.engine, self._model, self._weights)
        finally:
            loader.shutdown(wait=False)

    @property
    def _engine(self) -> Engine:
        try:
            return self._loading.result()
        except BaseException:
            self.__dict__.pop("_loading", None)  # the next one tries again
            raise

    def prepare(self, image: "Image") -> Looks:
        """Return everything of an upright RGB image that the network is to see."""
        model, further = self._model, further_boxes(*image.size, self.looks)
        return np.stack([model.prepare(image), *(model.cut(image, box) for box in further)])

    def first_look(self, image: "Image") -> Looks:
        """Return what `prepare` begins with: enough for a first impression."""
        return self._model.prepare(image)[np.newaxis]

    def describe_all(self, batches: Iterable[Sequence[Looks]]) -> Iterator[Description]:
        """Describe batches of photos, each as `prepare` made it, in order, reading some ahead.

        Where there are none, the network is not loaded.
        """
        photos: deque[list[int]] = deque()  # of each batch: the looks at each of its photos

        def parts() -> Iterator[list[Pixels]]:
            for batch in batches:
                photos.append([len(looks) for looks in batch])
                # No more at once than was asked for, however many looks a photo has.
                yield from batched(chain.from_iterable(batch), self.batch)

        looks = map(np.stack, parts())
        first = [*islice(looks, 1)]
        if not first:
            return
        seen: list[Description] = []
        for part in self._engine.describe_all(chain(first, looks)):
            seen.append(part)
            if sum(len(one.vectors) for one in seen) == sum(photos[0]):
                yield _together(seen, photos.popleft())
                seen = []

    def start(self) -> None:
        """Begin to load the network, while something else is done."""
        self._loading  # noqa: B018

    def load(self) -> None:
        """Load the network now, so that the first photo does not wait for it."""
        self._engine  # noqa: B018

    @property
    def texts(self) -> "TextTower | None":
        """What reads texts in the space of its vectors; None where the network knows labels only.

        Raises:
            NotFound, BadValue: it cannot be loaded.
        """
        return self._model.texts if isinstance(self._model, JointNetwork) else None

    def vector_of(self, data: bytes | BinaryIO, workers: "DecodeWorkers | None" = None) -> Vector:
        """Return the vector of a photo's bytes: float32, shape (d,), L2 norm 1.

        Args:
            data: a whole file, or one that is open.
            workers: see `decode`.

        Raises:
            Unreadable: the bytes are not a photo.
        """
        image = decode(data, self.side, workers=workers).image
        (seen,) = self.describe_all([[self.prepare(image)]])
        vector: Vector = seen.vectors[0]
        return vector


def _named(model: Model) -> str:
    return str(model.folder) if isinstance(model, JointNetwork) else model.name


def _together(parts: Sequence[Description], looks: Sequence[int]) -> Description:
    """Return the description of photos from that of their looks, `looks` of each photo."""
    ends = np.cumsum(looks)[:-1]
    probabilities = np.split(np.concatenate([part.probabilities for part in parts]), ends)
    vectors = np.split(np.concatenate([part.vectors for part in parts]), ends)
    return Description(
        np.stack([combined_probabilities(seen) for seen in probabilities]),
        # As a store will give them back, so that a photo is the same before and after.
        rounded(np.stack([combined_vector(seen) for seen in vectors])),
    )


def describe_photos(
    describer: Describer, photos: Iterable[Ready]
) -> Iterator[tuple[list[Ready], Description]]:
    """Describe photos in batches; yield each batch with its description, some read ahead.

    The network loads from the first photo on, while others are read; without one it does not.
    """
    waiting: deque[list[Ready]] = deque()

    def begun() -> Iterator[Ready]:
        for photo in photos:
            describer.start()
            yield photo

    def looks() -> Iterator[list[Looks]]:
        for batch in batched(begun(), describer.batch):
            waiting.append(batch)
            yield [ready.pixels for ready in batch]

    for description in describer.describe_all(looks()):
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
        raise _refusal(store, model.name, options)
    if store is not None and options.looks not in (None, 0, store.looks):
        raise Conflict(
            f"the store was made with --looks {store.looks}, not {options.looks}: omit --looks, or "
            f"describe it again with `magpie reindex --looks {options.looks}`"
        )
    describer = Describer(model, replace(options, looks=store.looks) if store else options)
    if store is not None and describer.info.weights != store.weights:
        raise _refusal(store, f"{model.name} with weights {describer.info.weights[:12]}", options)
    return describer


def open_renewer(options: NetworkOptions, store: StoreInfo | None) -> Describer:
    """Return the describer that is to describe the photos of a store again, as `options` name it.

    The network is that of the store unless another one is named, and so is the number of looks
    unless the network changes.

    Raises:
        BadValue, NotFound: as `open_describer`.
    """
    model = models.choose(options.model, store.model if store else None, options.weights)
    describer = Describer(model, options)
    if store is None or options.looks is not None:
        return describer
    kept = Describer(model, replace(options, looks=store.looks))
    return kept if replace(describer.info, looks=store.looks) == store else describer


def _refusal(store: StoreInfo, other: str, options: NetworkOptions) -> Conflict:
    named = options.model != "auto" or options.weights
    remedy = "omit --model and --weights" if named else "give its own folder with --model"
    return Conflict(
        f"the store was made by {store.model} with weights {store.weights[:12]}, not by {other}: "
        f"{remedy}, or index into a new --store"
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
