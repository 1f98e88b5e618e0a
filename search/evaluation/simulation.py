"""Simulated users who teach every category of labelled photos; nothing is written to the store.

A user gives one example, starts from photos shown at random, or types a word that is known. Then he
judges the 20 best photos that he has not judged yet, round after round.
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
from search.evaluation.pupil import SHOWN, Pupil
from search.evaluation.truth import Truth

ROUNDS = 3
EXAMPLES = 3
"""Times that each category is taught, from different examples."""

FEWEST_PHOTOS = 20
"""Smaller categories cannot reach a precision of 1 at 20."""

WORSE = 0.02
GOAL = 0.75
UNKNOWN = "zzyzzxq"
"""A word without a meaning, so that nothing but the teaching tells."""

Note = Callable[[str], None]
"""Told what is being measured."""


@dataclass(frozen=True, slots=True)
class User:
    """A way of teaching.

    Attributes:
        name: for tables.
        start: "example": one photo; "random": photos shown at random, 20 at a time, until a good
            one is among them; "word": the category's own name, of which the labels know something.
        wrong: share of his clicks that are wrong.
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
    """Means over all categories; round 0 is the ranking before anything shown was judged.

    Of who starts at random it is the first after photos were judged, the first good one among them.
    """

    p_at_20: float
    map: float


@dataclass(frozen=True, slots=True)
class Course:
    """How one kind of user fared.

    Attributes:
        name: of the user.
        categories: that he taught; a known word only where the labels know it.
        rounds: from 0 to 3.
        rounds_to_goal: first round with a mean p@20 of .75; None where none has. Photos shown at
            random are a round of their own.
        worse: share of rounds in which the average precision of a category fell by over .02.
        seconds: median time from feedback to the new first 20, explained.
    """

    name: str
    categories: int
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


def simulate(
    engine: SearchEngine,
    truth: Truth,
    users: Sequence[User] = USERS,
    note: Note = lambda text: None,
) -> Simulation:
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
    courses = []
    for user in users:
        some = _taught_by(user, large, engine)
        if some:
            note(f"{user.name}: {len(some)} categories")
            courses.append(_course(engine, truth, some, user))
    return Simulation(
        len(large), courses[0].rounds, tuple(courses), len(truth.categories), truth.missing
    )


def word_of(category: str) -> str:
    """Return the name of a category as a person types it."""
    return category.replace("_", " ")


def _taught_by(
    user: User, categories: dict[str, list[str]], engine: SearchEngine
) -> dict[str, list[str]]:
    if user.start != "word":
        return categories
    known = engine.meanings.is_known
    return {name: ids for name, ids in categories.items() if known(word_of(name))}


def _course(
    engine: SearchEngine, truth: Truth, categories: dict[str, list[str]], user: User
) -> Course:
    # Nothing is left to chance where a word is typed and all clicks are right.
    times = 1 if user.start == "word" and not user.wrong else EXAMPLES
    lessons = [
        list(_teach(engine, truth, category, frozenset(ids), user, seed))
        for category, ids in categories.items()
        for seed in range(times)
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
    first = 1 if user.start == "random" else 0
    return Course(
        name=user.name,
        categories=len(categories),
        rounds=rounds,
        rounds_to_goal=reached[0] + first if reached else None,
        worse=fmean(falls),
        seconds=median(step.seconds for steps in lessons for step in steps),
    )


def _teach(
    engine: SearchEngine,
    truth: Truth,
    category: str,
    relevant: frozenset[str],
    user: User,
    seed: int,
) -> Iterator[Step]:
    chance = np.random.default_rng([seed, *category.encode()])
    pupil = Pupil(engine, truth, word_of(category) if user.start == "word" else UNKNOWN)
    first = sorted(relevant)
    if user.start == "example":
        pupil.judge([first[chance.choice(len(first))]], [])
    elif user.start == "random":
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
    pupil: Pupil, ids: list[str], relevant: frozenset[str], chance: np.random.Generator
) -> None:
    """Judge photos shown at random, 20 at a time, until a good one is among them."""
    order = [ids[place] for place in chance.permutation(len(ids))]
    for start in range(0, len(order), SHOWN):
        shown = order[start : start + SHOWN]
        good = [id for id in shown if id in relevant]
        pupil.judge(good, [id for id in shown if id not in relevant])
        if good:
            return
