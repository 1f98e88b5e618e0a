"""Which vision network describes photos, and how it runs, as the user asked for it."""

from dataclasses import dataclass
from pathlib import Path

BATCH = 16
"""Photos the network sees at once: larger batches are no faster on CPUs and take more memory."""


@dataclass(frozen=True, slots=True)
class NetworkOptions:
    """What `--model`, `--engine`, `--weights` and `--batch` say; "auto" chooses.

    Attributes:
        model: name of the vision network.
        engine: name of the runtime.
        weights: a file of weights; None = those that the model finds.
        batch: photos the network sees at once.
    """

    model: str = "auto"
    engine: str = "auto"
    weights: Path | None = None
    batch: int = BATCH
