"""The folders of a run: which can be read, which are gone, and what is remembered of them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.errors import NotFound
from indexer.photos.finding import Skipped, check_folders
from indexer.photos.paths import is_under, is_within, to_path, to_text
from indexer.photos.presence import is_gone
from indexer.progress import Progress
from indexer.records import LeftOut, LinksOut
from indexer.run.plan import RunPlan
from indexer.stores import Store, require_complete


@dataclass(frozen=True, slots=True)
class Roots:
    """The folders of a run.

    Attributes:
        usable: absolute; those that can be read.
        forgotten: absolute; those that are gone and whose places are to be forgotten.
        unusable: the others, with the reason.
    """

    usable: Sequence[Path]
    forgotten: Sequence[Path]
    unusable: Sequence[Skipped]

    @property
    def all(self) -> list[Path]:
        """Those that the run is about."""
        return [*self.usable, *self.forgotten]


def choose_roots(
    store: Store, folders: Iterable[Path | str], prune: bool, progress: Progress
) -> Roots:
    """Check the folders that a run is given.

    Args:
        store: it need not exist.
        folders: as the user gave them.
        prune: whether places below folders that are gone are to be forgotten.
        progress: told about those of which there is nothing to forget.

    Raises:
        NotFound, BadValue: nothing can be done with any of them.
    """
    checked = check_folders(folders)
    numbers = _files_below(store, [to_text(folder) for folder in checked.missing])
    known = {given: numbers[to_text(folder)] for folder, given in checked.missing.items()}
    if prune and require_complete(store):
        for given in (given for given, number in known.items() if not number):
            progress.say(f"no folder {given!r}, and the library knows nothing of it")
        roots = Roots(
            checked.usable,
            list(checked.missing),
            [one for one in checked.unusable if one.path not in known],
        )
    else:
        roots = Roots(checked.usable, (), [_hinted(one, known) for one in checked.unusable])
    if not roots.all:
        raise NotFound(roots.unusable[-1].reason) if checked.missing else checked.error
    return roots


def _hinted(skipped: Skipped, known: Mapping[str, int]) -> Skipped:
    """Tell how to forget a folder that is gone, if the library knows files of it."""
    number = known.get(skipped.path, 0)
    if not number:
        return skipped
    files = f"the {number:,} files" if number > 1 else "the file"
    hint = f"or forget {files} that lay there with --prune"
    return replace(skipped, reason=f"{skipped.reason}, {hint}")


def _files_below(store: Store, folders: Sequence[str]) -> dict[str, int]:
    """Return how many files the store knows below each of these folders."""
    numbers = dict.fromkeys(folders, 0)
    if not folders or require_complete(store) is None:
        return numbers
    store.refresh()
    for file in store.files.read():
        for folder in folders:
            numbers[folder] += is_under(file.path, folder)
    return numbers


def remember_roots(store: Store, plan: RunPlan) -> None:
    """Remember the folders of a run that hold something, and forget those that hold nothing now.

    Those of other runs are forgotten once they are gone themselves or empty, and all that lay there
    lies somewhere else.
    """
    known = store.files.roots()
    others = [root for root in known if root not in plan.folders and _is_away(root)]
    new = [root for root in plan.folders if root not in known]
    if not (others or new or plan.gone):
        return  # a look at the records of all files would tell nothing new
    numbers = _files_below(store, [*plan.folders, *others])
    if added := [root for root in new if numbers[root]]:
        store.files.put_roots(added)
    if empty := [root for root in known if not numbers.get(root, 1)]:
        store.files.delete_roots(empty)
        _forget_numbers(store, [root for root in empty if root in others])


def _forget_numbers(store: Store, folders: Sequence[str]) -> None:
    """Forget what was left out there, and the links out of there."""

    def is_there(one: LeftOut | LinksOut) -> bool:
        return is_within(one.folder, folders)

    store.files.left_out.update([], is_there)
    store.files.links_out.update([], is_there)


def gone_roots(store: Store) -> tuple[str, ...]:
    """Return the remembered folders that are not there now, or empty, as a mount point is then."""
    return tuple(root for root in store.files.roots() if _is_away(root))


def _is_away(folder: str) -> bool:
    if is_gone(folder):
        return True
    try:
        with os.scandir(to_path(folder)) as entries:
            return next(entries, None) is None
    except OSError:  # there may be something
        return False
