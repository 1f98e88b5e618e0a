"""Thumbnails of photos that are gone."""

from indexer.run.describing import Described
from indexer.run.plan import RunPlan
from indexer.run.settling import Settled
from indexer.stores import Store
from indexer.stores.thumbnails import thumbnail_file


def forget_thumbnails(store: Store, plan: RunPlan, done: Described, settled: Settled) -> None:
    """Remove thumbnails of all photos that the store does not hold, whatever run removed them.

    Those of photos that another machine stored meanwhile go too: they are made again when shown.
    """
    there = {file.photo for file in (*done.indexed, *done.known) if file.photo}
    thumbnail_file(store).keep_only((plan.known | there) - settled.removed)
