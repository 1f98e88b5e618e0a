"""The same text tower for texts of few tokens, several times as fast.

A tower reads as many tokens as its longest text may have, padding included. In most networks no
token sees those after it, so what stands behind the end of a text changes nothing, and may as well
be left out. Whether that is true of a tower, nothing in its graph says: it is tried.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from indexer.network.joint.tokens import Inputs
from indexer.network.quiet_imports import load_openvino

SHORT = 16
"""Tokens of a short text: about a dozen words."""

TOLERANCE = 1e-5
"""How far numbers of a vector of length 1 may lie apart."""


def shortened(graph: Any, inputs: Sequence[Inputs]) -> Any | None:
    """Return a tower for texts of `SHORT` tokens; None where it would give other vectors.

    Args:
        graph: the tower, as `graphs.text_graph` gives it.
        inputs: of short texts of several lengths, to compare on, the shortest first.
    """
    length = graph.input(0).get_shape()[1]
    if length <= SHORT:
        return None
    short = graph.clone()
    with suppress(RuntimeError):  # its shapes do not fit together any more
        _cut_constants(short, length)
        for parameter in short.get_parameters():
            parameter.set_partial_shape(load_openvino().PartialShape([1, SHORT]))
        short.validate_nodes_and_infer_types()
        if _are_alike(graph, short, inputs):
            return short
    return None


def cut(inputs: Inputs, padding: Mapping[str, int]) -> Inputs | None:
    """Return the first `SHORT` tokens; None where the text goes on, or reaches the last of them.

    Args:
        inputs: see `Tokens.read`.
        padding: what each input has behind the end; some networks pad with ends.
    """
    if any((row[0, SHORT - 1 :] != padding[name]).any() for name, row in inputs.items()):
        return None
    return {name: row[:, :SHORT] for name, row in inputs.items()}


def padding_of(inputs: Inputs) -> dict[str, int]:
    """Return what stands behind the end of a text that is short."""
    return {name: int(row[0, -1]) for name, row in inputs.items()}


def _cut_constants(graph: Any, length: int) -> None:
    """Shorten what a graph holds for each token: positions, masks, shapes of what it computes."""
    for node in graph.get_ops():
        if node.get_type_name() == "Constant":
            shorter = _shorter(node.data, length)
            if shorter is not None:
                _replace(node, shorter)


def _shorter(values: Any, length: int) -> Any | None:
    if length in values.shape:
        of_tokens = (slice(SHORT if size == length else None) for size in values.shape)
        return np.ascontiguousarray(values[tuple(of_tokens)])
    if values.ndim == 1 and values.dtype.kind == "i" and length in values:
        return np.where(values == length, SHORT, values).astype(values.dtype)
    return None


def _replace(node: Any, values: Any) -> None:
    from openvino import opset13

    constant = opset13.constant(values, node.get_element_type())
    for consumer in node.output(0).get_target_inputs():
        consumer.replace_source_output(constant.output(0))


def _are_alike(graph: Any, short: Any, inputs: Sequence[Inputs]) -> bool:
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    core = load_openvino().Core()
    whole, part = (core.compile_model(one, "CPU", settings) for one in (graph, short))
    for given in inputs:
        shorter = cut(given, padding_of(inputs[0]))
        if shorter is None:
            return False
        row, other = (np.asarray(run(of)[0]) for run, of in ((whole, given), (part, shorter)))
        if row.shape != other.shape or np.abs(row - other).max() > TOLERANCE * np.abs(row).max():
            return False
    return True
