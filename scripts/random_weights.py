"""Write random weights for Inception v3: always the same ones, in the real file's format.

    python scripts/random_weights.py FILE.h5

For tests where the real weights are not available: the graph is real, its predictions are not.
"""

import sys
from pathlib import Path

from indexer.network.quiet_imports import load_keras

SPREAD = 5000  # of the last layer; without it, all 1,000 probabilities are nearly the same


def write_random_weights(path: Path) -> None:
    """Write the file (96 MB) in the HDF5 format of Keras Applications, which Keras calls legacy."""
    keras = load_keras()
    keras.utils.set_random_seed(0)
    network = keras.applications.InceptionV3(weights=None)
    kernel, bias = network.layers[-1].get_weights()
    network.layers[-1].set_weights([SPREAD * kernel, bias])
    network.save(path)


if __name__ == "__main__":
    write_random_weights(Path(sys.argv[1]))
