"""A folder's two towers give the vectors that the published code gives."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clip_pictures import CLASSES, SENTENCES, TEMPLATES, picture
from joint_networks import (
    COLOURS,
    FORMS,
    LENGTH,
    SIDE,
    WIDTH,
    colour_network,
    colour_pictures,
    embedded,
    graph,
    masked_texts,
    save,
    write_settings,
    write_words,
)
from onnx import TensorProto, helper
from PIL import Image

from indexer.errors import BadValue, NotFound
from indexer.network import engines
from indexer.network.folders import load_folder
from indexer.network.joint.zero_shot import Classes, mean_vectors, sentences

EXACT = 1e-5


def plain(colour: str) -> Image.Image:
    return Image.new("RGB", (40, 30), tuple(255 * part for part in COLOURS[colour]))


def test_pictures_have_the_vectors_of_openclip(tiny_clip: Path, goldens: Mapping[str, Any]) -> None:
    images = [picture(*shape) for shape in goldens["shapes"].tolist()]
    found = embedded(load_folder(tiny_clip), images)
    assert np.abs(found - goldens["pictures"]).max() < EXACT


def test_texts_have_the_vectors_of_openclip(tiny_clip: Path, goldens: Mapping[str, Any]) -> None:
    tower = load_folder(tiny_clip).texts
    found = np.array([tower.vector(text) for text in SENTENCES])
    assert np.abs(found - goldens["texts"]).max() < EXACT


def test_many_texts_at_once_have_the_same_vectors(tiny_clip: Path) -> None:
    tower = load_folder(tiny_clip).texts
    alone = np.array([tower.vector(text) for text in SENTENCES])
    assert np.abs(np.array(list(tower.vectors(SENTENCES))) - alone).max() < EXACT


def test_classes_are_those_of_openclips_zero_shot_recipe(
    tiny_clip: Path, goldens: Mapping[str, Any]
) -> None:
    texts = [[template.format(name) for template in TEMPLATES] for name in CLASSES]
    found = mean_vectors(load_folder(tiny_clip).texts, texts)
    assert np.abs(found - goldens["zero_shot"]).max() < EXACT


def test_probabilities_are_the_softmax_of_cosines_times_the_scale() -> None:
    classes = Classes(np.eye(3, dtype=np.float32), 10.0)
    found = classes.probabilities(np.array([[0.6, 0.8, 0.0]], np.float32))
    assert found == pytest.approx(np.exp([[6, 8, 0]]) / np.exp([6, 8, 0]).sum(), abs=1e-6)


def test_every_class_has_sentences_of_its_own() -> None:
    texts = sentences()
    assert len(texts) == 1000
    assert len({text for of_class in texts for text in of_class[:3]}) == 3000
    assert texts[0][:2] == ["a photo of a tench.", "a photo of the tench."]


@pytest.mark.parametrize("form", FORMS)
def test_pictures_of_every_form_come_to_the_same(tmp_path: Path, form: str) -> None:
    network = load_folder(colour_network(tmp_path / "n", form))
    found = embedded(network, [plain(colour) for colour in COLOURS])
    wanted = np.array([[2.0 * part - 1 for part in colour] for colour in COLOURS.values()])
    wanted = np.pad(wanted, ((0, 0), (0, WIDTH - 3)))
    wanted[:, 3] = 0.2
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    assert np.abs(found - wanted).max() < (1e-3 if form == "float16" else EXACT)


def test_float_pictures_are_normalised_by_the_settings(tmp_path: Path) -> None:
    """(x / 255 - mean) / std, a number for each channel, red first."""
    write_settings(tmp_path, {"mean": [0.1, 0.2, 0.3], "std": [0.5, 0.25, 0.125]})
    nodes = [
        helper.make_node("ReduceMean", ["image", "places"], ["embedding"], keepdims=0),
    ]
    given = {"image": (TensorProto.FLOAT, ["n", 3, SIDE, SIDE])}
    made = graph(nodes, given, {"places": np.array([2, 3])}, width=3)
    save(made, tmp_path / "visual" / "model.onnx")
    save(colour_pictures("float32"), tmp_path / "textual" / "model.onnx")
    write_words(tmp_path, ["[PAD]", "[UNK]"])
    found = embedded(load_folder(tmp_path), [Image.new("RGB", (40, 30), (255, 51, 0))])
    assert found == pytest.approx(np.array([[0.9 / 0.5, 0, -0.3 / 0.125]]), abs=1e-5)


def test_a_tower_that_is_told_the_padding_leaves_it_out(tmp_path: Path) -> None:
    """M-CLIP: the mean over the tokens of the text."""
    folder = colour_network(tmp_path / "n")
    table = np.random.default_rng(1).normal(size=(8, WIDTH)).astype(np.float32)
    save(masked_texts(table), folder / "textual" / "model.onnx")
    found = load_folder(folder).texts.vector("red blue")
    wanted = (table[2] + table[4]) / 2  # the third and the fifth word of the tokenizer
    assert found is not None
    assert np.abs(found - wanted / np.linalg.norm(wanted)).max() < EXACT


def test_weights_may_lie_beside_a_graph(tmp_path: Path, colours: Path) -> None:
    apart = colour_network(tmp_path / "apart")
    save(colour_pictures("float32"), apart / "visual" / "model.onnx", data="model.onnx.data")
    images = [plain("red"), plain("blue")]
    assert (embedded(load_folder(apart), images) == embedded(load_folder(colours), images)).all()


def test_weights_that_are_missing_are_named(tmp_path: Path) -> None:
    folder = colour_network(tmp_path / "n")
    save(colour_pictures("float32"), folder / "visual" / "model.onnx", data="weights.bin")
    (folder / "visual" / "weights.bin").unlink()
    network = load_folder(folder)
    with pytest.raises(NotFound, match=r"visual/model\.onnx keeps its weights in weights\.bin"):
        network.graph(network.weights())


def test_the_engine_describes_with_labels_and_vectors(colours: Path) -> None:
    network = load_folder(colours)
    engine = engines.load("openvino", network, network.weights())
    batch = np.stack([network.prepare(plain(colour)) for colour in COLOURS])
    seen = engine.describe(batch)
    assert seen.probabilities.shape == (6, 1000)
    assert seen.probabilities.sum(axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    assert np.abs(seen.vectors - embedded(network, [plain(c) for c in COLOURS])).max() < 0.01


def test_labels_are_kept_for_the_next_process(colours: Path, places: Path) -> None:
    first = load_folder(colours).classes.vectors
    (kept,) = (places / "cache" / "networks").glob("*.npy")
    second = load_folder(colours)
    assert (second.classes.vectors == first).all()
    assert "texts" not in second.__dict__
    kept.write_bytes(b"cut short")
    assert (load_folder(colours).classes.vectors == first).all()


def test_tensorflow_cannot_run_it(colours: Path) -> None:
    network = load_folder(colours)
    with pytest.raises(BadValue, match="colours runs in OpenVINO only"):
        engines.load("tensorflow", network, network.weights())


def test_a_text_of_10000_characters_is_read_as_far_as_the_network_goes(colours: Path) -> None:
    tower = load_folder(colours).texts
    long = tower.vector("red " * 2_500)
    assert (long == tower.vector("red " * LENGTH)).all()


def test_an_empty_text_has_no_vector(colours: Path) -> None:
    assert load_folder(colours).texts.vector(" ") is None


def other_inputs(folder: Path) -> None:
    made = colour_pictures("float32")
    made.graph.input[0].name = made.graph.node[0].input[0] = "pixels"
    made.graph.input.append(helper.make_tensor_value_info("size", TensorProto.INT64, [1]))
    save(made, folder / "visual" / "model.onnx")


def other_side(folder: Path) -> None:
    write_settings(folder, {"size": 32})


def other_texts(folder: Path) -> None:
    write_settings(folder, text={"context_length": 77})


def other_names(folder: Path) -> None:
    save(colour_pictures("float32"), folder / "textual" / "model.onnx")


def other_width(folder: Path) -> None:
    config = (folder / "config.json").read_text("utf-8").replace(f": {WIDTH},", ": 512,")
    (folder / "config.json").write_text(config, "utf-8")


def other_words(folder: Path) -> None:
    write_words(folder, ["[PAD]", "[UNK]", *(f"word{number}" for number in range(40))])


def no_graph(folder: Path) -> None:
    (folder / "visual" / "model.onnx").write_text("<html>", "utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (other_inputs, r"visual/model\.onnx has 2 inputs, where one picture"),
        (other_side, r"visual/model\.onnx takes pictures .*, where a square of 32 pixels"),
        (other_texts, r"textual/model\.onnx reads texts .*, where 77 tokens"),
        (other_names, r"textual/model\.onnx has the inputs image, where text or "),
        (other_width, r"model\.onnx gives vectors of 16 numbers, not 512"),
        (other_words, r"tokenizer\.json has 42 tokens, but .* knows 8"),
        (no_graph, r"visual/model\.onnx cannot be read as an ONNX graph"),
    ],
)
def test_towers_that_do_not_fit_are_named(colours: Path, spoil: Any, said: str) -> None:
    spoil(colours)
    network = load_folder(colours)
    with pytest.raises(BadValue, match=said) as caught:
        _ = network.texts, network.graph(network.weights())
    assert "\n" not in str(caught.value)
