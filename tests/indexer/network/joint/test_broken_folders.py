"""Folders as they lie about on people's disks: half downloaded, linked, edited, not writable."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from joint_networks import SIDE, WIDTH, colour_network, graph, save
from onnx import TensorProto, helper

from indexer.errors import BadValue, MagpieError
from indexer.network import models
from indexer.network.folders import find_folder, load_folder
from indexer.records import Matrix


def whole(folder: Path) -> tuple[Any, Matrix]:
    """Load everything of a network, as indexing and searching do."""
    network = load_folder(folder)
    return network.graph(network.weights()), network.classes.vectors


def test_two_networks_in_one_folder_are_refused(colours: Path) -> None:
    for file in ("visual.onnx", "textual.onnx"):
        shutil.copy(colours / "visual" / "model.onnx", colours / file)
    assert models.load(str(colours)).name == "colours"  # half a network is none
    (colours / "tokenizer").mkdir()
    (colours / "tokenizer" / "bpe_simple_vocab_16e6.txt.gz").write_bytes(b"")
    with pytest.raises(BadValue, match=r"colours holds 2 networks, .* immich and rclip: move each"):
        models.load(str(colours))


def test_a_name_may_have_blanks_and_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = colour_network(tmp_path / "my models" / "ViT B-32 (größer), 100 %")
    whole(folder)
    assert find_folder(folder.name) == folder
    shutil.rmtree(tmp_path / "cache")
    monkeypatch.setenv("MAGPIE_MODELS", str(folder.parent))
    assert find_folder(folder.name) == folder


def test_a_linked_folder_goes_by_its_own_name(tmp_path: Path, colours: Path) -> None:
    """So that a library keeps working when somebody makes the link anew, or takes the path."""
    link = tmp_path / "linked"
    link.symlink_to(colours, target_is_directory=True)
    assert models.load(str(link)).name == models.load(str(colours)).name == colours.name


@pytest.mark.parametrize("place", ["file/below", "n" * 300])
def test_a_place_that_cannot_be_looked_at_is_one_line(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MAGPIE_MODELS", str(tmp_path / place))
    with pytest.raises(BadValue, match=r"MAGPIE_MODELS names .*, which is not there"):
        models.load("nobody-has-it")


def test_a_folder_may_be_named_from_within(colours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(colours / "visual")
    assert models.load("..").name == "colours"
    monkeypatch.chdir(colours)
    assert models.load(".").name == "colours"


@pytest.mark.parametrize("name", ["auto", "inception_v3"])
def test_the_name_of_another_network_is_refused(tmp_path: Path, name: str) -> None:
    folder = colour_network(tmp_path / name)
    with pytest.raises(BadValue, match=rf"{name} has the name of another network: rename"):
        models.load(str(folder))


def test_a_cache_that_cannot_be_written_costs_time_only(
    colours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, kept = whole(colours)
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path / "file"))
    _, made = whole(colours)
    assert (made == kept).all()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"folder": 5}', b"\xff\xfe"])
def test_a_damaged_memory_is_written_again(colours: Path, places: Path, content: bytes) -> None:
    sha256 = load_folder(colours).weights().sha256
    (memory,) = (places / "cache" / "networks").glob("*.json")
    memory.write_bytes(content)
    assert find_folder("colours") is None
    assert load_folder(colours).weights().sha256 == sha256
    assert find_folder("colours") == colours


@pytest.mark.parametrize("damage", ["cut", "other", "archive"])
def test_damaged_vectors_of_labels_are_made_again(colours: Path, places: Path, damage: str) -> None:
    _, made = whole(colours)
    (kept,) = (places / "cache" / "networks").glob("*.npy")
    if damage == "cut":
        kept.write_bytes(kept.read_bytes()[:5_000])
    elif damage == "other":
        np.save(kept, np.zeros((1000, WIDTH + 1), np.float32))
    else:
        with kept.open("wb") as file:
            np.savez(file, made)
    assert (whole(colours)[1] == made).all()


def empty_pictures(folder: Path) -> None:
    (folder / "visual" / "model.onnx").write_bytes(b"")
    (folder / "visual" / "model.onnx.data").write_bytes(b"weights")


def cut_texts(folder: Path) -> None:
    file = folder / "textual" / "model.onnx"
    file.write_bytes(file.read_bytes()[:300])


def pictures_of_another_side(folder: Path) -> None:
    """The sides are free in the graph's input, but fixed within."""
    nodes = [
        helper.make_node("Add", ["image", "positions"], ["placed"]),
        helper.make_node("ReduceMean", ["placed", "places"], ["means"], keepdims=0),
        helper.make_node("MatMul", ["means", "matrix"], ["embedding"]),
    ]
    values = {
        "positions": np.zeros((1, 3, SIDE, SIDE), np.float32),
        "places": np.array([2, 3]),
        "matrix": np.ones((3, WIDTH), np.float32),
    }
    made = graph(nodes, {"image": (TensorProto.FLOAT, [1, 3, "h", "w"])}, values)
    save(made, folder / "visual" / "model.onnx")
    edit(folder / "visual" / "preprocess_cfg.json", size=2 * SIDE)


