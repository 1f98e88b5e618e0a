"""Fit the numbers of search/likely.py to labelled photos, and say how good they are elsewhere.

`python scripts/likely.py STORE TRUTH QUERIES`: a library of the photos, and the CSV files that
`magpie evaluate` takes. Prints the numbers, and what ten-fold cross-validation over the queries
makes of them. Nothing is written.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from indexer.kinds import Kind
from indexer.stores import open_store
from search.answers import Question
from search.engine import open_engine
from search.evaluation.measures import compare
from search.evaluation.truth import read_queries, read_truth
from search.likely import asked_parts
from search.teaching.vocabulary import Vocabulary

KINDS = (Kind.LABEL, Kind.HYPERNYM, Kind.RELATED, Kind.TEXT)
"""One name, one broader name, one word near to labels, and several words."""

LEAST = 0.005
"""Photos of lower scores, to the most that labels can add up to, are not learned from."""

FOLDS = 10
WANTED = 0.9
"""Share of absent names that are to have no likely photo."""


@dataclass(frozen=True)
class Curve:
    """A query as a curve of scores, best first, as shares of the most that they can be."""

    kind: Kind
    scores: np.ndarray
    right: np.ndarray
    relevant: int
    is_name: bool

    def without(self) -> np.ndarray:
        """The scores as if the library had no right photo."""
        return self.scores[~self.right]


def read(store_url: str, truth_file: Path, queries: Path) -> list[Curve]:
    """Rank the labelled photos for all queries that are understood."""
    store = open_store(store_url)
    engine, truth = open_engine(store), read_truth(truth_file, store)
    found = []
    for judgement in read_queries(queries, truth):
        plan = engine.plan(Question(judgement.query, limit=10_000), Vocabulary())
        matches = [match for match in engine.ask(plan.query) if match.id in truth.categories]
        if not matches:
            continue
        parts = asked_parts(plan.taught)
        most = sum(max(part.labels.values()) for part in parts)
        kind = parts[0].kind if len(parts) == 1 else Kind.TEXT
        scores = np.array([match.score for match in matches]) / most
        right = np.array([match.id in judgement.relevant for match in matches])
        kind = kind if kind in KINDS else Kind.RELATED
        is_name = judgement.kind == "name" and kind in KINDS[:2]
        found.append(Curve(kind, scores, right, len(judgement.relevant), is_name))
    return found


def fit(queries: Sequence[Curve]) -> tuple[float, dict[Kind, float], float]:
    """Return the slope, the share of each kind, and the doubt."""
    inputs, right, weights = [], [], []
    for one in queries:
        kept = one.scores >= LEAST
        distance = np.log(one.scores[kept] / one.scores[0])[:, None]
        kinds = np.tile([one.kind == kind for kind in KINDS], (len(distance), 1))
        inputs.append(np.hstack([distance, kinds]))
        right.append(one.right[kept])
        weights.append(np.full(len(distance), 1 / np.sqrt(max(len(distance), 1))))
    model = LogisticRegression(C=100, max_iter=3000, fit_intercept=False)
    model.fit(np.vstack(inputs), np.concatenate(right), sample_weight=np.concatenate(weights))
    slope, *intercepts = model.coef_[0].tolist()
    shares = {kind: float(np.exp(-by / slope)) for kind, by in zip(KINDS, intercepts, strict=True)}
    bests = [one.without().max(initial=0) for one in queries if one.is_name]
    return slope, shares, float(np.quantile(bests, WANTED, method="higher"))


def main() -> None:
    """Print the numbers, and their cross-validation."""
    store, truth, queries = sys.argv[1:]
    every = read(store, Path(truth), Path(queries))
    slope, shares, doubt = fit(every)
    shown = {kind.value: round(share, 2) for kind, share in shares.items()}
    print(f"slope {slope:.2f}, shares {shown}, doubt {doubt:.2f}")
    folds = np.random.default_rng(0).permutation(len(every)) % FOLDS
    scores, absent, lost = [], [], []
    for fold in range(FOLDS):
        _, shares, doubt = fit([every[row] for row in np.flatnonzero(folds != fold)])
        for one in (every[row] for row in np.flatnonzero(folds == fold)):
            doubtful = one.kind in KINDS[:2] and one.scores[0] < doubt
            count = int(np.sum(one.scores >= shares[one.kind] * one.scores[0]))
            chosen = range(0 if doubtful else count)
            hits = set(np.flatnonzero(one.right).tolist())
            missed = {-1 - number for number in range(one.relevant - len(hits))}
            scores.append(compare(chosen, hits | missed))
            absent += [one.without().max(initial=0) < doubt] if one.is_name else []
            lost += [doubtful] if one.is_name else []
    means = {name: np.mean([getattr(one, name) for one in scores]) for name in ("f1", "recall")}
    print(f"elsewhere: F1 {means['f1']:.3f}, recall {means['recall']:.3f}")
    print(f"names without a photo: {np.mean(absent):.1%} have none; with one: {np.mean(lost):.1%}")


if __name__ == "__main__":
    main()
