"""What a run tells on stderr."""

import io
import os
import pty
import subprocess
import sys

from indexer.progress import Silence
from indexer.progress.stderr import Lines


def test_lines_tell_count_rate_and_remaining_time():
    stream = io.StringIO()
    lines = Lines(stream, every_seconds=0)
    with lines.over(2_000):
        lines.advance(500)
    first, middle, last = stream.getvalue().splitlines()
    assert first == "reading 2,000 files"
    assert middle.startswith("500 of 2,000 files, ") and middle.endswith(" s left")
    assert " files/s, " in middle
    assert last.startswith("500 of 2,000 files")


def test_lines_are_few():
    stream = io.StringIO()
    lines = Lines(stream, every_seconds=60)
    with lines.over(1_000):
        for _ in range(1_000):
            lines.advance(1)
    assert len(stream.getvalue().splitlines()) == 2


def test_silence_tells_nothing(capsys):
    silence = Silence()
    with silence.over(3):
        silence.say("something")
        silence.advance(3)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar_with_rate_and_remaining_time(folder, tmp_path):
    command = [sys.executable, "-m", "search", "index", str(folder)]
    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": "120", "TERM": "xterm"}
    with subprocess.Popen(
        [*command, "--store", f"sqlite:///{tmp_path}/photos.db"],
        stderr=theirs,
        stdout=subprocess.PIPE,
        env=environment,
    ) as run:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
    assert run.returncode == 0
    assert b"5/5" in shown and b"files/s" in shown and b"0:00:00" in shown
