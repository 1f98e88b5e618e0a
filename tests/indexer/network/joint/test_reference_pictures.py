"""Pictures have OpenCLIP's vectors, whatever form the graph and the folder have."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from clip_pictures import SENTENCES, picture
from joint_networks import FORMS, embedded, save
from onnx import TensorProto, helper, numpy_helper

from indexer.network.folders import load_folder
from indexer.network.joint.squares import MEAN, STD
from indexer.network.layouts import rclip

HERE = Path(__file__).parent
EXACT = 1e-5


def as_form(form: str) -> onnx.ModelProto:
    """The picture tower of tiny_clip, with what its caller does put before it."""
    model = onnx.load(HERE / "tiny_clip" / "visual" / "model.onnx")
    given = model.graph.input[0]
    channels_last = form == "uint8"
    nodes = [helper.make_node("Cast", ["raw"], ["numbers"], to=TensorProto.FLOAT)]
    if channels_last:
        nodes += [helper.make_node("Transpose", ["numbers"], ["planes"], perm=[0, 3, 1, 2])]
    if form.startswith("uint8"):
        scale, shift = 255 * np.array(STD), 255 * np.array(MEAN)
        nodes += [
            helper.make_node("Sub", ["planes" if channels_last else "numbers", "shift"], ["moved"]),
            helper.make_node("Div", ["moved", "scale"], [given.name]),
        ]
        for name, value in (("scale", scale), ("shift", shift)):
            row = value.astype(np.float32).reshape(1, 3, 1, 1)
            model.graph.initializer.append(numpy_helper.from_array(row, name))
    else:
        nodes[-1].output[0] = given.name
    kind = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16}
    shape = [1, 32, 32, 3] if channels_last else [1, 3, 32, 32]
    raw = helper.make_tensor_value_info("raw", kind.get(form, TensorProto.UINT8), shape)
    given.CopyFrom(raw)
    rest = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend([*nodes, *rest])
    return model


@pytest.mark.parametrize("form", FORMS)
def test_pictures_of_every_form_have_the_vectors_of_openclip(
    tmp_path: Path, form: str, goldens: Mapping[str, Any]
) -> None:
    folder = tmp_path / "n"
    shutil.copytree(HERE / "tiny_clip", folder)
    save(as_form(form), folder / "visual" / "model.onnx")
    images = [picture(*shape) for shape in goldens["shapes"].tolist()]
    found = embedded(load_folder(folder), images)
    assert np.abs(found - goldens["pictures"]).max() < (1e-3 if form == "float16" else EXACT)


def test_the_layout_of_rclip_has_the_vectors_of_openclip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, goldens: Mapping[str, Any]
) -> None:
    """Of a network that is smaller than rclip's, whose inputs have other names."""
    for name, of in (("visual", "image"), ("textual", "text")):
        model = onnx.load(HERE / "tiny_clip" / name / "model.onnx")
        for node in model.graph.node:
            node.input[:] = ["input" if one == of else one for one in node.input]
        model.graph.input[0].name = "input"
        if name == "textual":
            model.graph.input[0].type.tensor_type.elem_type = TensorProto.INT64
        save(model, tmp_path / f"{name}.onnx")
    (tmp_path / "tokenizer").mkdir()
    shutil.copy(HERE / "first_merges.txt.gz", tmp_path / rclip.MERGES)
    monkeypatch.setattr(rclip, "SIDE", 32)
    monkeypatch.setattr(rclip, "WIDTH", 24)
    network = load_folder(tmp_path)
    images = [picture(*shape) for shape in goldens["shapes"].tolist()]
    assert np.abs(embedded(network, images) - goldens["pictures"]).max() < EXACT
    found = np.array([network.texts.vector(text) for text in SENTENCES])
    assert np.abs(found - goldens["texts"]).max() < EXACT
