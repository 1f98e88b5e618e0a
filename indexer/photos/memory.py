"""What processes hold and what is free, as Linux tells it; elsewhere nothing is known."""

import os
from contextlib import suppress
from pathlib import Path

_UNKNOWN = 2**62


def resident(process: int) -> int:
    """Return the bytes of memory that a process holds; 0 if that is not known."""
    try:
        numbers = Path(f"/proc/{process}/statm").read_bytes().split()
        return int(numbers[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def free() -> int:
    """Return the bytes that programs can still take, in this container; many if not known."""
    return min(_of_machine(), _of_container())


def _of_machine() -> int:
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return _UNKNOWN


def _of_container(folder: Path = Path("/sys/fs/cgroup")) -> int:
    with suppress(OSError, ValueError):  # "max": there is no limit
        most = int((folder / "memory.max").read_text(encoding="ascii"))
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        return max(0, most - used + _cached(folder))
    return _UNKNOWN


def _cached(folder: Path) -> int:
    """Return the bytes of files that a container keeps in memory, and drops where it is short."""
    with suppress(OSError, ValueError):
        lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
        numbers = dict(line.split() for line in lines)
        return int(numbers.get("active_file", 0)) + int(numbers.get("inactive_file", 0))
    return 0
