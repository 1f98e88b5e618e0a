"""Small networks of two towers, made by hand or with seeded weights, in the layouts users have."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from indexer.network.joint.graphs import picture_graph
from indexer.network.joint.network import JointNetwork
from indexer.network.quiet_imports import load_openvino
from indexer.records import Matrix

SIDE = 16
WIDTH = 16
LENGTH = 8
COLOURS = {
    "red": (1, 0, 0),
    "green": (0, 1, 0),
    "blue": (0, 0, 1),
    "yellow": (1, 1, 0),
    "white": (1, 1, 1),
    "black": (0, 0, 0),
}
FORMS = ("float32", "float16", "uint8", "uint8-channels-first")
"""What picture towers take."""


def colour_network(folder: Path, form: str = "float32") -> Path:
    """Write a network whose space is known: colours, as mean of a picture or as names in a text.

    The first three numbers of a vector are what a colour has of red, green and blue, from -1 to 1;
    the fourth is what any picture has, and what words have that are not colours.
    """
    write_settings(folder, {"mean": [0, 0, 0], "std": [1, 1, 1]})
    save(colour_pictures(form), folder / "visual" / "model.onnx")
    save(colour_texts(), folder / "textual" / "model.onnx")
    write_words(folder, ["[PAD]", "[UNK]", *COLOURS])
    return folder


def write_settings(
    folder: Path, preprocess: dict[str, Any] | None = None, text: dict[str, Any] | None = None
) -> None:
    for name in ("visual", "textual"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    config = {"embed_dim": WIDTH, "text_cfg": {"context_length": LENGTH, **(text or {})}}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    settings = {
        "size": [SIDE, SIDE],
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
        "interpolation": "bicubic",
        **(preprocess or {}),
    }
    (folder / "visual" / "preprocess_cfg.json").write_text(json.dumps(settings), "utf-8")


def write_words(folder: Path, words: list[str]) -> None:
    """Write a tokenizer whose tokens are these words."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(words)}, "[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "textual" / "tokenizer.json"))
    (folder / "textual" / "tokenizer_config.json").write_text('{"pad_token": "[PAD]"}', "utf-8")


def colour_pictures(form: str) -> onnx.ModelProto:
    """x -> mean of each channel -> (2 mean - 1, .2, 0...) -> length 1."""
    matrix = np.zeros((3, WIDTH), np.float32)
    matrix[range(3), range(3)] = 2
    summand = np.zeros(WIDTH, np.float32)
    summand[:4] = (-1, -1, -1, 0.2)
    channels_last = form == "uint8"
    kind = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16}.get(
        form, TensorProto.UINT8
    )
    shape = [1, SIDE, SIDE, 3] if channels_last else [1, 3, SIDE, SIDE]
    scale = 255 if form.startswith("uint8") else 1
    nodes = [
        helper.make_node("Cast", ["image"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["numbers", "scale"], ["pixels"]),
        helper.make_node("ReduceMean", ["pixels", "places"], ["means"], keepdims=0),
        helper.make_node("MatMul", ["means", "matrix"], ["placed"]),
        helper.make_node("Add", ["placed", "summand"], ["sums"]),
        helper.make_node("LpNormalization", ["sums"], ["embedding"], axis=1, p=2),
    ]
    values = {
        "scale": np.float32(scale),
        "places": np.array([1, 2] if channels_last else [2, 3]),
        "matrix": matrix,
        "summand": summand,
    }
    return graph(nodes, {"image": (kind, shape)}, values)


def colour_texts() -> onnx.ModelProto:
    """tokens -> rows of a table -> their sum -> length 1."""
    table = np.zeros((2 + len(COLOURS), WIDTH), np.float32)
    table[1, 3] = 1
    table[2:, :3] = 2 * np.array(list(COLOURS.values())) - 1
    nodes = [
        helper.make_node("Gather", ["table", "text"], ["rows"]),
        helper.make_node("ReduceSum", ["rows", "places"], ["sums"], keepdims=0),
        helper.make_node("LpNormalization", ["sums"], ["embedding"], axis=1, p=2),
    ]
    given = {"text": (TensorProto.INT32, [1, LENGTH])}
    return graph(nodes, given, {"table": table, "places": np.array([1])})


def masked_texts(table: np.ndarray) -> onnx.ModelProto:
    """M-CLIP's form: (tokens, mask) -> mean of the rows of a table that are not padding."""
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["shares"]),
        helper.make_node("Mul", ["rows", "shares"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "places"], ["sums"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "places"], ["count"], keepdims=1),
        helper.make_node("Div", ["sums", "count"], ["embedding"]),
    ]
    given = {name: (TensorProto.INT32, [1, LENGTH]) for name in ("input_ids", "attention_mask")}
    values = {"table": table, "places": np.array([1]), "last": np.array([2])}
    return graph(nodes, given, values)


def plain_photos(folder: Path, shades: Iterable[int]) -> None:
    """Make a folder of photos of one colour each: "red255.png" and so on."""
    folder.mkdir()
    for colour, parts in COLOURS.items():
        for shade in shades:
            red, green, blue = (shade * part + (255 - shade) * (1 - part) for part in parts)
            image = Image.new("RGB", (40, 30), (red, green, blue))
            image.save(folder / f"{colour}{shade}.png")


def graph(
    nodes: list[onnx.NodeProto],
    given: dict[str, tuple[int, list[int | str]]],
    values: dict[str, np.ndarray],
    output: str = "embedding",
    width: int = WIDTH,
) -> onnx.ModelProto:
    """Put a graph together; its output is float32, shape (n, width)."""
    inputs = [helper.make_tensor_value_info(name, *of) for name, of in given.items()]
    batch = inputs[0].type.tensor_type.shape.dim[0]
    length = batch.dim_param or batch.dim_value
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, [length, width])]
    constants = [numpy_helper.from_array(np.asarray(value), n) for n, value in values.items()]
    made = helper.make_graph(nodes, "tower", inputs, outputs, constants)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def save(model: onnx.ModelProto, path: Path, data: str = "") -> None:
    """Write a graph; its weights into a file `data` beside it, where one is named."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if data:
        onnx.save(model, path, save_as_external_data=True, location=data, size_threshold=0)
    else:
        onnx.save(model, path)


def embedded(network: JointNetwork, images: list[Image.Image]) -> Matrix:
    """The picture tower's vectors in float32, whatever the processor would rather compute in."""
    graph = picture_graph(network.towers.pictures, network.towers.squares)
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = load_openvino().Core().compile_model(graph, "CPU", settings)
    rows = [compiled(network.prepare(image)[None])[0][0] for image in images]
    return np.array(rows)
