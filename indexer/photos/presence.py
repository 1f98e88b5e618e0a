"""Whether files are still where they were."""

from indexer.photos.paths import to_path


def is_gone(path: str) -> bool:
    """Tell whether nothing lies at `path`, text as `paths.to_text` writes it; a dead link is gone.

    Only a disk that says so counts: what may not be looked at, or does not answer, may be there.
    """
    try:
        to_path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False
