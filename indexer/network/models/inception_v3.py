"""Inception v3, the design's reference network, as Keras Applications has it.

Szegedy et al. 2015, arXiv 1512.00567; weights by Google, https://keras.io/api/applications.
"""

import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.errors import BadValue, NotFound
from indexer.network.looks import Box
from indexer.network.models import Model, Pixels, Weights, read_weights
from indexer.network.quiet_imports import load_keras

if TYPE_CHECKING:
    from PIL import Image

FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels.h5"
URL = f"https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/{FILE}"
MD5 = "9a0d58056eeedaa3f26cb7ebd46da564"  # as keras.applications.inception_v3 checks it


class InceptionV3:
    """The network and its weights."""

    name = "inception_v3"
    dimensions = 2048
    pixels = 299
    looks = 1  # it sees the whole photo already, and takes longer than decoding does
    suffix = ".h5"

    def local_weights(self) -> Path | None:
        """The file in the cache of Keras."""
        path = _keras_folder() / "models" / FILE
        return path if path.is_file() else None

    def weights(self, file: Path | None = None) -> Weights:
        """Return the given file, else that in the cache of Keras, else download it there."""
        return read_weights(file or self.local_weights() or _download())

    def prepare(self, image: "Image.Image") -> Pixels:
        """Scale the whole image to the square, whatever its shape.

        The original system does so too, by `keras.utils.load_img(target_size=...)`, so that nothing
        at the edges is lost. But this is bilinear, as in the network's training: load_img's default
        (nearest pixel) drops most of a large photo.
        """
        return self.cut(image, (0, 0, *image.size))

    def cut(self, image: "Image.Image", box: Box) -> Pixels:
        """Scale a box bilinearly."""
        from PIL.Image import Resampling

        return np.asarray(image.resize((self.pixels, self.pixels), Resampling.BILINEAR, box))

    def build(self, weights: Weights) -> Any:
        """Build the graph and fill in the weights."""
        keras = load_keras()
        given = keras.Input((self.pixels, self.pixels, 3), dtype="uint8")
        scaled = keras.layers.Rescaling(1 / 127.5, offset=-1)(given)  # preprocess_input, mode "tf"
        network = keras.applications.InceptionV3(weights=None, input_tensor=scaled)
        try:
            network.load_weights(weights.path)
        except Exception as error:  # h5py and Keras fail in many ways on a wrong file
            raise BadValue(
                f"{weights.path} does not hold weights of {self.name}: download {URL} again"
            ) from error
        pooled = network.get_layer("avg_pool").output
        return keras.Model(given, [network.output, keras.layers.UnitNormalization()(pooled)])

    def graph(self, weights: Weights) -> Any:
        """Return None: it is converted from Keras."""
        return None


def load() -> Model:
    """Return the network."""
    return InceptionV3()


def _keras_folder() -> Path:
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")


def _download() -> Path:
    keras = load_keras()
    try:
        with redirect_stdout(sys.stderr):  # where progress belongs
            path = keras.utils.get_file(FILE, URL, cache_subdir="models", file_hash=MD5)
    except Exception as error:  # no connection, no space, a wrong hash: all the same to the user
        raise NotFound(
            f"the weights of inception_v3 are not on this machine and cannot be downloaded: put "
            f"{URL} into {_keras_folder() / 'models'} yourself, or name the file with --weights"
        ) from error
    return Path(path)
