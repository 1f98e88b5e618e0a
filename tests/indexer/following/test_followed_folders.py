"""How many folders there are to follow, and where."""

import pytest
from watchfiles import watch

from indexer.following.folders import survey
from indexer.following.inotify import own_watches


@pytest.fixture
def tree(tmp_path):
    """Folders, hidden ones too, with links of every kind, one of them to itself."""
    top, elsewhere = tmp_path / "top", tmp_path / "elsewhere"
    for folder in (top / "a" / "b", top / ".hidden", elsewhere / "below"):
        folder.mkdir(parents=True)
    (top / "a" / "up").symlink_to(top)
    (top / "link").symlink_to(elsewhere)
    (top / "again").symlink_to(elsewhere)
    (top / "nowhere").symlink_to(tmp_path / "gone")
    (top / "itself").symlink_to("itself")
    (top / "photo.jpg").write_bytes(b"")
    return top


def test_every_real_folder_counts_once(tree):
    assert survey([tree, tree / "a"]).folders == 6
    assert survey([tree]).devices == {tree.stat().st_dev}
    assert survey([tree / "gone"]).folders == 0


def test_linux_grants_a_watch_for_each(tree):
    if own_watches() is None:
        pytest.skip("this system does not tell its watches: no /proc/self/fd")
    for _ in watch(tree, yield_on_timeout=True, rust_timeout=100, ignore_permission_denied=True):
        assert own_watches() == survey([tree]).folders
        break
