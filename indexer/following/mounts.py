"""Which folders lie where the system does not, or not always, tell of changes."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""What is mounted where, on Linux: proc_pid_mountinfo(5)."""

UNTOLD = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "overlay", "virtiofs", "afs", "ceph")
"""Types of file systems whose changes another machine, or the layer below, may make unheard."""

UNTOLD_FAMILY = "fuse"
"""The first part of further ones: fuse, fuseblk, fuse.sshfs, fuse.rclone."""


def untold(devices: Iterable[int], mounts: str | None = None) -> set[str]:
    """Return the types of those file systems, of the given ones, that do not tell of all changes.

    Args:
        devices: their numbers (st_dev).
        mounts: a text like `MOUNTS`; None = that of this system.
    """
    if mounts is None:
        mounts = _read()
    wanted = {f"{os.major(device)}:{os.minor(device)}" for device in devices}
    return {kind for number, kind in _parse(mounts) if number in wanted and _is_untold(kind)}


def _parse(mounts: str) -> Iterator[tuple[str, str]]:
    """Yield the number and the type of each file system."""
    for line in mounts.splitlines():
        before, separator, after = line.partition(" - ")
        if separator:
            yield before.split()[2], after.split()[0]


def _is_untold(kind: str) -> bool:
    return kind in UNTOLD or kind.partition(".")[0].startswith(UNTOLD_FAMILY)


def _read() -> str:
    try:
        return MOUNTS.read_text("utf-8", "surrogateescape")
    except OSError:  # not Linux
        return ""
