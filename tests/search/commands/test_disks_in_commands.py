"""What commands say of folders that are gone, disks that are away, and files that changed."""

import json
import os
import shutil

import pytest
from click.testing import CliRunner
from PIL import Image

from search.commands import main


@pytest.fixture
def photos(tmp_path):
    """A folder of 14 pictures of equal size, 12 of them in a subfolder."""
    home = tmp_path / "disk" / "photos"
    for number in range(14):
        place = home if number < 2 else home / "2019"
        place.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 40), (9 * number, 40, 200)).save(place / f"{number}.bmp")
    return home


@pytest.fixture
def magpie(tmp_path):
    """Run a command on a library; return what it did."""

    def run(*words):
        given = [*map(str, words), "--store", f"sqlite:///{tmp_path}/photos.db"]
        return CliRunner().invoke(main, given)

    return run


@pytest.fixture
def indexed(magpie, photos, networks):
    """The same folder, in the library."""
    assert magpie("index", photos).exit_code == 0
    return photos


def as_json(done):
    return json.loads(done.stdout)


def test_a_library_that_got_another_place_moves_at_once(magpie, indexed, tmp_path):
    (tmp_path / "disk").rename(tmp_path / "other disk")
    report = as_json(magpie("index", tmp_path / "other disk" / "photos", "--json"))
    assert (report["moved"], report["indexed"], report["copies"], report["removed"]) == (
        14,
        0,
        0,
        0,
    )
    assert as_json(magpie("status", "--json"))["gone"] == []
    assert magpie("verify").stdout == "everything is as it should be\n"
    done = magpie("index", indexed, "--prune")  # all has been forgotten
    assert done.exit_code == 0 and "knows nothing of it" in done.output


def test_a_folder_that_is_gone_is_told_and_forgotten_with_prune(magpie, indexed):
    shutil.rmtree(indexed)
    assert as_json(magpie("status", "--json"))["gone"] == [str(indexed)]
    assert f"magpie index {str(indexed)!r} --prune" in magpie("status").stdout
    verified = magpie("verify", "--json")
    assert verified.exit_code == 1 and as_json(verified)["gone"] == {str(indexed): 14}
    assert f"14 files gone from {str(indexed)!r}" in magpie("verify").stdout
    refused = magpie("index", indexed)
    assert refused.exit_code == 1
    assert "mount the disk, or forget the 14 files that lay there with --prune" in refused.output
    report = magpie("index", indexed, "--prune")
    assert report.exit_code == 0
    assert report.stdout.splitlines()[-1] == f"forgot 14 vanished files of {str(indexed)!r}"
    assert as_json(magpie("status", "--json"))["gone"] == []
    assert magpie("verify").exit_code == 0


def test_of_several_folders_the_one_that_is_gone_is_forgotten(magpie, indexed, tmp_path):
    (tmp_path / "more").mkdir()
    (indexed / "0.bmp").rename(tmp_path / "more" / "0.bmp")
    shutil.rmtree(indexed)
    kept = as_json(magpie("index", indexed, tmp_path / "more", "--json"))
    assert "--prune" in kept["failed"][0]["reason"] and kept["moved"] == 1
    done = magpie("index", indexed, tmp_path / "more", "--prune", "--json")
    assert done.exit_code == 0
    assert (as_json(done)["failed"], as_json(done)["removed"], as_json(done)["unchanged"]) == (
        [],
        13,
        1,
    )


def test_an_empty_mount_point_is_told_and_kept(magpie, indexed):
    for path in sorted((indexed / "2019").iterdir()):
        path.unlink()
    done = magpie("index", indexed)
    assert done.stdout.splitlines()[-1].startswith(
        f"kept 12 vanished photos of {str(indexed / '2019')!r}"
    )
    report = as_json(magpie("index", indexed, "--json"))
    assert report["kept"] == [str(indexed / "2019")]
    assert report["kept_photos"] == {str(indexed / "2019"): 12}
    assert as_json(magpie("verify", "--json"))["gone"] == {str(indexed / "2019"): 12}
    shutil.rmtree(indexed)
    indexed.mkdir()
    assert as_json(magpie("status", "--json"))["gone"] == [str(indexed)]


def test_an_inbox_that_was_sorted_into_an_archive_leaves_nothing_behind(magpie, indexed, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.move(indexed / "0.bmp", inbox / "new.bmp")
    magpie("index", inbox)
    (inbox / "new.bmp").rename(indexed / "2019" / "new.bmp")
    assert as_json(magpie("index", indexed, "--json"))["moved"] == 1
    for folders in ((inbox,), (inbox, indexed), (indexed, inbox)):
        report = as_json(magpie("index", *folders, "--json"))
        assert (report["kept"], report["removed"], report["failed"]) == ([], 0, [])
    assert as_json(magpie("status", "--json"))["gone"] == []
    assert magpie("verify").exit_code == 0


def change_keeping_size_and_time(path):
    """Write other content; only the time of the change tells."""
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[-1] ^= 255
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_other_content_of_the_same_size_and_time_is_noticed(magpie, indexed):
    change_keeping_size_and_time(indexed / "0.bmp")
    report = as_json(magpie("index", indexed, "--json"))
    assert (report["indexed"], report["removed"], report["unchanged"]) == (1, 1, 13)


def test_verify_and_reread_find_what_no_number_tells(magpie, indexed, monkeypatch):
    from indexer.run import plan

    assert magpie("verify", "--files").exit_code == 0
    change_keeping_size_and_time(indexed / "0.bmp")
    monkeypatch.setattr(plan, "_differs", lambda record, found: False)
    assert as_json(magpie("index", indexed, "--json"))["unchanged"] == 14
    assert magpie("verify").exit_code == 0
    done = magpie("verify", "--files")
    line = f"file {str(indexed / '0.bmp')!r} holds something else than photo"
    assert done.exit_code == 1 and done.stdout.startswith(line)
    assert f"magpie index {str(indexed)!r} --reread" in done.stdout
    report = as_json(magpie("index", indexed, "--reread", "--json"))
    assert (report["indexed"], report["removed"], report["unchanged"]) == (1, 1, 13)
    assert magpie("verify", "--files").stdout == "everything is as it should be\n"
