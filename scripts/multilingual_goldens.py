"""What multilingual-clip and OpenCLIP make of texts, for tests/indexer/network/joint.

Needs the extra clip-dev (OpenCLIP, PyTorch, transformers). Writes text towers with random weights,
each exported as Immich does it beside a tokenizer of its own kind, and texts.npz, the references'
vectors of `TEXTS` by each. They share the picture tower of tiny_clip.

    tiny_mclip        XLM-RoBERTa and multilingual-clip's head, told what is padding
    tiny_nllb         the encoder of NLLB; a text begins with its language
    tiny_siglip       cleaned by `canonicalize`; reads its padding
    tiny_mobileclip   tokens of tiny_clip; reads its padding, which OpenCLIP has as 0

and siglip_tokens, a checksum of OpenCLIP's tokens for each hundred of varied_texts.texts();
nllb_codes, the languages that NLLB knows.
"""

import json
import sys
import tempfile
import zlib
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
import transformers
from clip_pictures import LANGUAGES, TEXTS
from open_clip.model import CustomTextCLIP
from open_clip.tokenizer import HFTokenizer, SimpleTokenizer
from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES
from varied_texts import texts

ROOT = Path(__file__).parents[1]
HERE = ROOT / "tests" / "indexer" / "network" / "joint"
MERGES = HERE / "first_merges.txt.gz"

WIDTH = 24
"""Of the vectors, as those of tiny_clip."""

VISION = {"image_size": 32, "layers": 1, "width": 24, "head_width": 12, "patch_size": 8}
SIZES = {"width": 8, "heads": 2, "layers": 1}
SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789.,!?'&-äöüßéèñçабвгдежзийклмнопрстуфхцчшщъыьэюя"
"""With them there are more tokens than places in a text, as in any network."""

WORDS = ("▁a", "▁dog", "▁photo", "▁of", "▁in", "▁Hund", "▁im", "▁Schnee", "▁собака", "▁犬", "og")
MARKS = ("<s>", "<pad>", "</s>", "<unk>")
"""The first tokens of XLM-RoBERTa and of NLLB, in order."""


class MultilingualText(torch.nn.Module):
    """The text tower of multilingual-clip: a linear layer over the mean of a text's tokens."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        config = transformers.XLMRobertaConfig(
            vocab_size=vocabulary, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
            intermediate_size=16, max_position_embeddings=80, type_vocab_size=1, pad_token_id=1,
            bos_token_id=0, eos_token_id=2, attn_implementation="eager",
        )  # fmt: skip
        self.transformer = transformers.XLMRobertaModel(config)
        self.head = torch.nn.Linear(8, WIDTH)

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        states = self.transformer(input_ids, attention_mask).last_hidden_state
        kept = attention_mask.unsqueeze(2).to(states.dtype)
        mean = (states * kept).sum(1) / kept.sum(1)
        return torch.nn.functional.normalize(self.head(mean), dim=-1)


class OpenText(torch.nn.Module):
    """The text tower of an OpenCLIP network."""

    def __init__(self, text: dict[str, Any]) -> None:
        super().__init__()
        self.model = CustomTextCLIP(WIDTH, VISION, text)

    def forward(self, text: Any) -> Any:
        return self.model.encode_text(text, normalize=True)


def seeded(make: Any, *given: Any) -> Any:
    """Make a tower whose weights are large enough to tell texts apart."""
    torch.manual_seed(7)
    tower = make(*given).eval()
    with torch.no_grad():
        for weights in tower.parameters():
            if weights.ndim > 1:
                weights.normal_(0, 0.5)
    return tower.requires_grad_(False)


def export(tower: Any, tokens: tuple[Any, ...], names: list[str], folder: Path) -> None:
    (folder / "textual").mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        tower, tokens, folder / "textual" / "model.onnx", input_names=names,
        output_names=["embedding"], opset_version=18, dynamo=False,
    )  # fmt: skip


def write_config(folder: Path, text: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    config = {"embed_dim": WIDTH, "vision_cfg": VISION, "text_cfg": text}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")


def write_tokenizer(tokenizer: Any, folder: Path) -> None:
    """Save what Immich's exporter saves, of which Magpie reads these two."""
    with tempfile.TemporaryDirectory() as place:
        tokenizer.save_pretrained(place)
        (folder / "textual").mkdir(parents=True, exist_ok=True)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            content = json.loads((Path(place) / name).read_text("utf-8"))
            text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
            (folder / "textual" / name).write_text(text + "\n", "utf-8")


def padded(tokenizer: Any, text: str, length: int = 77) -> Any:
    return tokenizer(
        text, padding="max_length", truncation=True, max_length=length, return_tensors="pt"
    )


