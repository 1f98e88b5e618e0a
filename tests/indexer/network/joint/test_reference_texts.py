"""Texts have the vectors that multilingual-clip and OpenCLIP give them, whatever the tokenizer.

scripts/multilingual_goldens.py made the towers and the vectors.
"""

import json
import shutil
import zlib
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clip_pictures import LANGUAGES, TEXTS
from varied_texts import texts

from indexer.network.folders import load_folder
from indexer.network.joint import languages
from indexer.network.layouts import immich, read_settings
from indexer.records import Matrix

HERE = Path(__file__).parent
EXACT = 1e-5


@pytest.fixture(scope="module")
def reference() -> Mapping[str, Any]:
    with np.load(HERE / "texts.npz") as file:
        return dict(file)


def completed(name: str, place: Path) -> Path:
    """A folder as people have it: with the picture tower, and the tokenizer, of tiny_clip."""
    folder = place / name.replace("tiny_", "") / f"{name}__seeded"
    shutil.copytree(HERE / name, folder)
    shutil.copytree(HERE / "tiny_clip" / "visual", folder / "visual")
    for file in ("tokenizer.json", "tokenizer_config.json"):
        if not (folder / "textual" / file).exists():
            shutil.copy(HERE / "tiny_clip" / "textual" / file, folder / "textual")
    return folder


def vectors(folder: Path, language: str = "") -> Matrix:
    tower = load_folder(folder).texts
    return np.array([tower.vector(text, language) for text in TEXTS])


@pytest.mark.parametrize("kind", ["mclip", "siglip", "mobileclip"])
def test_texts_have_the_vectors_of_the_reference(
    kind: str, tmp_path: Path, reference: Mapping[str, Any]
) -> None:
    found = vectors(completed(f"tiny_{kind}", tmp_path))
    assert np.abs(found - reference[kind]).max() < EXACT
    assert np.abs(found[0] - found[2]).max() > 0.01  # the references tell texts apart


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_told_as_the_reference_is_told(
    language: str, tmp_path: Path, reference: Mapping[str, Any]
) -> None:
    told = dict(zip(LANGUAGES, np.split(reference["nllb"], len(LANGUAGES)), strict=True))
    folder = completed("tiny_nllb", tmp_path)
    assert np.abs(vectors(folder, language) - told[language]).max() < EXACT
    assert np.abs(told["de"] - told["ja"]).max() > 0.01
    if language == "en":
        assert (vectors(folder) == vectors(folder, "en")).all()


def test_several_texts_at_once_are_read_with_their_masks(
    tmp_path: Path, reference: Mapping[str, Any]
) -> None:
    tower = load_folder(completed("tiny_mclip", tmp_path)).texts
    assert np.abs(np.array(tower.vectors(TEXTS)) - reference["mclip"]).max() < EXACT


def test_a_network_of_two_inputs_sees_pictures_too(tmp_path: Path) -> None:
    network = load_folder(completed("tiny_mclip", tmp_path))
    assert network.graph(network.weights()).output(0).get_partial_shape()[1].get_length() == 24


@pytest.mark.parametrize(
    ("kind", "setting", "value"),
    [("mobileclip", "no_causal_mask", False), ("siglip", "tokenizer_kwargs", {})],
)
def test_the_vectors_tell_padding_and_cleaning_apart(
    kind: str, setting: str, value: Any, tmp_path: Path, reference: Mapping[str, Any]
) -> None:
    folder = completed(f"tiny_{kind}", tmp_path)
    config = dict(read_settings(folder / "config.json"))
    config["text_cfg"] = {**config["text_cfg"], setting: value}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    assert np.abs(vectors(folder) - reference[kind]).max() > 0.01


@pytest.mark.slow
def test_canonicalize_gives_the_tokens_of_openclip_on_10000_texts(
    tmp_path: Path, reference: Mapping[str, Any]
) -> None:
    folder = completed("tiny_siglip", tmp_path)
    tokens = immich._tokens(folder, read_settings(folder / "config.json")["text_cfg"])
    read = (tokens.read(text) for text in texts(marked=False))
    rows = (one["text"][0] for one in read if one is not None)
    found = [
        zlib.crc32(np.stack(hundred).tobytes())
        for hundred in iter(lambda: list(islice(rows, 100)), [])
    ]
    assert found == reference["siglip_tokens"].tolist()


def test_every_language_is_one_that_nllb_knows(reference: Mapping[str, Any]) -> None:
    codes = languages._CODES.split()[1::2]
    assert set(codes) <= set(reference["nllb_codes"].tolist())
    assert len(codes) > 100
