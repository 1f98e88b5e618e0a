"""The label tree: every ImageNet class, its WordNet names and all its ancestors."""

import json
from collections.abc import Mapping
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING

from indexer.kinds import Kind

if TYPE_CHECKING:
    from indexer.imagenet.tree import TreeData


class Tree:
    """What lies under a name: a label itself, or all labels below one of its meanings."""

    def __init__(
        self, data: "TreeData", likely: Mapping[str, Mapping[str, float]] | None = None
    ) -> None:
        """Take the content of tree.json and of meanings.json.

        Args:
            data: the tree.
            likely: folded name -> {id: how likely that meaning is in a photo against the likeliest,
                in (0, 1]}; 1 where absent.
        """
        self._likely = likely or {}
        self.labels: Mapping[str, str] = data["labels"]
        self.names: Mapping[str, Mapping[str, int]] = data["senses"]
        self._ancestors = data["ancestors"]
        self._parents = data["parents"]

    @cached_property
    def synsets(self) -> frozenset[str]:
        """Ids of all labels and their ancestors."""
        return frozenset(self._parents)

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children: dict[str, list[str]] = {}
        for synset, parents in self._parents.items():
            for parent in parents:
                children.setdefault(parent, []).append(synset)
        return children

    def below(self, synset: str) -> list[str]:
        """Return the labels under a synset, itself included, sorted by id."""
        seen, waiting = {synset}, [synset]
        while waiting:
            fresh = set(self._children.get(waiting.pop(), ())) - seen
            seen |= fresh
            waiting += fresh
        return sorted(seen & self.labels.keys())

    @cached_property
    def _own_names(self) -> dict[str, list[str]]:
        own: dict[str, list[str]] = {wnid: [name] for wnid, name in self.labels.items()}
        for name, synsets in self.names.items():
            for synset in synsets.keys() & own.keys():
                own[synset].append(name)
        return own

    def names_of(self, wnid: str) -> list[str]:
        """Return all names of a label, the one of its own first."""
        return self._own_names[wnid]

    def parent_names(self, wnid: str) -> list[str]:
        """Return the first names of a label's hypernyms."""
        return [self._ancestors[parent] for parent in self._parents[wnid]]

    def closure(self, word: str) -> dict[str, float]:
        """Return the labels under each meaning of a folded word, weight likelihood / rank of it.

        Empty where the word names nothing in the tree. Where a label lies under several meanings
        the more frequent one counts.
        """
        weights: dict[str, float] = {}
        likely = self._likely.get(word, {})
        for synset, rank in self.names.get(word, {}).items():
            weight = likely.get(synset, 1.0) / rank
            for label in self.below(synset):
                weights[label] = max(weights.get(label, 0.0), weight)
        return weights

    def shared(self, word: str) -> dict[str, float]:
        """Return ancestors that a folded word means, and the weight of the labels under each.

        Together they stand for labels of the closure, each for others: an ancestor is left out
        where its labels weigh more by another meaning, or where there is only one.
        """
        closure = self.closure(word)
        found, covered = dict[str, float](), set[str]()
        for synset in self.names.get(word, {}):
            labels = set(self.below(synset))
            weights = {closure[label] for label in labels}
            if len(labels) > 1 and len(weights) == 1 and not labels & covered:
                found[synset] = weights.pop()
                covered |= labels
        return found

    def kind(self, word: str) -> Kind:
        """Tell whether the most frequent of the meanings is a label or a hypernym of labels."""
        senses = self.names[word]
        names_label = min(senses, key=senses.__getitem__) in self.labels
        return Kind.LABEL if names_label else Kind.HYPERNYM

    def reasons(self, word: str) -> dict[str, str]:
        """Return why each label of the closure is there ("a kind of dog"); "" where it is named."""
        reasons: dict[str, str] = {}
        senses = self.names.get(word, {})
        for synset in sorted(senses, key=senses.__getitem__):
            for label in self.below(synset):
                why = "" if label == synset else f"a kind of {self._ancestors[synset]}"
                reasons.setdefault(label, why)
        return reasons

    def describe(self, wnids: list[str], most: int = 3) -> str:
        """Return names of labels, in the order given, for people ("bagel, espresso and 4 more")."""
        shown = ", ".join(self.labels[wnid] for wnid in wnids[:most])
        more = len(wnids) - most
        return f"{shown} and {more} more" if more > 0 else shown


def load_tree() -> Tree:
    """Read the bundled tree."""
    from indexer.imagenet.tree import tree_data  # which loads numpy

    meanings = resources.files("search.words.data").joinpath("meanings.json")
    return Tree(tree_data(), json.loads(meanings.read_text(encoding="utf-8")))
