"""Which vision network describes photos: the choices of a user, before anything is loaded."""

from dataclasses import dataclass
from pathlib import Path

BATCH = 16
"""Photos a run of the network: larger batches are no faster on CPUs and take more memory."""


@dataclass(frozen=True, slots=True)
class Network:
    """Which network describes photos, and how it runs; "auto" chooses.

    Attributes:
        model: name of the vision network.
        engine: name of the runtime.
        weights: a file of weights; None = those that the model finds.
        batch: photos that the network sees at once.
    """

    model: str = "auto"
    engine: str = "auto"
    weights: Path | None = None
    batch: int = BATCH
