"""Step 1: the label tree.

Expects: WordNet 3.0 (see wordnet.py), GloVe (step 0), indexer/imagenet/imagenet.json.
Outputs: indexer/imagenet/tree.json, the 1,000 labels and all their ancestors as
indexer/imagenet/tree.py describes it; and search/words/data/forms.json: {"mice": "mouse"} for the
plurals that the spelling rules get wrong, {"bus": "bus"} for words that only look like plurals.
"""

import json
from collections import defaultdict

import wordnet
from common import DATA, TREE, classes, glove_words, plural

from indexer import imagenet
from indexer.imagenet.tree import TreeData
from search.words.spelling import fold, singular_by_rule

FREQUENT = 100_000


def ancestors(words: wordnet.WordNet, labels: list[str]) -> list[str]:
    """All hypernyms of the labels, transitively, without the labels themselves; sorted."""
    found: set[str] = set()
    open_ids = list(labels)
    while open_ids:
        parents = set(words.synsets[open_ids.pop()].parents) - found
        found |= parents
        open_ids += parents
    return sorted(found - set(labels))


def senses(words: wordnet.WordNet, tree: set[str]) -> dict[str, dict[str, int]]:
    """Folded name -> {synset: rank of that meaning}, for synsets in the tree only."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for lemma in sorted(words.senses):
        for rank, (synset, _) in enumerate(words.nouns(lemma), 1):
            if synset in tree:
                ranks = found[fold(lemma)]
                ranks[synset] = min(rank, ranks.get(synset, rank))
    for label in classes():
        for name in imagenet.names(label):  # imagenet.json corrects some
            found[fold(name)].setdefault(label, 1)
    return dict(found)


def _is_regular(noun: str) -> bool:
    """Whether the spelling rules lead from its plural back to it ("hanky", not "hankie")."""
    return singular_by_rule(plural(noun)) == noun


def plurals(words: wordnet.WordNet, names: set[str]) -> dict[str, str]:
    """Form -> singular, where the spelling rules alone would get it wrong.

    Args:
        words: WordNet.
        names: all names in the tree, folded; apart from them, only single frequent words count.
    """

    def tags(lemma: str) -> int:
        return max((count for _, count in words.nouns(lemma)), default=-1)

    rank = {word: number for number, word in enumerate(glove_words()[:FREQUENT])}

    def trust(lemma: str) -> tuple[int, int]:
        return tags(lemma), -rank.get(lemma, FREQUENT)

    frequent = {word for word in rank if word.isalpha()} | names
    nouns = {word for word in frequent if tags(word) >= 0} | names
    by_trust = sorted(nouns, key=lambda noun: (tags(noun), _is_regular(noun), noun))
    found = {plural(noun): noun for noun in by_trust}
    irregular = words.exceptions["n"].items()
    for form, base in irregular:
        regular = found.get(form, form)  # "soles" are of a sole before they are Peru's old money
        is_other = form in (base, regular) or trust(base) >= trust(regular)
        if form in frequent and base in nouns and is_other:
            found[form] = base
    for word in sorted(nouns):
        one = found.get(word, singular_by_rule(word))
        own = tags(word) > tags(one) or (word in names and tags(word) == tags(one))
        if one not in nouns or own:
            found[word] = word  # "bus", "glasses", "people"; "sunglasses" beside "sunglass"
    return {form: one for form, one in sorted(found.items()) if singular_by_rule(form) != one}


def main() -> None:
    """Write both files."""
    words = wordnet.read()
    labels = classes()
    above = ancestors(words, labels)
    tree: TreeData = {
        "labels": {label: imagenet.name(label) for label in labels},
        "ancestors": {synset: words.synsets[synset].names[0] for synset in above},
        "parents": {synset: list(words.synsets[synset].parents) for synset in labels + above},
        "senses": senses(words, {*labels, *above}),
    }
    DATA.mkdir(parents=True, exist_ok=True)
    text = json.dumps(tree, separators=(",", ":"), ensure_ascii=False)
    TREE.write_text(text + "\n", encoding="utf-8")
    forms = plurals(words, set(tree["senses"]))
    text = json.dumps(forms, separators=(",", ":"), ensure_ascii=False)
    (DATA / "forms.json").write_text(text + "\n", encoding="utf-8")
    print(
        f"{len(tree['parents']):,} synsets, {len(tree['senses']):,} names, "
        f"{len(forms):,} irregular plurals"
    )


if __name__ == "__main__":
    main()
