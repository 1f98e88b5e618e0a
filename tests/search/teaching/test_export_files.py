"""Where an export goes: into the file that was named, at the cost of no other file."""

import os
import shutil
import subprocess
import sys

import pytest

from indexer.errors import StoreAway
from indexer.events import Event
from indexer.kinds import EventKind
from search.teaching.event_files import write_events

EVENTS = [
    Event(
        id="e1",
        time="2024-05-01T12:00:00.000000Z",
        kind=EventKind.TEACH,
        user="ann",
        word="cat",
        good=("a",),
    )
]

MOUNTED = """
import sys
from pathlib import Path
from search.teaching.event_files import write_events
write_events(Path(sys.argv[1]), [])
"""


def test_files_of_similar_names_stay_however_old_they_are(tmp_path):
    names = ["taught.jsonl.old.new", "taught.jsonl.new", "t.jsonl.0123abcd.new"]
    for name in names:
        (tmp_path / name).write_text("mine")
        os.utime(tmp_path / name, (1, 1))
    for name in ("taught.jsonl", "[t].jsonl", "*.jsonl"):
        write_events(tmp_path / name, EVENTS)
    assert {(tmp_path / name).read_text() for name in names} == {"mine"}


def test_a_link_that_leads_nowhere_makes_no_folder(tmp_path):
    link = tmp_path / "taught.jsonl"
    link.symlink_to(tmp_path / "mistyped" / "taught.jsonl")
    with pytest.raises(StoreAway, match="No such file or directory"):
        write_events(link, EVENTS)
    assert list(tmp_path.iterdir()) == [link]


def test_a_link_to_itself_is_one_line_and_stays(tmp_path):
    link = tmp_path / "taught.jsonl"
    link.symlink_to(link)
    with pytest.raises(StoreAway, match=r"cannot write '.*taught\.jsonl': Too many levels"):
        write_events(link, EVENTS)
    assert list(tmp_path.iterdir()) == [link] and link.is_symlink()


@pytest.mark.parametrize("folder", ["writable", "read-only"])
def test_a_file_that_is_mounted_by_itself_is_written_where_it_is(tmp_path, folder):
    """As `docker run -v backup.jsonl:/backup.jsonl` does, and with `--read-only`."""
    file = tmp_path / "taught.jsonl"
    write_events(file, EVENTS)
    lock = f'mount -o remount,ro,bind "{tmp_path}"' if folder == "read-only" else "true"
    mounts = f'mount --bind "{tmp_path}" "{tmp_path}" && mount --bind "$0" "$0" && {lock}'
    before = ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{mounts} && exec "$@"', file]
    if not shutil.which("unshare") or subprocess.run([*before, "true"], check=False).returncode:
        pytest.skip("a file cannot be mounted here")
    subprocess.run([*before, sys.executable, "-c", MOUNTED, str(file)], check=True)
    assert file.read_bytes() == b"" and list(tmp_path.iterdir()) == [file]
