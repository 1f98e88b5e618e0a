"""`--watch` runs again when folders change, and tells what it follows."""

import pytest

from indexer.commands import watching
from indexer.errors import NotFound, StoreAway
from indexer.pipeline import Report
from indexer.progress import Silence


@pytest.fixture
def troubled(monkeypatch):
    """Follow with a run that fails at first; give the reports and what was told."""
    monkeypatch.setattr(watching, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(watching, "changes", lambda folders, location, manner: iter([None, None]))

    def follow(*outcomes):
        waiting, told = list(outcomes), []

        def run():
            outcome = waiting.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        progress = Silence()
        progress.say = told.append
        return list(watching.follow(run, Report(), ["."], "http://host/name", progress)), told

    return follow


def test_a_store_that_was_away_is_tried_until_it_is_back_and_told_once(troubled):
    away, found = StoreAway("the store is away"), Report(indexed=1)
    reports, told = troubled(away, away, away, found, Report(unchanged=1))
    assert reports == [found]  # the last one has nothing new to tell
    assert told == ["the store is away; trying again every 0 s"]


def test_folders_that_are_all_away_are_waited_for(troubled):
    reports, told = troubled(NotFound("no folder 'x'"), Report(indexed=2))
    assert reports == [Report(indexed=2)]
    assert told == ["no folder 'x'; waiting for it"]
