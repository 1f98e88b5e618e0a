"""What the workers of one test run share: the first that needs it makes it, the others wait."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Name of this process among the workers; empty where there is only one."""


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of this test run, the same for all its workers."""
    base = factory.getbasetemp()
    return base.parent if WORKER else base


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return a folder that `make` has filled, in whichever worker came first."""
    filled = folder.with_name(f"{folder.name}.filled")
    with FileLock(f"{folder}.lock"):
        if not filled.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker in which it failed
            folder.mkdir()
            make(folder)
            filled.touch()
    return folder


@contextmanager
def shared_server(
    folder: Path, running: Callable[[Path], AbstractContextManager[str]]
) -> Iterator[str]:
    """Give the URL of a server that all workers use.

    Each worker holds a lock as long as it uses the server. The one that started it waits for all
    these locks before it stops it.

    Args:
        folder: of the server, the same for all workers.
        running: starts the server with its data in the folder, and stops it.
    """
    folder.mkdir(exist_ok=True)
    entrance, told, use = folder / "entrance", folder / "url", FileLock(folder / f"use-{WORKER}")
    with ExitStack() as server:
        with FileLock(entrance):
            use.acquire()
            if is_ours := not told.exists():
                told.write_text(server.enter_context(running(folder)))
        try:
            yield told.read_text()
        finally:
            use.release()
            if is_ours:
                with FileLock(entrance):  # nobody comes any more
                    told.unlink()
                    for other in folder.glob("use-*"):
                        with FileLock(other):
                            pass
                    server.close()
