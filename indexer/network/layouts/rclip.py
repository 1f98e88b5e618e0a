"""The folder in which rclip 3.3 keeps its network, ViT-B-32-256 of DataComp.

    visual.onnx     pictures, normalised by the caller, to embeddings that are not
    textual.onnx    77 tokens to the same
    tokenizer/bpe_simple_vocab_16e6.txt.gz

No file says what the network is like, so this does: rclip's preprocess.py and tokenizer.py.
"""

from pathlib import Path

from indexer.network.joint.bpe import MergedTokens, read_merges
from indexer.network.joint.network import Towers
from indexer.network.joint.squares import Squares

PICTURES, TEXTS = "visual.onnx", "textual.onnx"
MERGES = "tokenizer/bpe_simple_vocab_16e6.txt.gz"
NEEDED = (PICTURES, TEXTS, MERGES)

SIDE, TOKENS, WIDTH = 256, 77, 512


def read(folder: Path) -> Towers:
    """See `FolderLayout.read`."""
    return Towers(
        pictures=folder / PICTURES,
        texts=folder / TEXTS,
        others=(folder / MERGES,),
        squares=Squares(SIDE, rounds=True),
        tokens=lambda: MergedTokens(read_merges(folder / MERGES), folder / MERGES, TOKENS),
        length=TOKENS,
        dimensions=WIDTH,
    )
