"""A worker whose decoder does what the file says: a harmless stand-in for libraries that fail."""

import os
import signal
import sys
import time
from multiprocessing.connection import Connection
from typing import Any

from PIL import Image

from indexer.photos import decoding, worker
from indexer.photos.worker import serve

_decode = decoding.decode


def odd_decode(file: Any, *arguments: Any, **named: Any) -> Any:
    """Decode a photo, unless the comment of the file asks for something else."""
    order = file.getvalue().rpartition(b"\n")[2].decode("latin-1")
    match order.split(" "):
        case ["take", megabytes]:
            held = bytearray(int(megabytes) * 1_000_000)
            held[::4096] = bytes(b"x" * len(held[::4096]))
            time.sleep(60)
        case ["compute"]:
            while True:
                pass
        case ["stand", "still"]:
            time.sleep(600)
        case ["crash"]:
            os.kill(os.getpid(), signal.SIGSEGV)
        case ["be", "killed"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case ["fail"]:
            raise MemoryError
        case ["once", path] if not os.path.exists(path):  # noqa: PTH110
            Image.new("RGB", (1, 1)).save(path, "PNG")
            os.kill(os.getpid(), signal.SIGABRT)
    return _decode(file, *arguments, **named)


def die_unread(*_: object) -> None:
    """Be killed while the file is still on its way."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if os.environ.get("ODD_WORKER") == "dies unread":
        worker._file = die_unread
    decoding.decode = odd_decode
    serve(Connection(int(sys.argv[1])))
