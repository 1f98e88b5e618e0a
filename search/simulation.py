"""A simulated user who teaches every category of labelled photos; nothing is written to the store.

He gives one example, or starts from photos shown at random, and then judges the 20 best photos
that he has not judged yet, round after round.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

import numpy as np

from indexer.errors import BadValue
from indexer.records import Event
from search.answers import Question
from search.evaluation import average_precision, precision_at
from search.library import Library
from search.teaching.keys import key_of
from search.teaching.vocabulary import Vocabulary
from search.truth import Truth

ROUNDS = 3
SHOWN = 20
EXAMPLES = 3
"""Times that each category is taught, from different examples."""

FEWEST_PHOTOS = 20
"""Smaller categories cannot reach a precision of 1 at 20."""

RANKED = 10_000
WORSE = 0.02
GOAL = 0.75
UNKNOWN = "zzyzzxq"
"""A word without a meaning, so that nothing but the teaching tells."""


@dataclass(frozen=True, slots=True)
class User:
    """A way of teaching.

    Attributes:
        name: for tables.
        examples: photos given at first; 0: he starts from photos shown at random.
        wrong: share of his clicks that are wrong.
        known: whether he uses the category's own name, which labels may know, or a word without
            a meaning.
    """

    name: str
    examples: int = 1
    wrong: float = 0.0
    known: bool = False


USERS = (
    User("one example"),
    User("20 random photos", examples=0),
    User("10 % wrong clicks", wrong=0.1),
    User("the category's own name", known=True),
)


@dataclass(frozen=True, slots=True)
class Round:
    """Means over all categories; round 0 is the ranking before anything shown was judged."""

    p_at_20: float
    map: float


@dataclass(frozen=True, slots=True)
class Course:
    """How one kind of user fared.

    Attributes:
        name: of the user.
        rounds: from 0 to 3; after the first good photo was seen where he starts at random.
        rounds_to_goal: first round with a mean p@20 of .75; None where none has.
        worse: share of rounds in which the average precision of a category fell by over .02.
        seconds: median time from feedback to the new first 20.
    """

    name: str
    rounds: tuple[Round, ...]
    rounds_to_goal: int | None
    worse: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """The contract's fields first: of a user with one example and right clicks."""

    categories: int
    rounds: tuple[Round, ...]
    courses: tuple[Course, ...]
    photos: int
    missing: int


@dataclass(frozen=True, slots=True)
class Step:
    """One ranking of one category."""

    precision: float
    average_precision: float
    seconds: float


def simulate(library: Library, truth: Truth, users: Sequence[User] = USERS) -> Simulation:
    """Teach all categories that have 20 photos or more.

    Raises:
        BadValue: no category has.
    """
    members = defaultdict(list)
    for id, shown in sorted(truth.categories.items()):
        for category in shown:
            members[category].append(id)
    large = {name: ids for name, ids in sorted(members.items()) if len(ids) >= FEWEST_PHOTOS}
    if not large:
        raise BadValue(f"no category has {FEWEST_PHOTOS} photos in the store: label more of them")
    courses = tuple(_course(library, truth, large, user) for user in users)
    return Simulation(
        categories=len(large),
        rounds=courses[0].rounds,
        courses=courses,
        photos=len(truth.categories),
        missing=truth.missing,
    )


def _course(
    library: Library, truth: Truth, categories: dict[str, list[str]], user: User
) -> Course:
    lessons = [
        list(_teach(library, truth, category, frozenset(ids), user, seed))
        for category, ids in categories.items()
        for seed in range(EXAMPLES)
    ]
    rounds = tuple(
        Round(
            fmean(steps[number].precision for steps in lessons),
            fmean(steps[number].average_precision for steps in lessons),
        )
        for number in range(ROUNDS + 1)
    )
    falls = [
        before.average_precision - after.average_precision > WORSE
        for steps in lessons
        for before, after in pairwise(steps)
    ]
    reached = [number for number, one in enumerate(rounds) if one.p_at_20 >= GOAL]
    if not user.examples:
        reached = [number + 1 for number in reached]  # the photos shown at random are a round
    return Course(
        name=user.name,
        rounds=rounds,
        rounds_to_goal=reached[0] if reached else None,
        worse=fmean(falls),
        seconds=median(step.seconds for steps in lessons for step in steps),
    )


def _teach(
    library: Library, truth: Truth, category: str, relevant: frozenset[str], user: User, seed: int
) -> Iterator[Step]:
    chance = np.random.default_rng([seed, *category.encode()])
    word = category.replace("_", " ") if user.known else UNKNOWN
    pupil = Pupil(library, truth, word)
    first = sorted(relevant)
    if user.examples:
        pupil.judge([first[place] for place in chance.choice(len(first), user.examples)], [])
    else:
        _browse(pupil, sorted(truth.categories), relevant, chance)
    for _ in range(ROUNDS + 1):
        seconds, ranking = pupil.rank()
        precision = precision_at(ranking, relevant, SHOWN)
        yield Step(precision, average_precision(ranking, relevant), seconds)
        fresh = [id for id in ranking if id not in pupil.judged][:SHOWN]
        opinions = {id: (id in relevant) != (chance.random() < user.wrong) for id in fresh}
        pupil.judge(
            [id for id, good in opinions.items() if good],
            [id for id, good in opinions.items() if not good],
        )


def _browse(
    pupil: "Pupil", ids: list[str], relevant: frozenset[str], chance: np.random.Generator
) -> None:
    """Judge photos shown at random, 20 at a time, until a good one is among them."""
    order = [ids[place] for place in chance.permutation(len(ids))]
    for start in range(0, len(order), SHOWN):
        shown = order[start : start + SHOWN]
        good = [id for id in shown if id in relevant]
        pupil.judge(good, [id for id in shown if id not in relevant])
        if good:
            return


class Pupil:
    """A library that is taught one word, in memory only."""

    def __init__(self, library: Library, truth: Truth, word: str) -> None:
        """Know nothing yet."""
        self._library = library
        self._truth = truth
        self._word = word
        self._vocabulary = Vocabulary()
        self.judged: set[str] = set()

    def judge(self, good: list[str], bad: list[str]) -> None:
        """Take a user's clicks."""
        if good or bad:
            self.judged |= {*good, *bad}
            number = f"{len(self.judged):09}"
            self._vocabulary.apply(
                Event(number, number, "click", "user", self._key(), good=tuple(good),
                      bad=tuple(bad))
            )

    def rank(self) -> tuple[float, list[str]]:
        """Return the seconds that the first 20 take, and the ranking of all labelled photos."""
        engine = self._library.engine
        began = time.perf_counter()
        engine.search(Question(self._word, limit=SHOWN), self._vocabulary)
        seconds = time.perf_counter() - began
        ranking = engine.ranking(self._word, self._vocabulary, RANKED)
        return seconds, [id for id in ranking if id in self._truth.categories]

    def _key(self) -> str:
        words = self._library.engine.words
        return key_of(words.understand(self._word, self._vocabulary))
