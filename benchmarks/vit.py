"""Networks of two towers of any size, with seeded random weights: as slow as published ones.

The graphs are those of CLIP (Radford et al. 2021, "Learning Transferable Visual Models From Natural
Language Supervision") as OpenCLIP exports them: transformers with the normalisation first,
QuickGELU, one row a picture or a text. They lie in a folder as Immich keeps it. Nothing that they
find is right.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SIDE, PATCH = 224, 32
LENGTH, WORDS = 77, 49_408
DIMENSIONS = 512
HEAD = 64
"""Numbers of one head of attention, in all of CLIP's networks."""


def write_network(folder: Path) -> Path:
    """Write a network of the size of ViT-B-32, 600 MB, unless it is there; return its folder."""
    if (folder / "config.json").exists():
        return folder
    _save(_pictures(width=768, layers=12), folder / "visual" / "model.onnx")
    _save(_texts(width=512, layers=12), folder / "textual" / "model.onnx")
    preprocess = {"size": SIDE, "mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic"}
    (folder / "visual" / "preprocess_cfg.json").write_text(json.dumps(preprocess))
    _write_tokenizer(folder / "textual")
    text = {"context_length": LENGTH}
    (folder / "config.json").write_text(json.dumps({"embed_dim": DIMENSIONS, "text_cfg": text}))
    return folder


@dataclass
class _Graph:
    """A graph in the making; each method adds to it and returns the name of what it adds."""

    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    values: list[onnx.TensorProto] = field(default_factory=list)

    def add(self, kind: str, *inputs: str, **settings: Any) -> str:
        name = f"{kind}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **settings))
        return name

    def value(self, numbers: NDArray[Any]) -> str:
        name = f"value{len(self.values)}"
        self.values.append(numpy_helper.from_array(numbers, name))
        return name

    def sizes(self, *sizes: int) -> str:
        return self.value(np.array(sizes, np.int64))

    def weights(self, *shape: int) -> str:
        spread = np.float32(shape[0] ** -0.5)
        return self.value(self.random.standard_normal(shape, np.float32) * spread)

    def product(self, given: str, *shape: int) -> str:
        summand = self.value(np.zeros(shape[1], np.float32))
        return self.add("Add", self.add("MatMul", given, self.weights(*shape)), summand)

    def normal(self, given: str, width: int) -> str:
        one, zero = (self.value(np.full(width, level, np.float32)) for level in (1, 0))
        return self.add("LayerNormalization", given, one, zero, axis=-1)

    def attention(self, given: str, width: int, mask: str) -> str:
        heads = self.sizes(1, -1, width // HEAD, HEAD)
        parts = [
            self.add("Reshape", self.product(given, width, width), heads) for _ in ("q", "k", "v")
        ]
        query, value = (
            self.add("Transpose", part, perm=[0, 2, 1, 3]) for part in (parts[0], parts[2])
        )
        key = self.add("Transpose", parts[1], perm=[0, 2, 3, 1])
        scale = self.value(np.float32(HEAD**-0.5))
        likeness = self.add("MatMul", self.add("Mul", query, scale), key)
        shares = self.add("Softmax", self.add("Add", likeness, mask), axis=-1)
        seen = self.add("Transpose", self.add("MatMul", shares, value), perm=[0, 2, 1, 3])
        return self.product(self.add("Reshape", seen, self.sizes(1, -1, width)), width, width)

    def layer(self, given: str, width: int, mask: str) -> str:
        after = self.add("Add", given, self.attention(self.normal(given, width), width, mask))
        wide = self.product(self.normal(after, width), width, 4 * width)
        gate = self.add("Sigmoid", self.add("Mul", wide, self.value(np.float32(1.702))))
        narrow = self.product(self.add("Mul", wide, gate), 4 * width, width)
        return self.add("Add", after, narrow)

    def layers(self, given: str, width: int, count: int, mask: NDArray[np.float32]) -> str:
        seen = self.value(mask)
        for _ in range(count):
            given = self.layer(given, width, seen)
        return self.normal(given, width)

    def model(
        self, row: str, width: int, name: str, kind: int, shape: list[int]
    ) -> onnx.ModelProto:
        """End with the embedding of one row, of shape (1, width)."""
        projected = self.add("MatMul", row, self.weights(width, DIMENSIONS))
        unit = helper.make_node("LpNormalization", [projected], ["embedding"], axis=1, p=2)
        given = helper.make_tensor_value_info(name, kind, shape)
        output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, DIMENSIONS])
        graph = helper.make_graph([*self.nodes, unit], "tower", [given], [output], self.values)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def _pictures(width: int, layers: int) -> onnx.ModelProto:
    graph = _Graph()
    patches = (SIDE // PATCH) ** 2
    kernel = graph.weights(width, 3, PATCH, PATCH)
    seen = graph.add("Conv", "image", kernel, strides=[PATCH, PATCH])
    rows = graph.add("Reshape", seen, graph.sizes(1, width, patches))
    rows = graph.add("Transpose", rows, perm=[0, 2, 1])
    rows = graph.add("Concat", graph.weights(1, 1, width), rows, axis=1)
    rows = graph.normal(graph.add("Add", rows, graph.weights(patches + 1, width)), width)
    rows = graph.layers(rows, width, layers, np.zeros((1, 1), np.float32))
    first = graph.add("Gather", rows, graph.value(np.int64(0)), axis=1)
    return graph.model(first, width, "image", TensorProto.FLOAT, [1, 3, SIDE, SIDE])


def _texts(width: int, layers: int) -> onnx.ModelProto:
    graph = _Graph()
    rows = graph.add("Gather", graph.weights(WORDS, width), "text")
    rows = graph.add("Add", rows, graph.weights(LENGTH, width))
    later = np.triu(np.full((LENGTH, LENGTH), -1e9, np.float32), 1)  # no token sees later ones
    rows = graph.layers(rows, width, layers, later)
    wide = graph.add("Cast", "text", to=TensorProto.INT64)
    end = graph.add(
        "ArgMax", wide, axis=1, keepdims=0
    )  # the token of the end has the largest number
    last = graph.add("Squeeze", graph.add("Gather", rows, end, axis=1), graph.sizes(1))
    return graph.model(last, width, "text", TensorProto.INT32, [1, LENGTH])


def _save(model: onnx.ModelProto, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)


def _write_tokenizer(folder: Path) -> None:
    """Write a tokenizer with as many tokens as CLIP's, of which every word is the same one."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(WordLevel({f"[{number}]": number for number in range(WORDS)}, "[1]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    ends = [(f"[{number}]", number) for number in (WORDS - 2, WORDS - 1)]
    tokenizer.post_processor = TemplateProcessing(f"{ends[0][0]} $A {ends[1][0]}", None, ends)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text('{"pad_token": "[0]"}')
