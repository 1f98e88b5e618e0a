"""Imports the heavy libraries without what they say, and send, on their own."""

import os
import sys
from typing import Any


def load_keras() -> Any:
    """Return the module keras on TensorFlow; its import takes seconds and 600 MB.

    Log levels that the user has set stay as they are.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's C++ half: errors only
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras

    return keras


def load_openvino() -> Any:
    """Return the module openvino.

    Its import and its conversions report to a server of Google's unless openvino_telemetry cannot
    be imported, a case that it provides for; Magpie sends nothing anywhere.
    """
    if "openvino" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import openvino

    return openvino