def tokenizer_is_a_page(folder: Path) -> None:
    (folder / "textual" / "tokenizer.json").write_text("<html>not found</html>", "utf-8")


def a_folder_instead(folder: Path) -> None:
    (folder / "visual" / "preprocess_cfg.json").unlink()
    (folder / "visual" / "preprocess_cfg.json").mkdir()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (empty_pictures, r"visual/model\.onnx cannot be read as an ONNX graph: download"),
        (cut_texts, r"textual/model\.onnx cannot be read as an ONNX graph: download"),
        (pictures_of_another_side, r"visual/model\.onnx .* a square of 32 pixels"),
        (tokenizer_is_a_page, r"textual/tokenizer\.json cannot be read"),
        (a_folder_instead, r"no visual/preprocess_cfg\.json"),
    ],
)
def test_what_is_broken_is_named_in_one_line(colours: Path, spoil: Any, said: str) -> None:
    spoil(colours)
    with pytest.raises(MagpieError, match=said) as caught:
        whole(colours)
    assert "\n" not in str(caught.value)


def edit(file: Path, **settings: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **settings}), "utf-8")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("embed_dim", "512"),
        ("embed_dim", 0),
        ("text_cfg", None),
        ("logit_scale", "100"),
        ("logit_scale", 0),
        ("context_length", None),
        ("context_length", "77"),
        ("context_length", -1),
        ("tokenizer_kwargs", ["clean"]),
    ],
)
def test_configurations_that_make_no_sense_are_named(
    colours: Path, setting: str, value: Any
) -> None:
    if setting in ("context_length", "tokenizer_kwargs"):
        edit(colours / "config.json", text_cfg={"context_length": 8, setting: value})
    else:
        edit(colours / "config.json", **{setting: value})
    with pytest.raises(BadValue, match=rf"config\.json .*{setting}") as caught:
        whole(colours)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("mean", None), ("mean", "abc"), ("std", {}), ("interpolation", ["bicubic"]), ("size", None)],
)
def test_ways_to_make_squares_that_make_no_sense_are_named(
    colours: Path, setting: str, value: Any
) -> None:
    edit(colours / "visual" / "preprocess_cfg.json", **{setting: value})
    with pytest.raises(BadValue, match=rf"preprocess_cfg\.json says {setting} "):
        models.load(str(colours))


def test_models_that_are_nowhere_are_told_with_what_there_is(
    colours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAGPIE_MODELS", str(tmp_path / "gone"))
    with pytest.raises(BadValue, match=r"unknown model 'colors': use one of auto, .*gone"):
        models.load("colors")
    monkeypatch.setenv("MAGPIE_MODELS", f"{colours.parent}{os.sep}")
    assert models.load("colours").name == "colours"


POWERLESS = ["setpriv", "--bounding-set=-all"] if os.getuid() == 0 else []
"""Root may read and write everything, unless it gives up its capabilities."""

READER = """
    import sys
    from pathlib import Path
    from indexer.network.folders import known_names, load_folder
    network = load_folder(Path(sys.argv[1]))
    network.graph(network.weights()), network.classes
    print(*known_names())
"""


def test_folders_that_may_not_be_written_are_read_and_others_passed_over(
    colours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if POWERLESS and not shutil.which("setpriv"):
        pytest.skip("root cannot give up its rights without setpriv")
    secret = colour_network(tmp_path / "models" / "secret")
    (tmp_path / "cache").mkdir()
    monkeypatch.setenv("MAGPIE_MODELS", str(tmp_path / "models"))
    writable = [
        tmp_path / "cache",
        *(path for path in colours.rglob("*") if path.is_dir()),
        colours,
    ]
    for path in writable:
        path.chmod(0o555)
    secret.chmod(0)
    try:
        done = subprocess.run(
            [*POWERLESS, sys.executable, "-c", textwrap.dedent(READER), str(colours)],
            capture_output=True,
            text=True,
        )
    finally:
        for path in (*writable, secret):
            path.chmod(0o755)
    assert (done.returncode, done.stdout) == (0, "colours\n"), done.stderr
    assert not list((tmp_path / "cache").iterdir())


def test_a_name_that_no_folder_can_have_is_unknown() -> None:
    with pytest.raises(BadValue, match="unknown model 'xxx"):
        models.load("x" * 300)
