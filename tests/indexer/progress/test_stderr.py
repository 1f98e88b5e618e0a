"""What a run tells on stderr."""

import io
import os
import pty
import subprocess
import sys

import pytest

from indexer.progress import LOOKING, Silence
from indexer.progress.pace import Pace, in_time
from indexer.progress.stderr import Lines


def test_lines_tell_count_share_rate_and_remaining_time():
    stream = io.StringIO()
    lines = Lines(stream, every_seconds=0)
    with lines.over(2_000):
        lines._pace.began -= 40
        lines.advance(500)
        lines.advance(1_500)
    assert stream.getvalue().splitlines() == [
        "reading 2,000 files",
        "500 of 2,000 files (25 %), 12.5 files/s, 2 min left",
        "2,000 of 2,000 files (100 %), 50.0 files/s",
        "2,000 of 2,000 files (100 %), 50.0 files/s",
    ]


def test_lines_tell_what_was_found_while_folders_are_walked():
    stream = io.StringIO()
    lines = Lines(stream, every_seconds=0)
    with lines.over(None, LOOKING):
        lines.advance(1_200)
    assert stream.getvalue().splitlines() == ["1,200 files found so far"]


@pytest.mark.parametrize(("total", "done"), [(0, 1), (3, 4), (0, 0)])
def test_never_more_are_done_than_there_are(total, done):
    pace = Pace(total, done=done)
    assert pace.in_words().startswith(f"{done} files, ")
    assert not pace.remaining_seconds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (89, "89 s"), (120, "2 min"), (5_300, "88 min"), (11_100, "3 h 5 min")],
)
def test_durations_are_told_as_people_say_them(seconds, words):
    assert in_time(seconds) == words


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
    assert b"5 of 5 files (100 %)" in shown and b"files/s" in shown
