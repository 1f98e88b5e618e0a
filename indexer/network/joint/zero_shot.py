"""The 1,000 ImageNet classes by a network that reads words, without having been taught them.

The recipe of Radford et al. 2021 (arXiv 2103.00020, section 3.1.4), as OpenCLIP's
`build_zero_shot_classifier` has it: a class is the normalised mean of the normalised vectors of its
names in a few sentences, and a picture's probabilities are the softmax of its cosines to all of
them, times a scale.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer import imagenet
from indexer.derived.array_file import replacing
from indexer.network.joint.text_tower import TextTower, unit_rows
from indexer.records import Matrix

TEMPLATES = ("a photo of a {}.", "a photo of the {}.", "a photo of many {}.")
"""Of OpenAI's 80 for ImageNet, those that say nothing of how the picture was made. All 80 would
take an hour for a large network; most of their gain comes from the first few."""

MOST_NAMES = 2
"""Names of a class that count; the first is one that no other class has."""

SCALE = 100.0
"""Where OpenAI's and OpenCLIP's training stops the scale from growing, and what OpenCLIP's own
zero-shot evaluation multiplies cosines by, whatever the network."""


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes as one network reads their names.

    Attributes:
        vectors: float32, shape (1000, d), in class order, rows of L2 norm 1.
        scale: what cosines are multiplied by before the softmax.
    """

    vectors: Matrix
    scale: float

    def probabilities(self, pictures: Matrix) -> NDArray[np.float32]:
        """Return what pictures show: float32, shape (n, 1000), each row adding up to 1."""
        logits = self.scale * (pictures @ self.vectors.T)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
        return shares.astype(np.float32)


def sentences() -> list[list[str]]:
    """Return, for each class, the texts whose mean it is."""
    return [
        [template.format(name) for name in _names(wnid) for template in TEMPLATES]
        for wnid in imagenet.classes()
    ]


def recipe() -> str:
    """Return what changes with the texts and with nothing else."""
    texts = "\n".join(text for of_class in sentences() for text in of_class)
    return hashlib.sha256(texts.encode()).hexdigest()[:8]


def class_vectors(tower: Callable[[], TextTower], file: Path, name: str, dimensions: int) -> Matrix:
    """Return the vectors of the classes from `file`, or make and keep them there.

    They are float32, shape (1000, dimensions), in class order, rows of L2 norm 1.

    Args:
        tower: loads what reads them, minutes for a large network, where the file is not whole.
        file: named after the network's weights and the `recipe`.
        name: of the network, for the log.
        dimensions: length of its vectors.
    """
    shape = len(imagenet.classes()), dimensions
    with suppress(OSError, ValueError, EOFError):
        kept = np.load(file, allow_pickle=False)
        if isinstance(kept, np.ndarray) and (kept.dtype, kept.shape) == (np.float32, shape):
            return kept
    logging.getLogger(__name__).warning("reading 1,000 labels with %s, only this once", name)
    made = mean_vectors(tower(), sentences())
    with suppress(OSError):  # a full disk costs the next process time, but no answer
        _save(made, file)
    return made


def mean_vectors(tower: TextTower, classes: Iterable[list[str]]) -> Matrix:
    """Return the normalised mean of the vectors of each class's texts, shape (n, d)."""
    classes = list(classes)
    vectors = iter(tower.vectors(text for texts in classes for text in texts))
    means = [np.mean([next(vectors) for _ in texts], axis=0) for texts in classes]
    return unit_rows(np.array(means, np.float32))


def _names(wnid: str) -> tuple[str, ...]:
    return imagenet.names(wnid)[:MOST_NAMES]


def _save(vectors: Matrix, file: Path) -> None:
    with replacing(file) as new:
        np.save(new, vectors)
