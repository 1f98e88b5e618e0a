"""The folder in which Immich publishes and caches networks of OpenCLIP and M-CLIP.

    config.json                   OpenCLIP's configuration
    visual/model.onnx             and files of weights beside it, where it is over 2 GB
    visual/preprocess_cfg.json    how pictures become squares
    textual/model.onnx
    textual/tokenizer.json        and tokenizer_config.json, which names the padding

Folders of other runtimes (visual/cpu, rknpu, *.armnn) are not looked at. What a value means is told
by OpenCLIP's transform.py and by Immich's machine-learning service, whose vectors these are to be.
"""

from pathlib import Path
from typing import Any

from indexer.errors import BadValue
from indexer.network.joint.network import Towers
from indexer.network.joint.squares import MEAN, STD, Squares
from indexer.network.joint.tokens import TokenizerFile, Tokens
from indexer.network.joint.zero_shot import SCALE
from indexer.network.layouts import Settings, read_settings

CONFIG, PREPROCESS = "config.json", "visual/preprocess_cfg.json"
PICTURES, TEXTS = "visual/model.onnx", "textual/model.onnx"
TOKENIZER, TOKENIZER_CONFIG = "textual/tokenizer.json", "textual/tokenizer_config.json"
NEEDED = (CONFIG, PICTURES, PREPROCESS, TEXTS, TOKENIZER, TOKENIZER_CONFIG)

CONTEXT = 77
"""Tokens, where config.json does not say it."""

LONGEST = 4096
"""More tokens, or pixels on a side, no network reads."""

CLEANINGS = ("canonicalize", "lower", "whitespace")
"""How OpenCLIP cleans texts. Of these only the first is not done by tokenizer.json itself."""

FILTERS = {"bicubic": False, "bilinear": True}


def read(folder: Path) -> Towers:
    """See `FolderLayout.read`."""
    config = read_settings(folder / CONFIG)
    text, width = config.get("text_cfg"), config.get("embed_dim")
    if not isinstance(text, dict) or not isinstance(width, int) or width <= 0:
        raise BadValue(f"{folder / CONFIG} has no embed_dim and text_cfg: download it again")
    length, scale = text.get("context_length", CONTEXT), config.get("logit_scale", SCALE)
    if not isinstance(length, int) or not 0 < length <= LONGEST:
        raise _unknown(folder / CONFIG, "context_length", length, ("a number of tokens",))
    if not isinstance(scale, int | float) or scale <= 0:
        raise _unknown(folder / CONFIG, "logit_scale", scale, ("a number above 0",))
    others = (CONFIG, PREPROCESS, TOKENIZER, TOKENIZER_CONFIG)
    return Towers(
        pictures=folder / PICTURES,
        texts=folder / TEXTS,
        others=tuple(folder / file for file in others),
        squares=_squares(folder / PREPROCESS),
        tokens=lambda: _tokens(folder, text),
        length=length,
        dimensions=width,
        scale=float(scale),
    )


def _squares(file: Path) -> Squares:
    settings = read_settings(file)
    size = settings.get("size")
    side = size[0] if isinstance(size, list) and size else size
    if not isinstance(side, int) or not 0 < side <= LONGEST:
        raise _unknown(file, "size", size, ("a number of pixels",))
    mode = settings.get("resize_mode", "shortest")
    if mode not in ("shortest", "squash"):
        raise _unknown(file, "resize_mode", mode, ("shortest", "squash"))
    how = settings.get("interpolation", "bicubic")
    if not isinstance(how, str) or how.lower() not in FILTERS:
        raise _unknown(file, "interpolation", how, tuple(FILTERS))
    return Squares(
        side=side,
        squashes=mode == "squash",
        bilinear=FILTERS[how.lower()],
        mean=_channels(file, settings, "mean", MEAN),
        std=_channels(file, settings, "std", STD),
    )


def _channels(
    file: Path, settings: Settings, key: str, default: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Return a number for each channel; a single one is that of all."""
    found = settings.get(key, default)
    numbers = [found] * 3 if isinstance(found, int | float) else found
    if (
        not isinstance(numbers, list | tuple)
        or len(numbers) != 3
        or not all(isinstance(number, int | float) for number in numbers)
    ):
        raise _unknown(file, key, found, ("three numbers",))
    red, green, blue = map(float, numbers)
    if key == "std" and 0 in (red, green, blue):
        raise _unknown(file, key, found, ("numbers above 0",))
    return red, green, blue


def _unknown(file: Path, key: str, value: Any, known: tuple[str, ...]) -> BadValue:
    return BadValue(
        f"{file} says {key} {value!r}, where Magpie knows {' and '.join(known)}: choose another "
        "network"
    )


def _tokens(folder: Path, text: Settings) -> Tokens:
    """Return the tokenizer, set to pad and truncate as the network was trained."""
    from tokenizers import Tokenizer

    file = folder / TOKENIZER
    cleaning = _cleaning(folder / CONFIG, text)
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # tokenizers has no class of its own for what is wrong
        raise BadValue(f"{file} cannot be read ({error}): download it again") from None
    padding = read_settings(folder / TOKENIZER_CONFIG).get("pad_token")
    if isinstance(padding, dict):  # an AddedToken in full
        padding = padding.get("content")
    number = tokenizer.token_to_id(padding) if isinstance(padding, str) else None
    if number is None:
        raise BadValue(
            f"{folder / TOKENIZER_CONFIG} names {padding!r} as pad_token, which {file.name} does "
            "not have: download the folder again"
        )
    length = int(text.get("context_length", CONTEXT))
    if _sees_padding(text):
        number = 0
    tokenizer.enable_padding(length=length, pad_token=padding, pad_id=number)
    tokenizer.enable_truncation(max_length=length)
    return TokenizerFile(
        tokenizer=tokenizer,
        file=file,
        canonicalizes=cleaning == "canonicalize",
        names_language="nllb" in f"{folder.name} {text.get('hf_model_name', '')}".lower(),
    )


def _sees_padding(text: Settings) -> bool:
    """Tell whether CLIP's tokens are read by a tower that looks at what comes after the text.

    OpenCLIP pads with 0 there, tokenizer_config.json says otherwise; it makes a difference for
    MobileCLIP alone. Networks with a tokenizer of their own were trained with its padding.
    """
    return bool(text.get("no_causal_mask")) and "hf_tokenizer_name" not in text


def _cleaning(file: Path, text: Settings) -> str:
    options = text.get("tokenizer_kwargs") or {}
    if not isinstance(options, dict):
        raise _unknown(file, "tokenizer_kwargs", options, ("clean",))
    cleaning = options.get("clean", "whitespace")
    if cleaning not in CLEANINGS:
        raise _unknown(file, "clean", cleaning, CLEANINGS)
    further = sorted(options.keys() - {"clean"})
    if further:
        raise _unknown(file, "tokenizer_kwargs", further[0], ("clean",))
    return str(cleaning)