def multilingual() -> Any:
    """XLM-RoBERTa's tokens are pieces with a likelihood."""
    folder = HERE / "tiny_mclip"
    pieces = [(mark, 0.0) for mark in MARKS]
    pieces += [("▁", -2.0), *((word, -4.0 - n / 8) for n, word in enumerate(WORDS))]
    pieces += [(sign, -6.0 - n / 8) for n, sign in enumerate(SIGNS)]
    tokenizer = transformers.XLMRobertaTokenizer(vocab=[*pieces, ("<mask>", 0.0)])
    write_config(folder, {"context_length": 77, "vocab_size": 49408})
    write_tokenizer(tokenizer, folder)
    tower = seeded(MultilingualText, len(tokenizer))
    ones = torch.ones(1, 77, dtype=torch.int32)
    export(tower, (ones, ones), ["input_ids", "attention_mask"], folder)
    read = (padded(tokenizer, text) for text in TEXTS)
    return np.concatenate([tower(one.input_ids, one.attention_mask) for one in read])


def languages() -> Any:
    """NLLB's tokens are merged; those of languages may stand anywhere in a text."""
    folder = HERE / "tiny_nllb"
    codes = sorted(set(LANGUAGES.values()))
    signs = [*MARKS, "▁", *sorted({*SIGNS, *"".join(WORDS)} - {"▁"})]
    merges = [("o", "g"), ("d", "og"), ("▁", "dog"), ("▁", "a")]
    names = [*signs, *(left + right for left, right in merges)]
    tokenizer = transformers.NllbTokenizer(
        vocab={name: number for number, name in enumerate(names)}, merges=merges,
        additional_special_tokens=codes,
    )  # fmt: skip
    config = transformers.M2M100Config(
        vocab_size=len(tokenizer), d_model=8, encoder_layers=1, encoder_attention_heads=2,
        encoder_ffn_dim=16, decoder_layers=1, decoder_attention_heads=2, decoder_ffn_dim=16,
        max_position_embeddings=80, pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    known = {"hf_proj_type": "linear", "hf_pooler_type": "cls_pooler"}
    name = "facebook/nllb-200-distilled-600M"
    write_config(folder, {"hf_model_name": name, "hf_tokenizer_name": name, **known})
    write_tokenizer(tokenizer, folder)
    with tempfile.TemporaryDirectory() as place:
        config.save_pretrained(place)
        tower = seeded(OpenText, {"hf_model_name": place, "hf_model_pretrained": False, **known})
    tower.model.text.transformer.set_attn_implementation("eager")
    export(tower, (torch.ones(1, 77, dtype=torch.int32),), ["text"], folder)
    return np.concatenate(
        [
            tower(padded(tokenizer, code + " ".join(text.split())).input_ids)
            for code in LANGUAGES.values()
            for text in TEXTS
        ]
    )


def canonicalized() -> tuple[Any, Any]:
    """SigLIP 2 has Gemma's tokens, which keep every blank."""
    folder = HERE / "tiny_siglip"
    names = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *SIGNS, "og", "dog", "▁▁"]
    tokenizer = transformers.Siglip2Tokenizer(
        vocab={name: number for number, name in enumerate(names)},
        merges=[("o", "g"), ("d", "og"), ("▁", "▁")], padding_side="right",
    )  # fmt: skip
    text = {
        "context_length": 64, "vocab_size": len(tokenizer), **SIZES, "no_causal_mask": True,
        "proj_bias": True, "pool_type": "last", "hf_tokenizer_name": "timm/ViT-B-16-SigLIP2",
        "tokenizer_kwargs": {"clean": "canonicalize"},
    }  # fmt: skip
    write_config(folder, text)
    write_tokenizer(tokenizer, folder)
    read = HFTokenizer(str(folder / "textual"), context_length=64, clean="canonicalize")
    tower = seeded(OpenText, text)
    export(tower, (torch.ones(1, 64, dtype=torch.int32),), ["text"], folder)
    vectors = np.concatenate([tower(read(text)) for text in TEXTS])
    return vectors, checksums(read)


def checksums(read: Any) -> Any:
    every = texts(marked=False)
    return np.array(
        [
            zlib.crc32(read(hundred).numpy().astype(np.int64).tobytes())
            for hundred in iter(lambda: list(islice(every, 100)), [])
        ],
        "u4",
    )


def mobile() -> Any:
    """MobileCLIP reads what stands behind a text, where OpenCLIP has 0."""
    folder = HERE / "tiny_mobileclip"
    tokenizer = SimpleTokenizer(str(MERGES))
    text = {
        "context_length": 77, "vocab_size": tokenizer.vocab_size, **SIZES, "no_causal_mask": True
    }  # fmt: skip
    write_config(folder, text)
    tower = seeded(OpenText, text)
    export(tower, (torch.ones(1, 77, dtype=torch.int32),), ["text"], folder)
    return np.concatenate([tower(tokenizer(text)) for text in TEXTS])


def main() -> None:
    torch.backends.mha.set_fastpath_enabled(False)
    siglip, tokens = canonicalized()
    np.savez_compressed(
        HERE / "texts.npz", mclip=multilingual(), nllb=languages(), siglip=siglip,
        mobileclip=mobile(), siglip_tokens=tokens, nllb_codes=np.array(FAIRSEQ_LANGUAGE_CODES),
    )  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    print(open_clip.__version__, transformers.__version__, torch.__version__)
    main()
