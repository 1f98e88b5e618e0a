"""Imports the heavy libraries without the messages they print and the reports they send."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NOTICES = re.compile(rb"oneDNN custom operations are on|before absl::InitializeLog\(\)")


def load_keras() -> Any:
    """Return the module keras, on TensorFlow; importing it takes seconds and 600 MB.

    Log levels that the user has set stay as they are.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's C++ half: errors only
    os.environ["KERAS_BACKEND"] = "tensorflow"
    with _without_notices():
        import keras

    return keras


@contextmanager
def _without_notices() -> Iterator[None]:
    """Keep off stderr what TensorFlow writes there on import, whatever the log level."""
    if sys.stderr is None:  # the process was started without one
        yield
        return
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as written:
        os.dup2(written.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            written.seek(0)
            os.write(2, b"".join(line for line in written if not NOTICES.search(line)))


def load_openvino() -> Any:
    """Return the module openvino.

    Importing and converting report to a Google server unless openvino_telemetry cannot be imported,
    a case that OpenVINO provides for. Magpie sends nothing anywhere.
    """
    if "openvino" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import openvino

    return openvino
