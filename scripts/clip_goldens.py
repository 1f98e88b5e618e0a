"""What OpenCLIP and rclip make of pictures and texts, for tests/indexer/network/joint.

Needs the extra clip-dev (OpenCLIP, PyTorch, transformers) and the vocabulary inside OpenCLIP's
package. Writes tiny_clip, a network of OpenCLIP's own code with random weights and the first merges
of its vocabulary, exported to the graphs that Immich publishes; and goldens.npz:

    pictures, texts        OpenCLIP's embeddings by that network
    squares_*              pixels after the reference's preprocessing
    tokens, plain_tokens   a checksum of OpenCLIP's tokens for each of varied_texts.texts()
    full_tokens            the same with the whole vocabulary
    zero_shot              OpenCLIP's classifier for a few classes
"""

import gzip
import json
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from clip_pictures import CLASSES, SENTENCES, TEMPLATES, picture
from open_clip.tokenizer import SimpleTokenizer, default_bpe
from open_clip.zero_shot_classifier import build_zero_shot_classifier
from varied_texts import texts

ROOT = Path(__file__).parents[1]
HERE = ROOT / "tests" / "indexer" / "network" / "joint"
FOLDER = HERE / "tiny_clip"
MERGES = FOLDER.parent / "first_merges.txt.gz"

KEPT = 300
"""Merges of the vocabulary that are enough to tell tokenizers apart."""

VISION = {"image_size": 32, "layers": 1, "width": 24, "head_width": 12, "patch_size": 8}
TEXT = {"context_length": 77, "width": 24, "heads": 2, "layers": 1}


class Visual(torch.nn.Module):
    """The picture tower as Immich exports it: the embedding is normalised."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, image: Any) -> Any:
        return self.model.encode_image(image, normalize=True)


class Textual(torch.nn.Module):
    """The text tower as Immich exports it: int32 in."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, text: Any) -> Any:
        return self.model.encode_text(text, normalize=True)


def write_merges() -> None:
    with gzip.open(default_bpe(), "rt", encoding="utf-8") as file:
        lines = file.read().split("\n")[: KEPT + 1]
    with MERGES.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write("\n".join(lines).encode())


def write_tokenizer(tokenizer: SimpleTokenizer) -> None:
    """Write the tokenizer.json that Hugging Face would, from the same merges."""
    from transformers import CLIPTokenizerFast

    names = dict(tokenizer.encoder)
    for ours, theirs in (
        ("<start_of_text>", "<|startoftext|>"),
        ("<end_of_text>", "<|endoftext|>"),
    ):
        names[theirs] = names.pop(ours)
    merges = [" ".join(pair) for pair in tokenizer.bpe_ranks]
    place = FOLDER / "textual"
    (place / "tokenizer.json").unlink(missing_ok=True)  # it would be read instead
    (place / "vocab.json").write_text(json.dumps(names), "utf-8")
    (place / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]), "utf-8")
    fast = CLIPTokenizerFast.from_pretrained(place)
    fast.backend_tokenizer.save(str(place / "tokenizer.json"), pretty=False)
    (place / "tokenizer_config.json").write_text('{"pad_token": "<|endoftext|>"}', "utf-8")
    for spare in ("vocab.json", "merges.txt"):
        (place / spare).unlink()


def export(module: Any, given: Any, name: str, file: Path) -> None:
    torch.onnx.export(
        module, (given,), file, input_names=[name], output_names=["embedding"], opset_version=18,
        dynamo=False,
    )  # fmt: skip


def checksums(tokenizer: SimpleTokenizer, marked: bool = True) -> Any:
    return np.array(
        [zlib.crc32(row.numpy().tobytes()) for row in map(tokenizer, texts(marked))], "u4"
    )


def main() -> None:
    for place in ("visual", "textual"):
        (FOLDER / place).mkdir(parents=True, exist_ok=True)
    write_merges()
    tokenizer = SimpleTokenizer(MERGES)
    torch.manual_seed(7)
    text = {**TEXT, "vocab_size": tokenizer.vocab_size}
    config = {"embed_dim": 24, "vision_cfg": VISION, "text_cfg": text}
    model = open_clip.model.CLIP(
        24, open_clip.model.CLIPVisionCfg(**VISION), open_clip.model.CLIPTextCfg(**text)
    ).eval()
    model.set_grad_checkpointing(False)
    (FOLDER / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    preprocess = {
        "size": [32, 32], "mode": "RGB", "mean": open_clip.OPENAI_DATASET_MEAN,
        "std": open_clip.OPENAI_DATASET_STD, "interpolation": "bicubic",
        "resize_mode": "shortest", "fill_color": 0,
    }  # fmt: skip
    (FOLDER / "visual" / "preprocess_cfg.json").write_text(json.dumps(preprocess) + "\n", "utf-8")
    write_tokenizer(tokenizer)
    export(Visual(model), torch.zeros(1, 3, 32, 32), "image", FOLDER / "visual/model.onnx")
    given = torch.zeros(1, 77, dtype=torch.int32)
    export(Textual(model), given, "text", FOLDER / "textual/model.onnx")
    shapes = ((64, 64), (96, 64), (64, 96), (128, 100))
    read = open_clip.transform.image_transform(32, is_train=False, interpolation="bicubic")
    with torch.no_grad():
        seen = model.encode_image(
            torch.stack([read(picture(*shape)) for shape in shapes]), normalize=True
        )
        said = model.encode_text(tokenizer(list(SENTENCES)), normalize=True)
        classes = build_zero_shot_classifier(model, tokenizer, CLASSES, TEMPLATES).T
    np.savez_compressed(
        HERE / "goldens.npz",
        shapes=np.array(shapes),
        pictures=seen.numpy(),
        texts=said.numpy(),
        zero_shot=classes.numpy(),
        tokens=checksums(tokenizer),
        plain_tokens=checksums(tokenizer, marked=False),
        full_tokens=checksums(SimpleTokenizer()),
    )


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
