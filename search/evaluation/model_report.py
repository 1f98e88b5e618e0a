"""What a network that reads words is good for, measured by people who have its weights."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.engine import SearchEngine
from search.evaluation.measures import (
    Judgement,
    Summary,
    average_precision,
    precision_at,
    recall_at,
    score,
    summarise,
)
from search.evaluation.queries import evaluate
from search.evaluation.trial_lesson import TrialLesson
from search.evaluation.truth import Caption, Truth
from search.looking import Looking
from search.teaching.vocabulary import Vocabulary

CLICKS = (0, 1, 5, 20)
FEWEST_PHOTOS = 20
"""Of a category that is taught, as in `magpie evaluate --teach`."""


@dataclass(frozen=True, slots=True)
class CaptionRecall:
    """Share of captions whose own photo is among the first 1, 5 and 10 of the library."""

    captions: int
    at_1: float
    at_5: float
    at_10: float


@dataclass(frozen=True, slots=True)
class WordsMeasured:
    """Means over queries, ranked by "labels", by "text", or by both, "mixed"."""

    by: str
    kinds: tuple[Summary, ...]


@dataclass(frozen=True, slots=True)
class ClicksMeasured:
    """Means over categories whose names were searched after so many clicks, on the same photos."""

    clicks: int
    text: bool
    map: float
    p_at_20: float


@dataclass(frozen=True, slots=True)
class ModelReport:
    """All of it; `captions` is None where no captions are given."""

    model: str
    captions: CaptionRecall | None
    words: tuple[WordsMeasured, ...]
    teaching: tuple[ClicksMeasured, ...]
    categories: int


@dataclass(frozen=True, slots=True)
class Reporter:
    """Measures one library.

    Attributes:
        engine: ranks by labels and text.
        looking: ranks by text alone.
        vocabulary: what the library was taught.
        truth: what its photos show.
    """

    engine: SearchEngine
    looking: Looking
    vocabulary: Vocabulary
    truth: Truth

    def report(
        self, model: str, judgements: Sequence[Judgement], captions: Sequence[Caption]
    ) -> ModelReport:
        """Measure everything; minutes for a thousand queries."""
        categories = self._categories()
        return ModelReport(
            model=model,
            captions=self._captions(captions) if captions else None,
            words=tuple(self._words(judgements)),
            teaching=tuple(self._teaching(categories)),
            categories=len(categories),
        )

    def _captions(self, captions: Sequence[Caption]) -> CaptionRecall:
        ranked = [(self.looking.rank(one.text, 10), {one.photo}) for one in captions]
        at = [sum(recall_at(*pair, k) for pair in ranked) / len(ranked) for k in (1, 5, 10)]
        return CaptionRecall(len(captions), *at)

    def _words(self, judgements: Sequence[Judgement]) -> Iterator[WordsMeasured]:
        for by, engine in (("labels", replace(self.engine, look=None)), ("mixed", self.engine)):
            found = evaluate(engine, self.vocabulary, self.truth, judgements)
            yield WordsMeasured(by, found.kinds)
        scores = [score(one, self._by_text(one.query)) for one in judgements]
        yield WordsMeasured("text", tuple(summarise(scores)))

    def _by_text(self, query: str) -> list[str]:
        return [id for id in self.looking.rank(query) if id in self.truth.categories]

    def _categories(self) -> list[Judgement]:
        names = sorted({name for shown in self.truth.categories.values() for name in shown})
        all_ = [Judgement(name, "", self.truth.photos_of(frozenset([name]))) for name in names]
        return [one for one in all_ if len(one.relevant) >= FEWEST_PHOTOS]

    def _teaching(self, categories: Sequence[Judgement]) -> Iterator[ClicksMeasured]:
        if not categories:
            return
        # The same photos for both: those that somebody sees who is taught nothing yet.
        seen = [self._taught(self.engine, one, ()) for one in categories]
        for clicks in CLICKS:
            for text in (False, True):
                engine = self.engine if text else replace(self.engine, look=None)
                pairs = [
                    (self._taught(engine, one, first[:clicks]), one.relevant)
                    for one, first in zip(categories, seen, strict=True)
                ]
                maps = [average_precision(*pair) for pair in pairs]
                firsts = [precision_at(*pair, 20) for pair in pairs]
                count = len(pairs)
                yield ClicksMeasured(clicks, text, sum(maps) / count, sum(firsts) / count)

    def _taught(
        self, engine: SearchEngine, category: Judgement, judged: Sequence[str]
    ) -> list[str]:
        """Rank once these photos were judged for the category's name."""
        lesson = TrialLesson(engine, self.truth, category.query)
        good = [id for id in judged if id in category.relevant]
        lesson.judge(good, [id for id in judged if id not in category.relevant])
        return lesson.rank()[1]


def lines_of(report: ModelReport) -> Iterator[str]:
    """Yield the report as a table."""
    yield f"{report.model}\n"
    if report.captions:
        one = report.captions
        recalls = f"recall@1 {one.at_1:.3f}, @5 {one.at_5:.3f}, @10 {one.at_10:.3f}"
        yield f"{one.captions:,} captions: {recalls}\n"
    yield f"{'ranked by':<11}{'kind':<16}{'queries':>8}{'mAP':>8}{'p@20':>8}"
    for measured in report.words:
        for row in measured.kinds:
            numbers = f"{row.queries:>8}{row.map:>8.3f}{row.p_at_20:>8.3f}"
            yield f"{measured.by:<11}{row.kind:<16}{numbers}"
    yield f"\n{report.categories} categories of {FEWEST_PHOTOS} photos or more, taught"
    yield f"{'clicks':<8}{'text':<6}{'mAP':>8}{'p@20':>8}"
    for step in report.teaching:
        text = "yes" if step.text else "no"
        yield f"{step.clicks:<8}{text:<6}{step.map:>8.3f}{step.p_at_20:>8.3f}"
