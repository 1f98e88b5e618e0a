"""Which vision network describes photos, and how it runs, as the user asked for it."""

from dataclasses import dataclass
from pathlib import Path

BATCH = 16
"""Photos the network sees at once: larger batches are no faster on CPUs and take more memory."""

LOOKS = (1, 5, 6)
"""Looks at a photo of usual shape: 1 = the middle; 5 = the corners too; 6 = the whole photo too."""


@dataclass(frozen=True, slots=True)
class NetworkOptions:
    """What `--model`, `--engine`, `--weights` and `--batch` say; "auto" chooses.

    Attributes:
        model: name of the vision network, or the path of a folder that holds one.
        engine: name of the runtime.
        weights: a file of weights; None = those that the model finds.
        batch: photos the network sees at once.
        looks: at how many squares of a photo it looks, one of `LOOKS`; None = at as many as in the
            photos of the store; 0 = in a new store or description, as many as suit the network.
    """

    model: str = "auto"
    engine: str = "auto"
    weights: Path | None = None
    batch: int = BATCH
    looks: int | None = None
