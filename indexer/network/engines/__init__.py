"""Engines, the runtimes that run a vision network: one file each, loaded by name.

A new engine is one new file `indexer/network/engines/<name>.py` with a function
`load(model, weights)` that returns an `Engine`, and a place in `FASTEST_FIRST`, where "auto" looks.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import BadValue
from indexer.network.models import Model, Weights
from indexer.records import Matrix

FASTEST_FIRST = ("openvino", "tensorflow")

Batch = NDArray[np.uint8]
"""uint8, shape (n, side, side, 3), RGB, n >= 1: what `Model.prepare` gave for n photos."""


@dataclass(frozen=True, slots=True)
class Description:
    """What the network sees in n photos, in their order.

    Attributes:
        probabilities: float32, shape (n, 1000), in class order, each row adding up to 1, or to 1.7
            at most where it is of several looks.
        vectors: float32, shape (n, d), rows of L2 norm 1.
    """

    probabilities: NDArray[np.float32]
    vectors: Matrix


class Engine(Protocol):
    """A network that is ready to run. Only one thread at a time may use it."""

    def describe(self, batch: Batch) -> Description:
        """Describe a few photos."""

    def describe_all(self, batches: Iterable[Batch]) -> Iterator[Description]:
        """Describe batch after batch, in order, reading ahead if that is faster.

        A photo's numbers do not depend on its batch, except for up to 1e-5 in some runtimes.
        """


def names() -> tuple[str, ...]:
    """All engines, installed or not, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def installed(name: str) -> bool:
    """Tell whether the library of that engine, which has the same name, can be imported."""
    return importlib.util.find_spec(name) is not None


def choose(name: str) -> str:
    """Return the name of an installed engine; "auto" means the fastest of them.

    Raises:
        BadValue: there is no such engine, or it is not installed.
    """
    if name == "auto":
        return next((known for known in FASTEST_FIRST if installed(known)), FASTEST_FIRST[-1])
    if name not in names():
        raise BadValue(f"unknown engine {name!r}: use one of {', '.join(('auto', *names()))}")
    if not installed(name):
        raise BadValue(f"engine {name} is not installed: pip install {name}, or --engine auto")
    return name


def load(name: str, model: Model, weights: Weights) -> Engine:
    """Make the network ready to run.

    Args:
        name: a name or "auto".

    Raises:
        BadValue: there is no such engine, or the file does not hold weights of this network.
    """
    runtime = importlib.import_module(f"{__name__}.{choose(name)}")
    engine: Engine = runtime.load(model, weights)
    return engine
