"""A text tower at work: texts in, vectors out, in the space of the pictures."""

import threading
from collections.abc import Iterable
from typing import Any

import numpy as np

from indexer.network.joint.short_texts import cut, padding_of, shortened
from indexer.network.joint.tokens import Inputs, Tokens
from indexer.network.quiet_imports import load_openvino
from indexer.network.requests_in_turn import run_in_turn
from indexer.records import Matrix, Vector

REMEMBERED = 1_000
"""Texts whose vectors are kept: 4 MB at most."""


SAMPLES = ("sea", "a dog in snow", "two small boats at a pier")
"""Short texts of different lengths, the shortest first."""


class TextTower:
    """Reads texts. One object serves all threads.

    It computes in float32 even where processors have something coarser: a text is one row, and what
    is rounded in it is rounded for every photo.
    """

    def __init__(self, graph: Any, tokens: Tokens) -> None:
        """Take a graph as `graphs.text_graph` gives it, and what makes its inputs."""
        self._tokens = tokens
        self._names = [given.get_any_name() for given in graph.inputs]
        self._graph = graph
        samples = [self._read(text) or {} for text in SAMPLES]
        self._padding = padding_of(samples[0])
        self._short = shortened(graph, samples)
        self._compiled: dict[bool, Any] = {}
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Vector | None] = {}

    def vector(self, text: str, language: str = "") -> Vector | None:
        """Return the vector of a text: float32, shape (d,), L2 norm 1; remembered.

        None where nothing of the text is left to be read, as in one of signs only.

        Args:
            text: longer ones are cut off where the network ends.
            language: see `Tokens.read`.
        """
        asked = text, language
        with self._lock:
            if asked not in self._known:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                inputs = self._read(text, language)
                self._known[asked] = None if inputs is None else self._run(inputs)
            return self._known[asked]

    def vectors(self, texts: Iterable[str]) -> list[Vector]:
        """Return the vectors of many English texts, in order; several run at the same time.

        Each must say something.
        """
        given = [self._fitting(self._read(text) or {}) for text in texts]
        rows: dict[int, Vector] = {}
        for is_short in {is_short for is_short, _ in given}:
            places = [place for place, (kind, _) in enumerate(given) if kind == is_short]
            compiled = self._compile(is_short, "THROUGHPUT")
            count = 2 * compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
            found = run_in_turn(compiled, (given[place][1] for place in places), count, _result)
            rows.update(zip(places, found, strict=True))
        return [rows[place] for place in range(len(given))]

    def _read(self, text: str, language: str = "") -> Inputs | None:
        inputs = self._tokens.read(text, language)
        return inputs and {name: inputs[name] for name in self._names}

    def _fitting(self, inputs: Inputs) -> tuple[bool, Inputs]:
        """Tell whether the tower for short texts will do, and what it then reads."""
        short = cut(inputs, self._padding) if self._short else None
        return short is not None, short or inputs

    def _run(self, inputs: Inputs) -> Vector:
        is_short, given = self._fitting(inputs)
        if is_short not in self._compiled:
            self._compiled[is_short] = self._compile(is_short, "LATENCY")
        result = self._compiled[is_short](given)[0]
        row: Vector = unit_rows(np.asarray(result, np.float32))[0]
        return row

    def _compile(self, is_short: bool, hint: str) -> Any:
        settings = {"PERFORMANCE_HINT": hint, "INFERENCE_PRECISION_HINT": "f32"}
        graph = self._short if is_short else self._graph
        return load_openvino().Core().compile_model(graph, "CPU", settings)


def unit_rows(rows: Matrix) -> Matrix:
    """Scale rows to L2 norm 1; one of zeros stays as it is."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Matrix = rows / np.maximum(norms, np.float32(1e-12))
    return scaled


def _result(request: Any) -> Vector:
    request.wait()
    row: Vector = unit_rows(np.array(request.get_output_tensor(0).data, np.float32))[0]
    return row
