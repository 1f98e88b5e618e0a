"""Runs a network in OpenVINO: the fastest engine; it starts in a second and takes little memory."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from indexer.network.engines import Batch, Description, Engine
from indexer.network.models import Model, Pixels, Weights
from indexer.network.openvino_conversion import converted
from indexer.network.quiet_imports import load_openvino

Row = tuple[Any, Any]
"""Probabilities (1000,) and vector (d,) of one photo."""


class OpenVINO:
    """A network in OpenVINO.

    Each photo runs on its own, several at the same time, on a graph of fixed shape. On 2 cores this
    takes at most 5 % longer than batches of 8 or 32 and a third of their memory, and a photo's
    numbers do not depend on the other photos of its batch.
    """

    def __init__(self, graph: Path, pixels: int) -> None:
        core = load_openvino().Core()
        network = core.read_model(graph)
        network.reshape([1, pixels, pixels, 3])
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
        for row in self._run(_photos(batches, lengths)):
            rows.append(row)
            if len(rows) == lengths[0]:
                probabilities, vectors = zip(*rows, strict=True)
                yield Description(np.stack(probabilities), np.stack(vectors))
                lengths.popleft()
                rows = []

    def _run(self, photos: Iterable[Pixels]) -> Iterator[Row]:
        idle = [self.compiled.create_infer_request() for _ in range(self.ahead)]
        running: deque[Any] = deque()  # oldest first, which keeps the order
        for photo in photos:
            if not idle:
                request = running.popleft()
                yield _result(request)
                idle.append(request)
            request = idle.pop()
            request.start_async({0: photo[np.newaxis]})
            running.append(request)
        yield from map(_result, running)


def load(model: Model, weights: Weights) -> Engine:
    """Load the converted network; the first time, convert it, which takes about 20 seconds."""
    return OpenVINO(converted(model, weights), model.pixels)


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
    probabilities, vector = (request.get_output_tensor(output).data[0].copy() for output in (0, 1))
    return probabilities, vector
