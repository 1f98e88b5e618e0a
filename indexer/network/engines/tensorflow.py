"""Runs a network in TensorFlow: needs no conversion, but starts slower and takes more memory."""

from collections.abc import Iterable, Iterator
from typing import Any

from indexer.network.engines import Batch, Description, Engine
from indexer.network.models import Model, Weights
from indexer.network.quiet_imports import load_keras


class TensorFlow:
    """A network in TensorFlow."""

    def __init__(self, network: Any, pixels: int) -> None:
        import tensorflow

        # One graph for batches of any length: the last one needs no padding and no new graph.
        shape = tensorflow.TensorSpec((None, pixels, pixels, 3), tensorflow.uint8)
        self.run = tensorflow.function(
            lambda batch: network(batch, training=False), input_signature=[shape]
        )

    def describe(self, batch: Batch) -> Description:
        """Run the whole batch at once."""
        probabilities, vectors = self.run(batch)
        return Description(probabilities.numpy(), vectors.numpy())

    def describe_all(self, batches: Iterable[Batch]) -> Iterator[Description]:
        """Run one batch after another: TensorFlow itself uses all cores for each."""
        return map(self.describe, batches)


def load(model: Model, weights: Weights) -> Engine:
    """Build the network; takes seconds."""
    load_keras()  # first, so that TensorFlow is imported quietly
    return TensorFlow(model.build(weights), model.pixels)
