"""What `magpie index` promises, with the real network on real photos."""

import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from indexer.errors import BadValue, Conflict, NotFound
from indexer.records import StoreInfo
from indexer.verifying import verify


def paths_in(store):
    return {Path(path).name for photo in store.photos.scan() for path in photo.paths}


def touch(path: Path) -> None:
    """Change the modification time and nothing else."""
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 5_000_000_000))


def test_a_folder_becomes_documents_with_labels_vectors_and_neighbours(run, store, folder):
    report = run()
    assert (report.indexed, report.failed, report.model) == (5, (), "efficientnet_lite0")
    assert list(verify(store)) == []
    photos = {Path(photo.paths[0]).name: photo for photo in store.photos.scan()}
    assert set(photos) == {path.name for path in folder.iterdir()}
    chelsea = photos["chelsea.png"]
    assert (chelsea.width, chelsea.height, chelsea.format) == (451, 300, "png")
    assert len(chelsea.labels) == 50 and len(chelsea.neighbours) == 4


def test_a_second_run_opens_nothing_and_never_asks_for_the_network(run, store, folder, monkeypatch):
    run()
    monkeypatch.setattr("indexer.photos.reading.read", lambda path: pytest.fail(f"opened {path}"))
    report = run()
    assert (report.indexed, report.unchanged) == (0, 5)


def test_a_touched_file_is_read_again_but_not_described_again(run, store, folder):
    run()
    touch(folder / "chelsea.png")
    report = run()
    assert (report.indexed, report.unchanged, report.copies) == (0, 5, 0)


def test_two_copies_of_one_file_are_one_document_with_two_paths(run, store, folder):
    shutil.copy(folder / "chelsea.png", folder / "cat again.png")
    report = run()
    assert (report.indexed, report.copies, store.photos.count()) == (5, 1, 5)
    assert "cat again.png" in paths_in(store)
    assert list(verify(store)) == []


def test_a_copy_that_comes_later_costs_no_description(run, store, folder):
    run()
    shutil.copy(folder / "chelsea.png", folder / "cat again.png")
    report = run()
    assert (report.indexed, report.copies, report.moved, store.photos.count()) == (0, 1, 0, 5)


def test_moved_and_renamed_photos_keep_id_and_vector(run, store, folder):
    run()
    before = {photo.id for photo in store.photos.scan()}
    (folder / "deep").mkdir()
    for path in list(folder.glob("*.png")):
        path.rename(folder / "deep" / f"moved {path.name}")
    report = run()
    assert (report.indexed, report.moved, report.removed, report.kept) == (0, 5, 0, ())
    assert {photo.id for photo in store.photos.scan()} == before
    assert all(name.startswith("moved ") for name in paths_in(store))
    assert list(verify(store)) == []


def test_a_vanished_copy_leaves_the_photo_where_it_still_lies(run, store, folder):
    shutil.copy(folder / "chelsea.png", folder / "cat again.png")
    run()
    (folder / "chelsea.png").unlink()
    report = run()
    assert (report.removed, store.photos.count()) == (0, 5)
    assert paths_in(store) >= {"cat again.png"}
    assert "chelsea.png" not in paths_in(store)


def test_a_vanished_photo_is_removed_and_named_by_no_neighbour(run, store, folder):
    for number in range(5):  # 1 of 10 does not look like an unmounted disk
        with Image.open(
            folder / "coffee.png" if (folder / "coffee.png").exists() else folder / "chelsea.png"
        ) as image:
            image.rotate(30 * number + 10).save(folder / f"turned {number}.png")
    run()
    (folder / "turned 3.png").unlink()
    report = run()
    assert (report.removed, store.photos.count(), report.kept) == (1, 9, ())
    assert list(verify(store)) == []


def test_an_emptied_folder_empties_no_library_unless_told_to(run, store, folder):
    run()
    for path in folder.iterdir():
        path.unlink()
    report = run()
    assert (report.removed, store.photos.count(), report.kept) == (0, 5, (str(folder),))
    report = run(prune=True)
    assert (report.removed, store.photos.count(), report.kept) == (5, 0, ())
    assert list(store.files.read()) == []


def test_photos_of_other_folders_are_left_alone(run, store, folder, tmp_path):
    run()
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(folder / "chelsea.png", other)
    shutil.rmtree(folder)
    report = run(other, prune=True)
    assert (report.copies, report.removed, store.photos.count()) == (1, 0, 5)


def test_a_file_that_became_another_photo_moves_its_path_to_the_other(run, store, folder):
    run()
    shutil.copy(folder / "camera.png", folder / "chelsea.png")
    report = run()
    assert (report.removed, store.photos.count()) == (1, 4)
    assert list(verify(store)) == []


def test_an_edited_photo_is_described_again(run, store, folder):
    run()
    with Image.open(folder / "chelsea.png") as image:
        image.convert("L").save(folder / "chelsea.png")
    report = run()
    assert (report.indexed, report.removed, store.photos.count()) == (1, 1, 5)
    assert list(verify(store)) == []


def test_unreadable_files_are_named_and_not_opened_again_until_they_change(
    run, store, folder, monkeypatch
):
    bad = folder / "notes.jpg"
    bad.write_text("no picture")
    (folder / "empty.png").touch()
    report = run()
    assert report.indexed == 5
    assert [(Path(trouble.path).name, trouble.reason) for trouble in report.failed] == [
        ("empty.png", "the file is empty"),
        ("notes.jpg", "not an image, or of a kind that is not supported"),
    ]
    with monkeypatch.context() as patch:
        patch.setattr("indexer.photos.reading.read", lambda path: pytest.fail(f"opened {path}"))
        assert run().failed == report.failed
    shutil.copy(folder / "chelsea.png", bad)
    assert run().copies == 1
    assert [Path(trouble.path).name for trouble in run().failed] == ["empty.png"]


def test_a_photo_that_became_unreadable_leaves_the_library(run, store, folder):
    run()
    (folder / "chelsea.png").write_text("no picture")
    report = run()
    assert (report.removed, len(report.failed), store.photos.count()) == (1, 1, 4)
    assert list(verify(store)) == []


def test_of_several_folders_the_good_ones_are_indexed(run, store, folder, tmp_path):
    report = run(tmp_path / "nowhere", folder, folder / "chelsea.png")
    assert report.indexed == 5
    assert len(report.failed) == 2


def test_bad_folders_are_refused_and_nothing_is_made(run, store, folder, tmp_path):
    with pytest.raises(NotFound, match="no folder"):
        run(tmp_path / "nowhere")
    with pytest.raises(BadValue, match="is not a folder"):
        run(folder / "chelsea.png")
    assert store.identity.info() is None


def test_an_empty_folder_makes_no_store(run, store, tmp_path):
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty").indexed == 0
    assert store.identity.info() is None


def test_a_store_of_another_network_is_refused_and_kept_as_it_is(run, store):
    store.identity.create(StoreInfo("another_network", "ab" * 32, 64))
    with pytest.raises(Conflict, match="another_network"):
        run()
    assert store.photos.count() == 0


def test_an_overlapping_folder_counts_a_photo_once(run, store, folder):
    (folder / "sub").mkdir()
    (folder / "chelsea.png").rename(folder / "sub" / "chelsea.png")
    assert run(folder, folder / "sub").indexed == 5
    assert run(folder / "sub", folder).unchanged == 5
