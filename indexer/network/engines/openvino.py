"""Runs a network in OpenVINO: the fastest engine; it starts in a second and takes little memory."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from indexer.network.engines import Batch, Description, Engine
from indexer.network.joint.network import JointNetwork
from indexer.network.joint.text_tower import unit_rows
from indexer.network.models import Model, Pixels, Weights
from indexer.network.openvino_conversion import converted
from indexer.network.quiet_imports import load_openvino
from indexer.network.requests_in_turn import run_in_turn
from indexer.records import Matrix

Row = tuple[Any, ...]
"""What the outputs of a network say of one photo: probabilities (1000,) and vector (d,), or the
vector alone."""

Finish = Callable[..., Description]
"""Makes a description of the outputs of n photos."""


class OpenVINO:
    """A network in OpenVINO.

    Each photo runs on its own, several at the same time, on a graph of fixed shape. On 2 cores this
    takes at most 5 % longer than batches of 8 or 32 and a third of their memory, and a photo's
    numbers do not depend on the other photos of its batch.
    """

    def __init__(self, network: Any, pixels: int, finish: Finish = Description) -> None:
        core = load_openvino().Core()
        network.reshape([1, pixels, pixels, 3])
        self.finish = finish
        self.compiled = core.compile_model(network, "CPU", _settings(core))
        # Four times as many as run at once, so that all cores stay busy while the caller works.
        self.ahead = 4 * self.compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")

    def describe(self, batch: Batch) -> Description:
        """Run the photos of one batch at the same time."""
        return next(self.describe_all([batch]))

    def describe_all(self, batches: Iterable[Batch]) -> Iterator[Description]:
        """Run photos at the same time, across the boundaries of batches."""
        lengths: deque[int] = deque()
        rows: list[Row] = []
        pixels = ({0: photo[np.newaxis]} for photo in _photos(batches, lengths))
        for row in run_in_turn(self.compiled, pixels, self.ahead, _result):
            rows.append(row)
            if len(rows) == lengths[0]:
                yield self.finish(*map(np.stack, zip(*rows, strict=True)))
                lengths.popleft()
                rows = []


def load(model: Model, weights: Weights) -> Engine:
    """Load the network, a converted one if it is not a graph already.

    The first time, it is converted: see openvino_conversion.py.
    """
    if isinstance(model, JointNetwork):
        return _joint(model, weights)
    network = load_openvino().Core().read_model(converted(model, weights))
    return OpenVINO(network, model.pixels)


def _joint(model: JointNetwork, weights: Weights) -> Engine:
    classes = model.classes

    def finish(vectors: Matrix) -> Description:
        vectors = unit_rows(vectors)
        return Description(classes.probabilities(vectors), vectors)

    return OpenVINO(model.graph(weights), model.pixels, finish)


def _settings(core: Any) -> dict[str, str]:
    # bfloat16 only if the processor computes in it: otherwise it would be slower.
    native = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return {
        "PERFORMANCE_HINT": "THROUGHPUT",
        "INFERENCE_PRECISION_HINT": "bf16" if native else "f32",
    }


def _photos(batches: Iterable[Batch], lengths: deque[int]) -> Iterator[Pixels]:
    for batch in batches:
        lengths.append(len(batch))
        yield from batch


def _result(request: Any) -> Row:
    request.wait()
    # Copies: the next photo of this request overwrites its tensors.
    return tuple(tensor.data[0].copy() for tensor in request.output_tensors)
