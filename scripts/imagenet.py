"""Build indexer/imagenet/imagenet.json: WordNet names of the 1,000 classes, in class order.

    python scripts/imagenet.py CLASSES

CLASSES is a text file of the 1,000 WordNet ids (one per line, in class order), or a wheel of the
package timm, which holds one (`pip download --no-deps timm`). The names come from WordNet 3.0:
/usr/share/wordnet/data.noun of the Debian package wordnet-base.
"""

import json
import sys
import zipfile
from pathlib import Path

NOUNS = Path("/usr/share/wordnet/data.noun")
RESULT = Path(__file__).parents[1] / "indexer" / "imagenet" / "imagenet.json"
IN_WHEEL = "timm/data/_info/imagenet_synsets.txt"

# Three pairs of classes share their first name: each gets its own first name, with the shared one
# after it. Class 836 is named after a burning glass, but its photos show sunglasses, like those of
# class 837 (Beyer et al. 2020, "Are we done with ImageNet?", arXiv 2006.07159).
CORRECTIONS = {
    "n02012849": ["crane (bird)", "crane"],
    "n03126707": ["crane (machine)", "crane"],
    "n02113186": ["Cardigan Welsh corgi", "Cardigan"],
    "n03710721": ["tank suit", "maillot"],
    "n04355933": ["sunglass", "sunglasses", "dark glasses", "shades"],
}


def read_classes(path: Path) -> list[str]:
    """Return the WordNet ids in class order."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            return wheel.read(IN_WHEEL).decode().split()
    return path.read_text(encoding="utf-8").split()


def read_nouns(path: Path) -> dict[str, list[str]]:
    """Return every noun synset's lemmas; the format is described in WordNet's wndb(5)."""
    nouns = {}
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith(" "):
            continue  # the licence at the top
        offset, _, _, count, *rest = line.split(" ")
        lemmas = rest[: 2 * int(count, 16) : 2]
        nouns[f"n{offset}"] = [lemma.replace("_", " ") for lemma in lemmas]
    return nouns


def main() -> None:
    """Write the file and say how many classes it holds."""
    nouns = read_nouns(NOUNS) | CORRECTIONS
    names = {wnid: nouns[wnid] for wnid in read_classes(Path(sys.argv[1]))}
    lines = ",\n".join(f"{json.dumps(wnid)}: {json.dumps(names[wnid])}" for wnid in names)
    RESULT.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    print(f"{len(names)} classes in {RESULT}")


if __name__ == "__main__":
    main()
