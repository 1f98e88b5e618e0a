"""Layers of a network in OpenVINO's own terms, for networks that are built without Keras.

Inside a network values have the shape (n, channels, height, width). What TensorFlow calls padding
"same" is SAME_UPPER here: an odd pixel goes to the right and the bottom.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.network.quiet_imports import load_openvino

Array = NDArray[Any]


class OpenVINOLayers:
    """Makes the layers of one network."""

    def __init__(self) -> None:
        self._openvino = load_openvino()
        import openvino.opset13 as operations

        self._ops: Any = operations

    def pixels(self, side: int, scale: float, offset: float) -> tuple[Any, Any]:
        """Return the input, uint8 of shape (n, side, side, 3), and it x scale + offset, inside."""
        given = self._ops.parameter([-1, side, side, 3], np.uint8)
        numbers = self._ops.convert(given, "f32")
        scaled = self._ops.add(self._ops.multiply(numbers, self._one(scale)), self._one(offset))
        return given, self._ops.transpose(scaled, self._whole([0, 3, 1, 2]))

    def conv(self, x: Any, kernel: Array, stride: int) -> Any:
        """Convolve with a kernel of shape (out, in, height, width)."""
        zero, ones = [0, 0], [1, 1]
        weights = self._constant(kernel)
        return self._ops.convolution(x, weights, [stride] * 2, zero, zero, ones, "same_upper")

    def depthwise(self, x: Any, kernel: Array, stride: int) -> Any:
        """Convolve each channel on its own; the kernel's shape is (channels, 1, height, width)."""
        zero, ones = [0, 0], [1, 1]
        weights = self._constant(kernel[:, :, None])
        return self._ops.group_convolution(x, weights, [stride] * 2, zero, zero, ones, "same_upper")

    def affine(self, x: Any, factor: Array, summand: Array) -> Any:
        """Return x * factor + summand, a number for each channel."""
        shape = (1, -1, 1, 1)
        multiplied = self._ops.multiply(x, self._constant(factor.reshape(shape)))
        return self._ops.add(multiplied, self._constant(summand.reshape(shape)))

    def relu6(self, x: Any) -> Any:
        """Clip to 0 to 6."""
        return self._ops.clamp(x, 0.0, 6.0)

    def add(self, x: Any, y: Any) -> Any:
        """Return the sum of two layers."""
        return self._ops.add(x, y)

    def mean(self, x: Any) -> Any:
        """Average over all places: shape (n, channels)."""
        return self._ops.reduce_mean(x, self._whole([2, 3]), False)

    def softmax(self, x: Any, kernel: Array, bias: Array) -> Any:
        """Return probabilities; the kernel's shape is (out, in)."""
        sums = self._ops.matmul(x, self._constant(kernel), False, True)
        return self._ops.softmax(self._ops.add(sums, self._constant(bias)), 1)

    def unit(self, x: Any) -> Any:
        """Scale to L2 norm 1."""
        return self._ops.normalize_l2(x, self._whole([1]), 1e-12, "max")

    def network(self, given: Any, outputs: list[Any]) -> Any:
        """Return the openvino.Model from its input and outputs."""
        return self._openvino.Model(outputs, [given])

    def _constant(self, values: Array) -> Any:
        return self._ops.constant(np.ascontiguousarray(values, np.float32))

    def _one(self, value: float) -> Any:
        return self._ops.constant(np.float32(value))

    def _whole(self, values: list[int]) -> Any:
        return self._ops.constant(np.array(values, np.int64))
