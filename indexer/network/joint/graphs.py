"""Reads the ONNX graphs of a network of two towers, and says what is wrong with one."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.errors import BadValue, NotFound
from indexer.network.quiet_imports import load_openvino

if TYPE_CHECKING:
    from indexer.network.joint.squares import Squares
    from indexer.network.joint.tokens import Tokens

AGAIN = "download the folder again"

TEXT_INPUTS = (["text"], ["attention_mask", "input_ids"], ["input"])
"""Of text towers of OpenCLIP and of M-CLIP as Immich has them, and of rclip."""

SPARE = 100
"""A tokenizer may have one in so many tokens more or fewer than its network."""


def read_graph(path: Path) -> Any:
    """Return the openvino.Model of an ONNX file.

    Raises:
        NotFound: there is no such file.
        BadValue: it is not a graph, or a file that holds its weights is missing.
    """
    if not path.is_file():
        raise NotFound(f"{path} is missing: {AGAIN}")
    broken = BadValue(f"{path} cannot be read as an ONNX graph: {AGAIN}")
    if not _begins_as_onnx(path):
        raise broken
    try:
        return load_openvino().Core().read_model(path)
    except RuntimeError as error:
        missing = _missing_data(str(error))
        if missing:
            raise NotFound(
                f"{path} keeps its weights in {missing}, which is missing or cut short: {AGAIN}"
            ) from None
        raise broken from error


def picture_graph(path: Path, squares: "Squares") -> Any:
    """Return the picture tower as a graph from raw pixels to embeddings.

    Its input is uint8, shape (1, side, side, 3), whatever the file's own is: float32 or float16 of
    shape (n, 3, side, side), normalised by the caller; uint8 of that shape, or (n, side, side, 3).
    Its output is float32, shape (1, d).

    Raises:
        NotFound, BadValue: as `read_graph`; or its input is another one.
    """
    graph = read_graph(path)
    side = squares.side
    if len(graph.inputs) != 1:
        raise _other(path, f"has {len(graph.inputs)} inputs", "one picture")
    given = graph.input(0)
    whole = given.get_element_type().get_type_name() == "u8"
    last = _fits(given.get_partial_shape(), [1, side, side, 3])
    if not last and not _fits(given.get_partial_shape(), [1, 3, side, side]):
        said = f"takes pictures of the shape {given.get_partial_shape()}"
        raise _other(path, said, f"a square of {side} pixels, as its settings say")
    if last and not whole:
        raise _other(path, "takes numbers of the shape (1, height, width, 3)", "bytes there")
    try:
        graph.reshape([1, side, side, 3] if last else [1, 3, side, side])
    except RuntimeError:  # its input is free, but something in it is not
        said = f"cannot take a square of {side} pixels"
        raise _other(path, said, "that, as its settings say,") from None
    return _from_pixels(graph, squares, last, whole)


def _from_pixels(graph: Any, squares: "Squares", last: bool, whole: bool) -> Any:
    """Put before a graph what it expects its caller to do."""
    load_openvino()
    from openvino import Layout, Type
    from openvino.preprocess import PrePostProcessor

    steps = PrePostProcessor(graph)
    given = steps.input()
    given.tensor().set_element_type(Type.u8).set_layout(Layout("NHWC"))
    given.model().set_layout(Layout("NHWC" if last else "NCHW"))
    if not whole:  # otherwise the graph does the same itself
        pixels = given.preprocess().convert_element_type(Type.f32)
        pixels.mean([255 * mean for mean in squares.mean]).scale([255 * std for std in squares.std])
    steps.output(0).tensor().set_element_type(Type.f32)
    return steps.build()


def text_graph(path: Path, length: int) -> Any:
    """Return the text tower: inputs of shape (1, length), output of shape (1, d).

    Raises:
        NotFound, BadValue: as `read_graph`; or its inputs are others than `TEXT_INPUTS`.
    """
    graph = read_graph(path)
    found = sorted(given.get_any_name() for given in graph.inputs)
    if found not in TEXT_INPUTS:
        known = " or ".join(" and ".join(names) for names in TEXT_INPUTS)
        raise _other(path, f"has the inputs {', '.join(found)}", known)
    for given in graph.inputs:
        if not _fits(given.get_partial_shape(), [1, length]):
            said = f"reads texts of the shape {given.get_partial_shape()}"
            raise _other(path, said, f"{length} tokens, as its settings say")
    graph.reshape({name: [1, length] for name in found})
    return graph


def check_vocabulary(graph: Any, path: Path, tokens: "Tokens") -> None:
    """Compare the tokenizer's tokens with the largest table that a text tower looks rows up in.

    Tokenizers and tables of one network may differ a little, by tokens that no text has.

    Raises:
        BadValue: they are of different networks.
    """
    tables = [
        node.input(0).get_partial_shape()
        for node in graph.get_ops()
        if node.get_type_name() == "Gather"
    ]
    rows = [len(shape) == 2 and shape.is_static and shape[0].get_length() for shape in tables]
    known = max(rows, default=0)
    if known and abs(known - tokens.size) > known / SPARE:
        raise BadValue(
            f"{tokens.file} has {tokens.size:,} tokens, but {path} knows {known:,}: they belong to "
            f"different networks; {AGAIN}"
        )


def width_of(graph: Any, path: Path) -> int:
    """Return the length of the embeddings that a graph gives.

    Raises:
        BadValue: it gives something else.
    """
    shape = graph.output(0).get_partial_shape()
    if shape.rank.is_dynamic or len(shape) != 2 or shape[1].is_dynamic:
        raise _other(path, f"answers in the shape {shape}", "one row of numbers")
    return int(shape[1].get_length())


def _fits(shape: Any, wanted: list[int]) -> bool:
    if shape.rank.is_dynamic:
        return True
    sizes = list(shape)
    return len(sizes) == len(wanted) and all(
        size.is_dynamic or size.get_length() == want
        for size, want in zip(sizes, wanted, strict=True)
    )


def _other(path: Path, said: str, wanted: str) -> BadValue:
    return BadValue(f"{path} {said}, where {wanted} was expected: give another folder with --model")


def _missing_data(said: str) -> str:
    """Return the name of the file of weights that OpenVINO misses, out of its message; else ""."""
    found = re.search(r"externally stored data in file \((.+?), offset", said)
    return found[1] if found else ""


def _begins_as_onnx(path: Path) -> bool:
    """Look at the first byte: OpenVINO would try to read anything else as other formats, loudly."""
    with path.open("rb") as file:
        return file.read(1) == b"\x08"
