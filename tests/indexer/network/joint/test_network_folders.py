"""Networks that users bring are found by path and by name, and known by their content."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from joint_networks import WIDTH, colour_network, colour_pictures, graph, save
from onnx import TensorProto, helper

from indexer.errors import BadValue, Conflict, MagpieError, NotFound
from indexer.network import models
from indexer.network.describer import open_describer
from indexer.network.folders import find_folder, known_names, load_folder
from indexer.network.options import NetworkOptions
from indexer.records import StoreInfo


def test_a_folder_is_a_network(colours: Path) -> None:
    network = models.load(str(colours))
    assert (network.name, network.dimensions, network.pixels) == ("colours", WIDTH, 16)
    assert network.weights().path == colours


@pytest.mark.parametrize("part", ["", "clip"])
def test_a_folder_of_networks_gives_them_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Immich keeps its own in the folder "clip" of its cache."""
    folder = colour_network(tmp_path / "immich" / part / "ViT-B-32__openai")
    monkeypatch.setenv("MAGPIE_MODELS", str(tmp_path / "immich"))
    assert known_names() == ("ViT-B-32__openai",)
    assert models.load("ViT-B-32__openai").weights().path == folder
    with pytest.raises(BadValue, match="inception_v3, ViT-B-32__openai, or a folder"):
        models.load("ViT-L-14__openai")


def test_a_folder_is_remembered_by_its_name(colours: Path) -> None:
    assert find_folder("colours") is None
    load_folder(colours).weights()
    assert find_folder("colours") == colours


def test_weights_are_told_by_all_files_that_matter(colours: Path, tmp_path: Path) -> None:
    sha256 = load_folder(colours).weights().sha256
    moved = tmp_path / "elsewhere" / "colours"
    shutil.copytree(colours, moved)
    for spare in ("visual/model.armnn", "textual/vocab.json", "README.md"):
        (moved / spare).write_text("spare", "utf-8")
    assert load_folder(moved).weights().sha256 == sha256
    for file in ("config.json", "visual/preprocess_cfg.json", "textual/tokenizer.json"):
        text = (moved / file).read_text("utf-8")
        (moved / file).write_text(text + "\n", "utf-8")
        assert load_folder(moved).weights().sha256 != sha256
        (moved / file).write_text(text, "utf-8")
    save(colour_pictures("uint8"), moved / "visual" / "model.onnx")
    assert load_folder(moved).weights().sha256 != sha256


def test_weights_beside_a_graph_matter_too(colours: Path) -> None:
    save(colour_pictures("float32"), colours / "visual" / "model.onnx", data="beside.bin")
    sha256 = load_folder(colours).weights().sha256
    data = bytearray((colours / "visual" / "beside.bin").read_bytes())
    data[0] ^= 1
    (colours / "visual" / "beside.bin").write_bytes(data)
    assert load_folder(colours).weights().sha256 != sha256


