"""Work that no answer waits for: done once for all who asked for it within a second."""

import threading
from collections.abc import Callable

WAIT_SECONDS = 1.0


class Later:
    """Does one kind of work in the background. One object serves all threads."""

    def __init__(self, work: Callable[[], None]) -> None:
        """Take the work, which must not raise; do nothing yet."""
        self._work = work
        self._lock = threading.Lock()
        self._working = threading.Lock()
        self._timer: threading.Timer | None = None

    def ask(self) -> None:
        """Have the work done within a second, or by `flush`."""
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(WAIT_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Do now what was asked for; return when it is done, by whichever thread."""
        with self._working:  # the caller may close what the work needs afterwards
            with self._lock:
                timer, self._timer = self._timer, None
            if timer is not None:
                timer.cancel()
                self._work()
