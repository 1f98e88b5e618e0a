"""`magpie index`: what its options become."""

from click.testing import CliRunner

from indexer.commands import watching
from indexer.commands.index import index_command
from indexer.pipeline import Report


class Recorder:
    """A library that only notes what it is asked for."""

    location = "sqlite:////nowhere.db"

    def __init__(self):
        self.asked = []

    def index(self, folders, options, progress):
        self.asked.append((folders, options.exclude))
        return Report()

    def close(self):
        pass


def test_patterns_hold_in_every_run_of_watching(monkeypatch):
    monkeypatch.setattr(watching, "changes", lambda folders, location, manner: iter([None, None]))
    library = Recorder()
    command = index_command(lambda target, network: library)
    words = ["a", "b", "--exclude", "*.png", "/private/", "--watch", "--exclude", "!x.png"]
    result = CliRunner().invoke(command, words)
    assert result.exit_code == 0, result.output
    assert library.asked == [(("a", "b"), ("*.png", "/private/", "!x.png"))] * 3
