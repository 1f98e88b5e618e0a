"""Where the system does not tell of all changes."""

import os
from pathlib import Path

import pytest

from indexer.following.mounts import MOUNTS, untold

LINE = "36 35 0:52 / /mnt/photos rw,noatime shared:1 master:2 - {kind} nas:/photos rw,vers=4.2"


@pytest.mark.parametrize(
    "kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "overlay", "virtiofs", "fuse.sshfs", "fuseblk"]
)
def test_network_and_layered_file_systems_do_not_tell_everything(kind):
    text = LINE.format(kind=kind)
    assert untold([os.makedev(0, 52)], text) == {kind}
    assert untold([os.makedev(0, 5)], text) == set()  # lies elsewhere


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "xfs", "tmpfs", "zfs"])
def test_local_ones_do(kind):
    assert untold([os.makedev(0, 52)], f"\n{LINE.format(kind=kind)}\nunlike the others") == set()


def test_the_mounts_of_this_system_can_be_read():
    if not MOUNTS.exists():
        pytest.skip("no /proc/self/mountinfo")
    assert untold([Path("/proc").stat().st_dev]) == set()