def test_unchanged_files_are_not_read_again(colours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_folder(colours).weights()
    monkeypatch.setattr("indexer.network.folders._digest", lambda *_: pytest.fail("read again"))
    assert load_folder(colours).weights() == first


def test_weights_of_another_kind_are_refused(colours: Path) -> None:
    with pytest.raises(BadValue, match=r"colours takes its weights from .*: omit --weights"):
        load_folder(colours).weights(Path("some.pth"))


def test_a_store_names_its_network_and_finds_it_again(colours: Path) -> None:
    info = open_describer(NetworkOptions(str(colours)), None).info
    assert info == StoreInfo("colours", load_folder(colours).weights().sha256, WIDTH, 1)
    again = open_describer(NetworkOptions(), info)
    assert again.info == info
    assert again.options.model == str(colours)


def test_a_store_of_a_network_that_is_gone_asks_for_it() -> None:
    with pytest.raises(NotFound, match=r"the network clip-x .* not on this machine: .* --model"):
        open_describer(NetworkOptions(), StoreInfo("clip-x", "0" * 64, 512))


def test_a_store_of_another_network_is_refused(colours: Path) -> None:
    info = open_describer(NetworkOptions(str(colours)), None).info
    with pytest.raises(Conflict, match=r"made by efficientnet_lite0 .*, not by colours: omit"):
        open_describer(NetworkOptions(str(colours)), StoreInfo("efficientnet_lite0", "0", 1280))
    save(colour_pictures("uint8"), colours / "visual" / "model.onnx")
    with pytest.raises(Conflict, match=r"made by colours .* give its own folder with --model"):
        open_describer(NetworkOptions(), info)


@pytest.mark.parametrize(
    "file",
    [
        "config.json",
        "visual/model.onnx",
        "visual/preprocess_cfg.json",
        "textual/model.onnx",
        "textual/tokenizer.json",
        "textual/tokenizer_config.json",
    ],
)
def test_a_missing_file_is_named(colours: Path, file: str) -> None:
    (colours / file).unlink()
    with pytest.raises(NotFound, match=f"colours has no {file}, .*: download the folder again"):
        models.load(str(colours))


def test_any_other_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match=r"does not hold a network: give a folder with config"):
        models.load(str(tmp_path))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"resize_mode": "longest"}, "resize_mode 'longest', where Magpie knows shortest"),
        ({"interpolation": "random"}, "interpolation 'random'"),
        ({"size": "big"}, "size 'big'"),
        ({"size": []}, "size"),
        ({"mean": [0.5]}, "mean"),
        ({"std": [0.5, 0.5, 0]}, "std"),
        ("[]", "holds no settings"),
        ("{", "cannot be read as JSON"),
    ],
)
def test_settings_that_are_not_understood_are_named(
    colours: Path, settings: Any, said: str
) -> None:
    file = colours / "visual" / "preprocess_cfg.json"
    if isinstance(settings, dict):
        settings = json.dumps({**json.loads(file.read_text("utf-8")), **settings})
    file.write_text(settings, "utf-8")
    with pytest.raises(MagpieError, match=rf"preprocess_cfg\.json .*{said}") as caught:
        models.load(str(colours))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("size", [224, [224, 224], [224]])
def test_a_size_is_a_number_or_a_list(colours: Path, size: Any) -> None:
    file = colours / "visual" / "preprocess_cfg.json"
    file.write_text(json.dumps({"size": size}), "utf-8")
    assert models.load(str(colours)).pixels == 224


@pytest.fixture
def rclip(tmp_path: Path) -> Path:
    """A folder as rclip's, of graphs that add up: pictures in halves, texts by their length."""
    folder = tmp_path / "rclip"
    (folder / "tokenizer").mkdir(parents=True)
    merges = Path(__file__).parent / "first_merges.txt.gz"
    shutil.copy(merges, folder / "tokenizer" / "bpe_simple_vocab_16e6.txt.gz")
    shape: list[int | str] = ["n", 3, 256, 256]
    nodes = [
        helper.make_node("ReduceMean", ["input", "places"], ["means"], keepdims=0),
        helper.make_node("MatMul", ["means", "matrix"], ["output"]),
    ]
    matrix = np.eye(3, 512, dtype=np.float32)
    values = {"places": np.array([2, 3]), "matrix": matrix}
    given = {"input": (TensorProto.FLOAT, shape)}
    save(graph(nodes, given, values, "output", 512), folder / "visual.onnx")
    nodes = [
        helper.make_node("Gather", ["table", "input"], ["rows"]),
        helper.make_node("ReduceSum", ["rows", "places"], ["output"], keepdims=0),
    ]
    table = np.random.default_rng(1).normal(size=(814, 512)).astype(np.float32)
    values = {"places": np.array([1]), "table": table}
    given = {"input": (TensorProto.INT64, ["n", 77])}
    save(graph(nodes, given, values, "output", 512), folder / "textual.onnx")
    return folder


def test_the_layout_of_rclip(rclip: Path) -> None:
    from PIL import Image

    network = models.load(str(rclip))
    assert (network.name, network.dimensions, network.pixels) == ("rclip", 512, 256)
    loaded = load_folder(rclip)
    found = loaded.texts.vector("Dog &amp; dog")
    assert found is not None
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-6)
    assert (found == loaded.texts.vector("dog & DOG")).all()
    seen = network.prepare(Image.new("RGB", (300, 200), (255, 0, 0)))
    assert seen.shape == (256, 256, 3)


def test_a_missing_vocabulary_of_rclip_is_named(rclip: Path) -> None:
    file = rclip / "tokenizer" / "bpe_simple_vocab_16e6.txt.gz"
    file.write_bytes(gzip.compress(b"x"))
    with pytest.raises(BadValue, match=r"has 514 tokens, but .*textual.onnx knows 814"):
        _ = load_folder(rclip).texts
    file.unlink()
    with pytest.raises(NotFound, match=r"rclip has no tokenizer/bpe_simple_vocab_16e6.txt.gz"):
        models.load(str(rclip))
