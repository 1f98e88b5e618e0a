"""Imports Keras on TensorFlow, which takes seconds and 600 MB, without their start-up chatter."""

import os
from typing import Any


def load_keras() -> Any:
    """Return the module keras; log levels that the user has set stay as they are."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's C++ half: errors only
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras

    return keras
