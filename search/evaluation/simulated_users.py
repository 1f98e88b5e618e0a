"""Simulated users who teach every category of labelled photos; nothing is written to the store.

A user gives one example, starts from random photos, or types a known word. Then they judge the 20
best photos that they have not judged yet, round after round.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

import numpy as np

from indexer.errors import BadValue
from search.engine import SearchEngine
from search.evaluation.measures import average_precision, precision_at
from search.evaluation.trial_lesson import SHOWN, TrialLesson
from search.evaluation.truth import Truth

ROUNDS = 3
EXAMPLES = 3
"""How often each category is taught, from different examples."""

FEWEST_PHOTOS = 20
"""Smaller categories cannot reach a precision of 1 at 20."""

WORSE = 0.02
GOAL = 0.75
UNKNOWN = "zzyzzxq"
"""A word without a meaning, so that only the teaching counts."""

Note = Callable[[str], None]
"""Told what is being measured."""


@dataclass(frozen=True, slots=True)
class User:
    """A way of teaching.

    Attributes:
        name: for tables.
        start: "example": one photo; "random": random photos, 20 at a time, until there is a good
            one among them; "word": the category's own name, about which the labels know something.
        wrong: share of wrong clicks.
    """

    name: str
    start: str = "example"
    wrong: float = 0.0


USERS = (
    User("one example"),
    User("20 random photos", start="random"),
    User("10 % wrong clicks", wrong=0.1),
    User("known word", start="word"),
)


@dataclass(frozen=True, slots=True)
class Round:
    """Means over all categories.

    Round 0 is the ranking before any of the photos shown was judged. For users who start with
    random photos, it is the ranking after they found the first good one.
    """

    p_at_20: float
    map: float


@dataclass(frozen=True, slots=True)
class Course:
    """How one kind of user fared.

    Attributes:
        name: of the user.
        categories: number of categories taught; with a known word, only those that the labels know.
        rounds: from 0 to 3.
        rounds_to_goal: the first round with a mean p@20 of .75, or None. Random photos count as a
            round of their own.
        worse: share of rounds in which the average precision of a category fell by over .02.
        seconds: median time from feedback to the new first 20, with their reasons.
    """

    name: str
    categories: int
    rounds: tuple[Round, ...]
    rounds_to_goal: int | None
    worse: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """How all users fared; `rounds` are those of the first user: one example, no wrong clicks."""

    categories: int
    rounds: tuple[Round, ...]
    courses: tuple[Course, ...]
    photos: int
    missing: int


@dataclass(frozen=True, slots=True)
class Category:
    """A category of labelled photos."""

    name: str
    photos: frozenset[str]

    @property
    def word(self) -> str:
        """The name as a person would type it."""
        return self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Step:
    """One ranking of one category."""

    precision: float
    average_precision: float
    seconds: float


def simulate(
    engine: SearchEngine,
    truth: Truth,
    users: Sequence[User] = USERS,
    note: Note = lambda text: None,
) -> Simulation:
    """Let users teach all categories that have 20 photos or more.

    Raises:
        BadValue: there is no such category.
    """
    large = [one for one in _categories(truth) if len(one.photos) >= FEWEST_PHOTOS]
    if not large:
        raise BadValue(f"no category has {FEWEST_PHOTOS} photos in the store: label more of them")
    is_known, courses = engine.meanings.is_known, []
    for user in users:
        some = [one for one in large if user.start != "word" or is_known(one.word)]
        if some:
            note(f"{user.name}: {len(some)} categories")
            courses.append(_Classroom(engine, truth, user).course(some))
    return Simulation(
        len(large), courses[0].rounds, tuple(courses), len(truth.categories), truth.missing
    )


def _categories(truth: Truth) -> list[Category]:
    members = defaultdict(set)
    for id, shown in truth.categories.items():
        for name in shown:
            members[name].add(id)
    return [Category(name, frozenset(ids)) for name, ids in sorted(members.items())]


@dataclass(frozen=True, slots=True)
class _Classroom:
    """One user, who teaches a library."""

    engine: SearchEngine
    truth: Truth
    user: User

    def course(self, categories: Sequence[Category]) -> Course:
        """Teach all categories."""
        # Nothing is random if a word is typed and all clicks are right.
        times = 1 if self.user.start == "word" and not self.user.wrong else EXAMPLES
        lessons = [list(self._lesson(one, seed)) for one in categories for seed in range(times)]
        rounds = tuple(map(_mean, zip(*lessons, strict=True)))
        reached = [number for number, one in enumerate(rounds) if one.p_at_20 >= GOAL]
        first = 1 if self.user.start == "random" else 0
        return Course(
            name=self.user.name,
            categories=len(categories),
            rounds=rounds,
            rounds_to_goal=reached[0] + first if reached else None,
            worse=fmean(_fell(pair) for steps in lessons for pair in pairwise(steps)),
            seconds=median(step.seconds for steps in lessons for step in steps),
        )

    def _lesson(self, category: Category, seed: int) -> Iterator[Step]:
        random = np.random.default_rng([seed, *category.name.encode()])
        lesson = self._start(category, random)
        for _ in range(ROUNDS + 1):
            seconds, ranking = lesson.rank()
            precision = precision_at(ranking, category.photos, SHOWN)
            yield Step(precision, average_precision(ranking, category.photos), seconds)
            fresh = [id for id in ranking if id not in lesson.judged][:SHOWN]
            wrong = {id: random.random() < self.user.wrong for id in fresh}
            good = [id for id in fresh if (id in category.photos) != wrong[id]]
            lesson.judge(good, [id for id in fresh if id not in good])

    def _start(self, category: Category, random: np.random.Generator) -> TrialLesson:
        word = category.word if self.user.start == "word" else UNKNOWN
        lesson = TrialLesson(self.engine, self.truth, word)
        if self.user.start == "example":
            examples = sorted(category.photos)
            lesson.judge([examples[random.choice(len(examples))]], [])
        elif self.user.start == "random":
            _browse(lesson, sorted(self.truth.categories), category, random)
        return lesson


def _browse(
    lesson: TrialLesson, ids: list[str], category: Category, random: np.random.Generator
) -> None:
    """Judge random photos, 20 at a time, until there is a good one among them."""
    order = [ids[position] for position in random.permutation(len(ids))]
    for start in range(0, len(order), SHOWN):
        shown = order[start : start + SHOWN]
        good = [id for id in shown if id in category.photos]
        lesson.judge(good, [id for id in shown if id not in good])
        if good:
            return


def _mean(steps: Sequence[Step]) -> Round:
    precision = fmean(step.precision for step in steps)
    return Round(precision, fmean(step.average_precision for step in steps))


def _fell(pair: tuple[Step, Step]) -> bool:
    before, after = pair
    return before.average_precision - after.average_precision > WORSE
