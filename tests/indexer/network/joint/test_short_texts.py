"""Texts of few tokens are read by a smaller graph, where that changes no vector."""

from pathlib import Path

import numpy as np
import pytest
from joint_networks import graph
from onnx import ModelProto, TensorProto, helper, save
from varied_texts import texts

from indexer.network.folders import load_folder
from indexer.network.joint.graphs import text_graph
from indexer.network.joint.short_texts import SHORT, cut, padding_of, shortened
from indexer.network.joint.text_tower import TextTower
from indexer.network.joint.tokens import Inputs
from indexer.records import Matrix

LENGTH = 40
TABLE = np.random.default_rng(3).normal(size=(20, 8)).astype(np.float32)


def whole_rows(tower: TextTower, asked: list[str]) -> Matrix:
    """What the tower gives if it never leaves anything out."""
    tower._short = None
    return np.array([tower.vector(text) for text in asked])


def test_short_and_long_texts_have_the_vectors_of_the_whole_tower(tiny_clip: Path) -> None:
    words = [text for text in texts() if text.strip()][:300]
    asked = [*words, "a " * 100, "a " * (SHORT - 2), "a " * (SHORT - 1)]
    tower = load_folder(tiny_clip).texts
    asked = [text for text in asked if tower.vector(text) is not None]
    kinds = {tower._fitting(tower._read(text) or {})[0] for text in asked}
    assert kinds == {True, False}
    found = np.array([tower.vector(text) for text in asked])
    together = np.array(tower.vectors(asked))
    wanted = whole_rows(load_folder(tiny_clip).texts, asked)
    assert np.abs(found - wanted).max() < 1e-5
    assert np.abs(together - wanted).max() < 1e-5


def inputs(*tokens: int) -> Inputs:
    row = np.zeros((1, LENGTH), np.int64)
    row[0, : len(tokens)] = tokens
    return {"text": row}


SAMPLES = [inputs(1, 2), inputs(1, 3, 4, 5, 2), inputs(1, *range(3, 15), 2)]


def tower(*nodes: tuple[str, list[str], dict[str, int]], **values: np.ndarray) -> ModelProto:
    """Rows of a table for the tokens, and what becomes of them; the last node gives the vector."""
    made = [helper.make_node("Gather", ["table", "text"], ["rows"])]
    for number, (kind, given, settings) in enumerate(nodes, 1):
        name = "embedding" if number == len(nodes) else f"step{number}"
        made.append(helper.make_node(kind, given, [name], **settings))
    shape = {"text": (TensorProto.INT32, [1, LENGTH])}
    return graph(made, shape, {"table": TABLE, **values}, width=8)


POSITIONS = np.random.default_rng(4).normal(size=(LENGTH, 8)).astype(np.float32)
FIRST = {
    "the first token, with its position": tower(
        ("Add", ["rows", "positions"], {}),
        ("Gather", ["step1", "first"], {"axis": 1}),
        positions=POSITIONS,
        first=np.int64(0),
    ),
    "the sum over all tokens, if padding is nothing": tower(
        ("Mul", ["rows", "shares"], {}),
        ("Reshape", ["step1", "shape"], {}),
        ("ReduceSum", ["step2", "axis"], {"keepdims": 0}),
        shares=(np.arange(LENGTH) < 16).astype(np.float32)[:, None],
        shape=np.array([1, LENGTH, 8]),
        axis=np.array([1]),
    ),
}
SECOND = {
    "the last token": tower(
        ("Gather", ["rows", "last"], {"axis": 1}),
        last=np.int64(LENGTH - 1),
    ),
    "the mean over all tokens": tower(
        ("ReduceMean", ["rows", "axis"], {"keepdims": 0}),
        axis=np.array([1]),
    ),
}


def shorter(model: ModelProto, folder: Path) -> object | None:
    save(model, folder / "model.onnx")
    return shortened(text_graph(folder / "model.onnx", LENGTH), SAMPLES)


@pytest.mark.parametrize("kind", FIRST)
def test_a_tower_that_reads_nothing_behind_the_end_is_shortened(kind: str, tmp_path: Path) -> None:
    short = shorter(FIRST[kind], tmp_path)
    assert short is not None
    assert list(short.input(0).get_shape()) == [1, SHORT]  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", SECOND)
def test_a_tower_that_reads_behind_the_end_is_left_as_it_is(kind: str, tmp_path: Path) -> None:
    assert shorter(SECOND[kind], tmp_path) is None


def test_what_is_left_of_a_text_ends_with_its_end_or_padding() -> None:
    padding = padding_of(SAMPLES[0])
    assert padding == {"text": 0}
    assert cut(inputs(*range(1, SHORT)), padding)["text"].tolist() == [[*range(1, SHORT), 0]]
    assert cut(inputs(*range(1, SHORT + 1)), padding) is None
    assert cut(inputs(*[1] * LENGTH), padding) is None


def test_texts_padded_with_ends_may_fill_what_is_left() -> None:
    row = np.full((1, LENGTH), 19)
    row[0, :SHORT] = [*range(SHORT - 1), 19]
    assert cut({"text": row}, {"text": 19})["text"][0, -1] == 19
