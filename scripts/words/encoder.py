"""The sentence encoder all-MiniLM-L6-v2 on OpenVINO, without torch (build time only, Apache-2.0).

Six BERT layers (Devlin et al. 2018, arXiv 1810.04805) with mean pooling, as in Reimers and
Gurevych 2019 (arXiv 1908.10084). Sentences of equal length are run together, so that nothing
is padded and no attention mask is needed.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import Node
from openvino import opset13 as ops
from tokenizers import Tokenizer

Array = NDArray[np.float32]

LAYERS, HEADS, WIDTH = 6, 12, 384
TOKENS_A_BATCH = 4096
LONGEST = 128  # tokens; longer sentences are truncated, as in training


def read_safetensors(path: Path) -> dict[str, Array]:
    """Read float32 tensors: 8 bytes of header length, a JSON header, raw little-endian numbers."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    return {
        name: np.frombuffer(
            raw[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]], np.float32
        ).reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


class Encoder:
    """Sentences to vectors: float32, shape (n, 384), L2 norm 1."""

    def __init__(self, folder: Path) -> None:
        """Read the model and the tokenizer from the package's folder."""
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        network = Network(read_safetensors(folder / "model.safetensors")).build()
        self._run = openvino.Core().compile_model(network, "CPU")

    def encode(self, sentences: Sequence[str]) -> Array:
        """Return one unit vector per sentence, in the order given."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(sentences))]
        by_length: dict[int, list[int]] = defaultdict(list)
        for position, ids in enumerate(tokens):
            by_length[len(ids)].append(position)
        vectors = np.empty((len(tokens), WIDTH), np.float32)
        for length, positions in sorted(by_length.items()):
            size = TOKENS_A_BATCH // length
            for start in range(0, len(positions), size):
                batch = positions[start : start + size]
                ids = np.array([tokens[position] for position in batch], np.int64)
                vectors[batch] = self._run([ids])[0]
        unit: Array = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


class Network:
    """Builds the graph: int64 (batch, length) token ids -> float32 (batch, 384) means."""

    def __init__(self, weights: dict[str, Array]) -> None:
        """Take the tensors under their names in the file."""
        self._weights = weights

    def build(self) -> openvino.Model:
        """Return the whole network."""
        ids = ops.parameter([-1, -1], np.int64, name="ids")
        table = self._weights["embeddings.word_embeddings.weight"]
        length = ops.gather(ops.shape_of(ids), [1], 0)
        positions = ops.slice(
            self._weights["embeddings.position_embeddings.weight"], [0], length, [1], [0]
        )
        x = ops.add(ops.gather(table, ids, 0), positions)
        x = ops.add(x, self._weights["embeddings.token_type_embeddings.weight"][:1])
        x = self._norm("embeddings.LayerNorm", x)
        for number in range(LAYERS):
            x = self._layer(f"encoder.layer.{number}", x)
        return openvino.Model([ops.reduce_mean(x, [1])], [ids])

    def _layer(self, name: str, x: Node) -> Node:
        attended = self._dense(f"{name}.attention.output.dense", self._attend(name, x))
        x = self._norm(f"{name}.attention.output.LayerNorm", ops.add(x, attended))
        inner = ops.gelu(self._dense(f"{name}.intermediate.dense", x), "ERF")
        outer = self._dense(f"{name}.output.dense", inner)
        return self._norm(f"{name}.output.LayerNorm", ops.add(x, outer))

    def _attend(self, name: str, x: Node) -> Node:
        query, key, value = (
            # (batch, length, width) -> (batch, heads, length, width / heads)
            ops.transpose(
                ops.reshape(
                    self._dense(f"{name}.attention.self.{role}", x),
                    [0, 0, HEADS, WIDTH // HEADS],
                    special_zero=True,
                ),
                [0, 2, 1, 3],
            )
            for role in ("query", "key", "value")
        )
        mixed = ops.scaled_dot_product_attention(query, key, value)
        return ops.reshape(ops.transpose(mixed, [0, 2, 1, 3]), [0, 0, WIDTH], special_zero=True)

    def _dense(self, name: str, x: Node) -> Node:
        product = ops.matmul(x, self._weights[f"{name}.weight"], False, True)
        return ops.add(product, self._weights[f"{name}.bias"])

    def _norm(self, name: str, x: Node) -> Node:
        normal = ops.mvn(x, [-1], True, 1e-12, "INSIDE_SQRT")
        scaled = ops.multiply(normal, self._weights[f"{name}.weight"])
        return ops.add(scaled, self._weights[f"{name}.bias"])
