"""Follow folders: say when something below them changed."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event

QUIET_MS = 500
"""Milliseconds without a change before a burst of changes (a copied folder) counts as over."""


def changes(
    folders: Iterable[Path | str], own: str, stop: Event | None = None
) -> Iterator[None]:
    """Yield once after every burst of changes below `folders`, until `stop` is set.

    Changes that happen while the caller is busy are not lost: they are yielded next.

    Args:
        folders: what to follow, with all folders below.
        own: how the paths of the store's own files begin; their changes are not told, or a store
            that lies among the photos would wake itself for ever.
        stop: ends the iteration when set.
    """
    from watchfiles import watch

    for burst in watch(
        *folders,
        watch_filter=None,
        step=QUIET_MS,
        stop_event=stop,
        raise_interrupt=True,
        ignore_permission_denied=True,
    ):
        if any(_matters(Path(path)) for _, path in burst if not path.startswith(own)):
            yield


def _matters(path: Path) -> bool:
    """Tell whether a change concerns photos; what is gone may have been a folder of them."""
    from indexer.photos import is_photo_name

    return is_photo_name(path.name) or not path.is_file()
