"""`magpie index --watch` where Linux grants too few events.

A user namespace has limits of its own.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest

PATIENCE = 60
MAGPIE = f"{sys.executable} -W ignore -m search"


@pytest.fixture(autouse=True)
def namespace():
    """Skips where users may not make namespaces, as in many containers."""
    program = shutil.which("unshare")
    if not program or subprocess.run([program, "-Ur", "true"], capture_output=True).returncode:
        pytest.skip("no user namespaces here: limits of inotify cannot be lowered")
    if not Path("/proc/sys/user/max_inotify_watches").exists():
        pytest.skip("this system has no limits of inotify for a namespace")


@contextmanager
def watching(limit, number, *words):
    """Run `magpie index --watch` with a limit; give what reads its lines up to one with a text."""
    script = (
        f"echo {number} > /proc/sys/user/{limit} && exec {MAGPIE} index --watch {' '.join(words)}"
    )
    command = ["unshare", "-Ur", "bash", "-c", script]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.Popen(command, start_new_session=True, **output)
    lines = Queue()
    threading.Thread(target=lambda: [*map(lines.put, process.stdout)], daemon=True).start()

    def read_to(text):
        line = ""
        while text not in line:
            line = lines.get(timeout=PATIENCE)
        return line

    try:
        yield read_to
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)
        process.stdout.close()


@pytest.mark.parametrize(
    ("limit", "number", "setting"),
    [
        ("max_inotify_watches", 20, "fs.inotify.max_user_watches"),
        ("max_inotify_watches", 0, "fs.inotify.max_user_watches"),
        ("max_inotify_instances", 0, "fs.inotify.max_user_instances"),
    ],
)
def test_too_few_events_are_said_and_polling_finds_new_photos(
    limit, number, setting, tmp_path, free_photos, networks
):
    library, store = tmp_path / "library", f"sqlite:///{tmp_path}/photos.db"
    for one in range(40):
        (library / str(one)).mkdir(parents=True)
    shutil.copy(free_photos[0], library / "1")
    with watching(limit, number, str(library), "--store", store) as read_to:
        read_to("1 indexed")
        assert setting in read_to("instead")
        assert followed(store) == ("polling", 41)
        if number:  # once is enough: it takes as long as the pause between two looks
            shutil.copy(free_photos[1], library / "39")
            assert "1 indexed, 1 unchanged" in read_to("indexed")
    assert status(store)["watching"] == []


def test_enough_events_are_used(tmp_path, free_photos, networks):
    library, store = tmp_path / "library", f"sqlite:///{tmp_path}/photos.db"
    (library / "a" / "b").mkdir(parents=True)
    shutil.copy(free_photos[0], library)
    with watching("max_inotify_watches", 3, str(library), "--store", store) as read_to:
        read_to("1 indexed")
        assert followed(store) == ("events", 3)
        shutil.copy(free_photos[1], library / "a" / "b")
        assert "1 indexed, 1 unchanged" in read_to("indexed")


def status(store):
    command = [*MAGPIE.split(), "status", "--json", "--store", store]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def followed(store):
    """How folders are followed, and how many, as soon as it is told."""
    for _ in range(PATIENCE):
        if told := status(store)["watching"]:
            return told[0]["by"], told[0]["watched"]
        time.sleep(0.5)
    return None
