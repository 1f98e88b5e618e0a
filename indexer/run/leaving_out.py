"""What the store remembers of files that runs left out, and of links out of it, by folder."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from indexer.photos.links import real_path
from indexer.photos.paths import is_within
from indexer.records import LeftOut
from indexer.run.plan import RunPlan, closed_folders
from indexer.stores import Store


def remember_left_out(store: Store, plan: RunPlan, kept: Iterable[str]) -> None:
    """Make `store` remember what the run left out in its folders; other folders stay as they are.

    Each folder has numbers of its own, so runs of a folder and of one below it neither lose nor
    double any. Folders that cannot be listed now, or whose vanished photos were `kept`, keep theirs
    too.
    """
    known = {(one.folder, one.ending): one for one in store.files.left_out()}
    now = {(one.folder, one.ending): one for one in plan.left_out}
    spared = (*closed_folders(plan), *kept)
    gone = [
        LeftOut(folder, ending, 0)
        for folder, ending in known.keys() - now.keys()
        if is_within(folder, plan.folders) and not is_within(folder, spared)
    ]
    store.files.put_left_out([*gone, *(one for key, one in now.items() if known.get(key) != one)])


def remember_links(store: Store, plan: RunPlan, kept: Iterable[str], new: Iterable[str]) -> None:
    """Do so with links out of the library, which is all folders that it remembers and the `new`."""
    library = [real_path(root) for root in {*store.files.roots(), *new}]
    known = {(one.folder, one.leads_to): one for one in store.files.links_out()}
    found = {(one.folder, one.leads_to): one for one in plan.links_out}
    now = {key: one for key, one in found.items() if not is_within(one.leads_to, library)}
    spared = (*closed_folders(plan), *kept)
    gone = [
        replace(one, links=0)
        for key, one in known.items()
        if key not in now and _is_over(one.folder, one.leads_to, plan.folders, spared, library)
    ]
    store.files.put_links_out([*gone, *(one for key, one in now.items() if known.get(key) != one)])


def _is_over(
    folder: str,
    leads_to: str,
    looked: Collection[str],
    spared: Collection[str],
    library: Collection[str],
) -> bool:
    """Tell whether links that a run did not find are gone, or lead into the library by now."""
    unfound = is_within(folder, looked) and not is_within(folder, spared)
    return unfound or is_within(leads_to, library)
