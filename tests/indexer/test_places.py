"""Where photos lie, over several runs: what is dead, what is kept, and what is read again."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from indexer.errors import NotFound
from indexer.photos import presence
from indexer.pipeline import Options, index
from indexer.progress import Silence
from indexer.verifying import gone_files, verify


@pytest.fixture
def pair(folder, tmp_path, run):
    """The folder and another one, with two photos and the copy of one of them; both indexed."""
    other = tmp_path / "archive"
    other.mkdir()
    shutil.copy(folder / "chelsea.png", other)
    for number in range(2):
        Image.new("RGB", (60, 60), (200, 90 * number, 10)).save(other / f"{number}.bmp")
    run(folder)
    run(other)
    return folder, other


def paths(store):
    store.refresh()
    return sorted(path for _, own in store.photos.paths() for path in own)


def records(store):
    store.refresh()
    return {file.path: file for file in store.files.read()}


def test_a_place_that_died_outside_the_folders_goes_with_its_record(run, store, pair):
    folder, other = pair
    (folder / "chelsea.png").unlink()  # and the copy stays
    report = run(other)
    assert (report.unchanged, report.moved, report.removed, report.kept) == (3, 0, 0, ())
    assert str(folder / "chelsea.png") not in {*paths(store), *records(store)}
    assert list(verify(store)) == []


def test_a_vanished_place_of_a_photo_that_lies_elsewhere_is_no_loss(run, store, pair):
    folder, other = pair
    for path in list(folder.iterdir()):  # all of them: as when a disk is not mounted
        path.rename(other / path.name)
    assert run(folder).kept == (str(folder),)
    report = run(other)
    assert (report.moved, report.indexed, report.kept) == (4, 0, ())
    assert run(folder).kept == ()
    assert all(path.startswith(str(other)) for path in {*paths(store), *records(store)})
    assert list(verify(store)) == []


def test_only_a_disk_that_says_so_counts_as_dead(run, store, pair, monkeypatch):
    folder, other = pair
    (folder / "chelsea.png").unlink()

    def refuse(path, **_):
        raise TimeoutError("the server does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(presence, "to_path", lambda path: type("Away", (), {"stat": refuse})())
        run(other)
    assert str(folder / "chelsea.png") in paths(store)
    run(other)
    assert str(folder / "chelsea.png") not in paths(store)


def test_a_link_whose_file_is_gone_is_dead(run, store, folder, tmp_path):
    real = shutil.copy(folder / "chelsea.png", tmp_path)
    (folder / "chelsea.png").unlink()
    (folder / "a link.png").symlink_to(real)
    run()
    shutil.move(real, folder / "chelsea.png")
    report = run()
    assert (report.moved, report.indexed) == (1, 0)
    assert str(folder / "a link.png") not in paths(store)


def test_a_subfolder_that_lost_all_is_kept_and_named_unless_told_otherwise(run, store, folder):
    (folder / "2019").mkdir()
    for number in range(12):
        picture = Image.new("RGB", (60, 60), (20 * number, 90, 10))
        picture.save(folder / "2019" / f"{number}.bmp")
    for number in range(60):  # so that the whole folder lost less than a fifth
        Image.new("RGB", (60, 60), (4 * number, 190, 10)).save(folder / f"{number}.bmp")
    run()
    (folder / "2019").rename(folder.parent / "unmounted")
    report = run()
    assert (report.kept, report.removed) == ((str(folder / "2019"),), 0)
    assert report.kept_photos == {str(folder / "2019"): 12}
    assert gone_files(store) == {str(folder / "2019"): 12}
    (folder.parent / "unmounted").rename(folder / "2019")
    assert run().unchanged == 77
    shutil.rmtree(folder / "2019")
    report = run(prune=True)
    assert (report.kept, report.removed) == ((), 12)
    assert report.removed_from == {str(folder / "2019"): 12}


def test_a_folder_that_is_gone_is_forgotten_with_prune_alone(run, store, pair):
    folder, other = pair
    shutil.rmtree(folder)
    with pytest.raises(NotFound, match="forget the 5 files that lay there with --prune"):
        run(folder)
    report = run(folder, other, prune=True)
    assert (report.removed, report.unchanged, report.failed) == (4, 3, ())
    assert store.files.roots() == [str(other)]
    assert store.photos.count() == 3


def test_a_folder_in_which_there_was_nothing_is_not_remembered(run, store, folder, tmp_path):
    (tmp_path / "empty").mkdir()
    run(folder, tmp_path / "empty")
    store.refresh()
    assert store.files.roots() == [str(folder)]


def nothing_is_opened(monkeypatch):
    monkeypatch.setattr("indexer.photos.reading.read", lambda path: pytest.fail(f"opened {path}"))


def test_an_older_store_gets_the_numbers_of_files_without_reading_them(
    run, store, folder, monkeypatch
):
    (folder / "notes.jpg").write_text("no picture")
    run()
    now = records(store)
    assert all(file.inode and file.device and file.changed_ns for file in now.values())
    older = [replace(file, changed_ns=None, inode=None, device=None) for file in now.values()]
    store.files.put(older)
    nothing_is_opened(monkeypatch)
    report = run()
    assert (report.unchanged, len(report.failed)) == (5, 1)
    assert records(store) == now


def test_after_a_disk_was_mounted_again_its_files_are_not_read(run, store, folder, monkeypatch):
    run()
    now = records(store)
    store.files.put(
        replace(file, inode=file.inode + 1, device=file.device + 1) for file in now.values()
    )
    nothing_is_opened(monkeypatch)
    assert run().unchanged == 5
    assert records(store) == now


def test_another_file_on_the_same_disk_is_read(run, store, folder):
    run()
    path = str(folder / "chelsea.png")
    known = records(store)[path]
    store.files.put([replace(known, inode=known.inode + 1, photo="0" * 32)])
    store.refresh()
    assert run().unchanged == 5
    assert records(store)[path] == known


def test_content_that_changed_with_size_and_time_kept_is_described(run, store, folder):
    picture = folder / "x.bmp"
    Image.new("RGB", (60, 60), (1, 2, 3)).save(picture)
    run()
    before = picture.stat()
    Image.new("RGB", (60, 60), (200, 2, 3)).save(picture)
    os.utime(picture, ns=(before.st_atime_ns, before.st_mtime_ns))
    report = run()
    assert (report.indexed, report.removed, report.unchanged) == (1, 1, 5)


def test_reread_looks_into_all_files_and_describes_none_again(store, folder, describer, run):
    run()

    class NotNeeded:
        info, prepare, side = describer.info, describer.prepare, describer.side
        batch, first_look, start = describer.batch, describer.first_look, describer.start

        def describe_all(self, batches):
            assert list(batches) == []
            return iter(())

    options = Options(threads=2, reread=True)
    report = index(store, [Path(folder)], NotNeeded, options, Silence())
    assert (report.indexed, report.unchanged) == (0, 5)
