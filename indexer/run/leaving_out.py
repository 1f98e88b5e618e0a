"""What the store remembers of files that runs left out, and of links out of it, by folder."""

from collections.abc import Callable, Iterable

from indexer.photos.links import real_path
from indexer.photos.paths import is_within
from indexer.run.plan import RunPlan, closed_folders
from indexer.stores import Store


def remember_left_out(store: Store, plan: RunPlan, kept: Iterable[str]) -> None:
    """Make `store` remember what the run left out in its folders; other folders stay as they are.

    Each folder has numbers of its own, so runs of a folder and of one below it neither lose nor
    double any. Folders that cannot be listed now, or whose vanished photos were `kept`, keep theirs
    too.
    """
    unfound = _unfound(plan, kept)
    store.files.left_out.update(plan.left_out, lambda one: unfound(one.folder))


def remember_links(store: Store, plan: RunPlan, kept: Iterable[str], new: Iterable[str]) -> None:
    """Do so with links out of the library, which is all folders that it remembers and the `new`."""
    library = [real_path(root) for root in {*store.files.roots(), *new}]
    now = [one for one in plan.links_out if not is_within(one.leads_to, library)]
    unfound = _unfound(plan, kept)
    store.files.links_out.update(
        now, lambda one: unfound(one.folder) or is_within(one.leads_to, library)
    )


def _unfound(plan: RunPlan, kept: Iterable[str]) -> Callable[[str], bool]:
    """Return what tells if the run looked into a folder: what it did not find there is gone."""
    spared = (*closed_folders(plan), *kept)
    return lambda folder: is_within(folder, plan.folders) and not is_within(folder, spared)
