"""Texts become the tokens that the published code makes of them."""

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from joint_networks import LENGTH, write_settings, write_words
from varied_texts import texts

from indexer.errors import BadValue, NotFound
from indexer.network.joint.bpe import MergedTokens, read_merges
from indexer.network.joint.languages import flores_code
from indexer.network.joint.tokens import Tokens
from indexer.network.layouts import immich, read_settings

HERE = Path(__file__).parent
MERGES = HERE / "first_merges.txt.gz"


def checksums(tokens: Tokens, name: str, marked: bool = True) -> list[int]:
    """A checksum of the tokens of each varied text, as scripts/clip_goldens.py makes them."""
    found = []
    for text in texts(marked):
        inputs = tokens.read(text)
        assert inputs is not None
        found.append(zlib.crc32(inputs[name].astype(np.int64).tobytes()))
    return found


@pytest.mark.slow
def test_the_first_merges_give_the_tokens_of_openclip_on_10000_texts(
    goldens: Mapping[str, Any],
) -> None:
    tokens = MergedTokens(read_merges(MERGES), MERGES)
    assert checksums(tokens, "input") == goldens["tokens"].tolist()


@pytest.mark.slow
def test_the_whole_vocabulary_gives_the_tokens_of_openclip_on_10000_texts(
    goldens: Mapping[str, Any],
) -> None:
    from importlib.util import find_spec

    package = find_spec("open_clip")
    if package is None or package.origin is None:
        pytest.skip("the vocabulary lies in OpenCLIP's package: extra clip-dev")
    file = Path(package.origin).parent / "bpe_simple_vocab_16e6.txt.gz"
    tokens = MergedTokens(read_merges(file), file)
    assert checksums(tokens, "input") == goldens["full_tokens"].tolist()


@pytest.mark.slow
def test_tokenizer_json_gives_the_tokens_of_openclip_on_10000_texts(
    tiny_clip: Path, goldens: Mapping[str, Any]
) -> None:
    """Padding apart, which is OpenCLIP's 0 where the tower would see it."""
    text = {**read_settings(tiny_clip / "config.json")["text_cfg"], "no_causal_mask": True}
    tokens = immich._tokens(tiny_clip, text)
    found = np.array(checksums(tokens, "text", marked=False))
    assert np.mean(found == goldens["plain_tokens"]) == 1


def made(tmp_path: Path, **text: Any) -> Tokens:
    write_settings(tmp_path, text=text)
    write_words(tmp_path, ["[PAD]", "[UNK]", "a", "dog", "it", "s", "deu_latndog", "eng_latndog"])
    return immich._tokens(tmp_path, {"context_length": LENGTH, **text})


def read(tokens: Tokens, text: str, language: str = "") -> list[int]:
    inputs = tokens.read(text, language)
    assert inputs is not None
    return inputs["text"][0].tolist()


def test_a_text_is_padded_and_cut_to_the_length_of_the_network(tmp_path: Path) -> None:
    tokens = made(tmp_path)
    assert read(tokens, "a\n dog") == [2, 3, 0, 0, 0, 0, 0, 0]
    assert read(tokens, "dog " * 10_000) == [3] * LENGTH


def test_the_mask_tells_what_is_padding(tmp_path: Path) -> None:
    inputs = made(tmp_path).read("a dog")
    assert inputs is not None
    assert inputs["attention_mask"].tolist() == [[1, 1, 0, 0, 0, 0, 0, 0]]
    assert inputs["input_ids"].tolist() == inputs["text"].tolist()


def test_canonicalize_drops_punctuation_and_case(tmp_path: Path) -> None:
    plain = made(tmp_path / "plain")
    cleaned = made(tmp_path / "cleaned", tokenizer_kwargs={"clean": "canonicalize"})
    assert read(plain, "It's")[:3] == [4, 1, 5]
    assert read(cleaned, "D-O-G!")[:2] == [3, 0]
    assert cleaned.read(" !? ") is None


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_nothing_is_read_of_a_blank_text(tmp_path: Path, text: str) -> None:
    assert made(tmp_path).read(text) is None
    assert MergedTokens(read_merges(MERGES), MERGES).read(text) is None


def test_nllb_is_told_the_language_without_a_gap(tmp_path: Path) -> None:
    folder = tmp_path / "nllb-clip-base-siglip__v1"
    tokens = made(folder)
    assert read(tokens, "dog", "de-CH")[:2] == [6, 0]
    assert read(tokens, "dog")[:2] == read(tokens, "dog", "xx")[:2] == [7, 0]


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("de", "deu_Latn"),
        ("pt-BR", "por_Latn"),
        ("zh", "zho_Hans"),
        ("zh_TW", "zho_Hant"),
        ("zh-Hant-HK", "zho_Hant"),
        ("ja", "jpn_Jpan"),
        ("", "eng_Latn"),
        ("tlh", "eng_Latn"),
    ],
)
def test_languages_have_the_codes_of_flores(language: str, code: str) -> None:
    assert flores_code(language) == code


def test_mobileclip_is_padded_with_0_and_siglip_with_its_own(tmp_path: Path) -> None:
    folder = tmp_path
    write_settings(folder)
    write_words(folder, ["<x>", "[UNK]", "[PAD]", "dog"])
    length = {"context_length": LENGTH}
    assert read(immich._tokens(folder, length), "dog") == [3] + [2] * 7
    bare = {**length, "no_causal_mask": True}
    assert read(immich._tokens(folder, bare), "dog") == [3] + [0] * 7
    own = {**bare, "hf_tokenizer_name": "timm/ViT-B-16-SigLIP2"}
    assert read(immich._tokens(folder, own), "dog") == [3] + [2] * 7


def test_a_pad_token_may_be_written_in_full(tmp_path: Path) -> None:
    made(tmp_path)
    config = tmp_path / "textual" / "tokenizer_config.json"
    config.write_text(json.dumps({"pad_token": {"content": "[PAD]"}}), "utf-8")
    assert read(immich._tokens(tmp_path, {}), "dog")[:2] == [3, 0]


def test_an_unknown_pad_token_is_named(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "textual" / "tokenizer_config.json").write_text('{"pad_token": "<p>"}', "utf-8")
    with pytest.raises(BadValue, match=r"tokenizer_config\.json names '<p>' as pad_token"):
        immich._tokens(tmp_path, {})


def test_a_damaged_tokenizer_is_named(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "textual" / "tokenizer.json").write_text("{", "utf-8")
    with pytest.raises(BadValue, match=r"tokenizer\.json cannot be read"):
        immich._tokens(tmp_path, {})


@pytest.mark.parametrize(
    ("options", "said"),
    [({"clean": "shout"}, "clean 'shout'"), ({"strip_sep_token": True}, "'strip_sep_token'")],
)
def test_cleanings_that_are_not_known_are_refused(
    tmp_path: Path, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadValue, match=f"config.json says .*{said}"):
        made(tmp_path, tokenizer_kwargs=options)


def test_merges_that_are_missing_or_damaged_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"x\.gz is missing"):
        read_merges(tmp_path / "x.gz")
    (tmp_path / "x.gz").write_bytes(b"hello")
    with pytest.raises(BadValue, match=r"x\.gz cannot be read"):
        read_merges(tmp_path / "x.gz")
