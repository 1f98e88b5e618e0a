"""Vision networks: one file a network, loaded by name.

A new network is one new file `indexer/network/models/<name>.py` with a function `load()` that
returns a `Model`; the tests then hold it to the contract below. Networks that users bring are
folders instead: `indexer.network.folders` finds them, `indexer.network.layouts` reads them.
"""

import hashlib
import importlib
import logging
import pkgutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import BadValue, NotFound
from indexer.network.looks import Box

if TYPE_CHECKING:
    from PIL import Image

Pixels = NDArray[np.uint8]
"""uint8, shape (side, side, 3), RGB."""

REFERENCE = "inception_v3"
OFFLINE = "efficientnet_lite0"


@dataclass(frozen=True, slots=True)
class Weights:
    """A file of weights and the sha256 of its content, hex; runs with the same weights agree."""

    path: Path
    sha256: str


class Model(Protocol):
    """A network that names what it sees (the 1,000 ImageNet classes) and gives a vector.

    Attributes:
        name: the same as of its file here, or of its folder.
        dimensions: length of its vectors.
        pixels: side of the square it looks at.
        looks: at how many squares of a photo `--looks auto` lets it look.
        suffix: of its weights files.
    """

    name: str
    dimensions: int
    pixels: int
    looks: int
    suffix: str

    def local_weights(self) -> Path | None:
        """Where its weights lie on this machine; None if they have to be downloaded."""

    def weights(self, file: Path | None = None) -> Weights:
        """Return the given file, else the weights on this machine, else download them.

        Raises:
            NotFound: there are none, and the download fails; the message says how to get them.
            BadValue: it is another file.
        """

    def prepare(self, image: "Image.Image") -> Pixels:
        """Crop and scale an upright RGB image of any size to the input of the network."""

    def cut(self, image: "Image.Image", box: Box) -> Pixels:
        """Scale one box of such an image, square or not, to the input of the network."""

    def build(self, weights: Weights) -> Any:
        """Return the keras.Model.

        Its input is uint8, shape (n, pixels, pixels, 3); its outputs are float32: probabilities,
        shape (n, 1000), in class order, and vectors, shape (n, dimensions), L2 norm 1.

        Raises:
            BadValue: the file does not hold weights of this network.
        """

    def graph(self, weights: Weights) -> Any:
        """Return the openvino.Model of the same input and outputs; None: convert that of `build`.

        It starts in a second, where TensorFlow and a conversion take twenty.

        Raises:
            BadValue: the file does not hold weights of this network.
        """


def names() -> tuple[str, ...]:
    """All networks, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def load(name: str) -> Model:
    """Return the network of that name, or of a folder; its weights are not read.

    Raises:
        BadValue: there is no such network, or the folder holds none.
        NotFound: a file is missing in the folder.
    """
    from indexer.network.folders import find_folder, known_names, load_folder, lost_place

    if name not in names():
        folder = find_folder(name)
        if folder is None:
            known = ", ".join(("auto", *names(), *known_names()))
            raise BadValue(
                f"unknown model {name!r}: use one of {known}, or a folder of a network"
                f"{lost_place()}"
            )
        if folder.name in ("auto", *names()):
            raise BadValue(f"{folder} has the name of another network: rename the folder")
        return load_folder(folder)
    model: Model = importlib.import_module(f"indexer.network.models.{name}").load()
    return model


def choose(name: str, store_model: str | None = None, weights: Path | None = None) -> Model:
    """Return the network of that name; "auto" means that of the store.

    In a new store "auto" means the network whose weights are given, else inception_v3 if its
    weights are on this machine, else efficientnet_lite0, whose weights come with Magpie; then a log
    line says so.

    Args:
        name: a name or "auto".
        store_model: name of the network that made the store; None in a new one.
        weights: the file that the user gave, if any.

    Raises:
        BadValue: there is no such network, or none that takes such a file.
        NotFound: the network of the store is not on this machine.
    """
    if name != "auto":
        return load(name)
    if store_model is not None:
        return _of_store(store_model)
    if weights is not None:
        return _taking(weights)
    reference = load(REFERENCE)
    if reference.local_weights() is not None:
        return reference
    logging.getLogger(__name__).warning(
        "using %s, because the weights of %s are not on this machine; --model %s downloads them, "
        "--weights FILE names them",
        *(OFFLINE, REFERENCE, REFERENCE),
    )
    return load(OFFLINE)


def _of_store(name: str) -> Model:
    from indexer.network.folders import find_folder, lost_place

    if name not in names() and find_folder(name) is None:
        raise NotFound(
            f"the network {name} that describes the library is not on this machine: name its "
            f"folder with --model, or the folder around it in MAGPIE_MODELS{lost_place()}"
        )
    return load(name)


def _taking(weights: Path) -> Model:
    models = [load(name) for name in names()]
    for model in models:
        if weights.name.endswith(model.suffix):
            return model
    endings = ", ".join(f"{model.suffix} for {model.name}" for model in models)
    raise BadValue(
        f"{weights} does not hold weights of a known model: give a file ending in {endings}"
    )


def read_weights(path: Path) -> Weights:
    """Return the file with its sha256.

    Raises:
        NotFound: it does not exist or cannot be read.
    """
    try:
        with path.open("rb") as file:
            return Weights(path, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        reason = error.strerror or error
        raise NotFound(f"cannot read the weights {path}: {reason}; give another file") from error
