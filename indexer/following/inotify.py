"""What Linux grants of its events (inotify(7)), which has limits for each user.

watchfiles follows what it gets and is silent about the rest when it is to go on where folders may
not be read, so the kernel is asked how much that is.
"""

from pathlib import Path

OWN = Path("/proc/self/fd")

WATCHES, INSTANCES = "fs.inotify.max_user_watches", "fs.inotify.max_user_instances"
"""The limits: folders that a user may follow, and programs that may do so at a time."""

RAISE = "raise {setting} with sysctl, or choose the pace with --poll SECONDS"


def own_watches() -> int | None:
    """Return the number of folders whose events this process gets; None where it is not known.

    Of several watchers, of which one may be ending, that of the largest.
    """
    try:
        handles = list(OWN.iterdir())
    except OSError:  # not Linux
        return None
    return max((found for handle in handles if (found := _watches(handle)) is not None), default=0)


def _watches(handle: Path) -> int | None:
    """The watches of one open file: a line each in its fdinfo; None where it is something else."""
    try:
        if str(handle.readlink()) != "anon_inode:inotify":
            return None
        return (handle.parent.parent / "fdinfo" / handle.name).read_text().count("inotify wd:")
    except OSError:  # closed just now
        return None
