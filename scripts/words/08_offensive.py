"""Step 8: words that are never suggested.

Expects: WordNet 3.0 (see wordnet.py), indexer/imagenet/tree.json (step 1).
Outputs: search/words/data/offensive.txt, the folded nouns that WordNet marks as slurs, insults or
obscenities in most of their meanings, sorted; names in the label tree ("cock", "tit") are none.
"""

import json
import re

import wordnet
from common import DATA, TREE

from search.words.spelling import fold

SLUR, OBSCENITY = "n06718862", "n07124340"
"""Synsets that WordNet names as the usage domain of such words."""
MARKED = re.compile(
    r"ethnic slur|considered offensive|"
    r"\b(offensive|disparaging|derogatory|insulting|obscene|vulgar)( and \w+)? "
    r"(\w+ )?(terms?|names?|words?|slang)\b"
)


def is_slur(synset: wordnet.Synset) -> bool:
    """Whether WordNet marks a meaning as a slur on a people."""
    return (";u", SLUR) in synset.relations or "ethnic slur" in synset.definition


def is_offensive(synset: wordnet.Synset) -> bool:
    """Whether WordNet marks a meaning in its definition or by its usage domain."""
    marked = (";u", OBSCENITY) in synset.relations or MARKED.search(synset.definition)
    return bool(marked) or is_slur(synset)


def offensive(words: wordnet.WordNet, named: set[str]) -> list[str]:
    """Folded nouns half of whose meanings are offensive, or a third slurs; none that are named."""
    found = set()
    for lemma in words.senses:
        senses = [words.synsets[synset] for synset, _ in words.nouns(lemma)]
        marked, slurs = sum(map(is_offensive, senses)), sum(map(is_slur, senses))
        if marked and (2 * marked >= len(senses) or 3 * slurs >= len(senses)):
            found.add(fold(lemma))
    return sorted(found - named)


def main() -> None:
    """Write the file."""
    named = set(json.loads(TREE.read_text(encoding="utf-8"))["senses"])
    found = offensive(wordnet.read(), named)
    (DATA / "offensive.txt").write_text("\n".join(found) + "\n", encoding="utf-8")
    print(f"{len(found)} words are never suggested")


if __name__ == "__main__":
    main()
