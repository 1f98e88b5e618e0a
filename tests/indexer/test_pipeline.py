"""What `magpie index` promises, with the real network on real photos."""

import os
import shutil
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from indexer.errors import BadValue, Conflict, NotFound
from indexer.photos import reading
from indexer.photos.formats import decoders
from indexer.pipeline import Options, index
from indexer.progress import Silence
from indexer.records import StoreInfo
from indexer.stores import open_store
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


def test_what_nobody_wants_found_goes_at_once_and_comes_back(run, store, folder):
    run()
    ids = {photo.id for photo in store.photos.scan()}
    (folder / "private").mkdir()
    for path in sorted(folder.glob("*.*"))[:4]:
        path.rename(folder / "private" / path.name)
    run()
    (folder / ".magpieignore").write_text("private/\n")
    report = run()
    assert (report.removed, report.kept, report.failed) == (4, (), ())
    assert store.photos.count() == len(list(store.files.read())) == 1
    assert list(verify(store)) == []
    (folder / ".magpieignore").unlink()
    assert run().indexed == 4
    assert {photo.id for photo in store.photos.scan()} == ids


def test_files_that_are_excluded_go_at_once(run, store, folder):
    run()
    assert run(exclude=("*.png", "*.jpg", "!chelsea.*")).removed == 4
    assert paths_in(store) == {"chelsea.png"}


def test_what_is_gone_beside_what_nobody_wants_is_kept(run, store, folder):
    (folder / "other").mkdir()
    for path in sorted(folder.glob("*.*"))[:2]:
        path.rename(folder / "other" / path.name)
    run()
    shutil.rmtree(folder / "other")
    report = run(exclude=("/*.png", "/*.jpg"))
    assert report.kept == (str(folder),)
    assert len(list(store.files.read())) >= 2


def test_an_unwanted_photo_whose_record_was_never_written_goes(run, store, folder):
    run()
    (photo,) = [one for one in store.photos.scan() if one.paths[0].endswith("chelsea.png")]
    store.files.delete(photo.paths)
    run(exclude=("chelsea.png",))
    assert photo.id not in store.photos.get([photo.id])


def test_a_raw_beside_its_photo_goes_and_comes_back_without_it(run, store, folder):
    shutil.copy(folder / "chelsea.png", folder / "cat.dng")
    run()
    assert "cat.dng" in paths_in(store)
    with Image.open(folder / "chelsea.png") as image:
        image.convert("RGB").save(folder / "cat.jpg")
    run()
    assert "cat.dng" not in paths_in(store)
    (folder / "cat.jpg").unlink()
    run()
    assert "cat.dng" in paths_in(store)


def test_photos_of_other_folders_are_left_alone(run, store, folder, tmp_path):
    run()
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(folder / "chelsea.png", other)
    (folder / "camera.png").unlink()
    report = run(other, prune=True)
    assert (report.copies, report.removed, store.photos.count()) == (1, 0, 5)
    assert paths_in(store) >= {"chelsea.png", "camera.png"}


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


def left_out(store):
    store.refresh()
    return store.counts().left_out


def test_what_is_left_out_is_told_and_remembered_until_the_folder_is_indexed_again(
    run, store, folder
):
    for name in ("clip.mkv", "chelsea.xmp", "notes.xmp", ".hidden.txt", "@eaDir/x.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    assert list(run().left_out.items()) == [(".xmp", 2), (".mkv", 1)]
    assert left_out(store) == {".xmp": 2, ".mkv": 1}
    (folder / "notes.xmp").unlink()
    (folder / "clip.mkv").unlink()
    assert run().left_out == left_out(store) == {".xmp": 1}
    (folder / "chelsea.xmp").unlink()
    assert run().left_out == left_out(store) == {}


def test_a_run_of_a_folder_below_or_beside_loses_and_doubles_no_numbers(
    run, store, folder, tmp_path
):
    sub, other = folder / "sub", tmp_path / "photos and more"
    for name in (folder / "a.mkv", sub / "b.mkv", sub / "c.txt", other / "d.mkv"):
        name.parent.mkdir(exist_ok=True)
        name.write_text("x")
    run()
    assert left_out(store) == {".mkv": 2, ".txt": 1}
    (sub / "c.txt").rename(sub / "c.mkv")
    assert run(sub).left_out == {".mkv": 2}
    assert left_out(store) == {".mkv": 3}
    assert run(other).left_out == {".mkv": 1}
    assert left_out(store) == {".mkv": 4}
    run(folder, sub)
    assert left_out(store) == {".mkv": 4}
    shutil.rmtree(sub)
    run()
    assert left_out(store) == {".mkv": 2}


def test_an_unmounted_disk_loses_no_numbers(run, store, folder):
    (folder / "a.mkv").write_text("x")
    run()
    for path in folder.iterdir():
        path.unlink()
    assert run().kept and left_out(store) == {".mkv": 1}
    run(prune=True)
    assert left_out(store) == {}


def test_the_librarys_own_files_among_the_photos_are_not_counted(folder, describer):
    (folder / "other.db").write_text("x")
    with closing(open_store(f"sqlite:///{folder}/photos.db")) as store:
        options = Options(threads=2)
        for _ in range(2):
            report = index(store, [folder], lambda: describer, options, Silence())
            assert report.left_out == {".db": 1}


def test_a_folder_without_photos_tells_what_it_left_out_and_makes_no_store(run, store, tmp_path):
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "a.MKV").write_text("x")
    assert run(tmp_path / "films").left_out == {".mkv": 1}
    assert store.identity.info() is None


def test_files_are_told_while_they_are_found_and_then_while_they_are_read(store, folder, describer):
    heard = Heard()
    index(store, [folder], lambda: describer, Options(threads=2), heard)
    assert heard.told == [("looking", None, 5), ("reading", 5, 5)]


class Heard(Silence):
    """Notes each piece of work: its name, its total, how much was done."""

    def __init__(self):
        self.told = []
        self.done = 0

    @contextmanager
    def over(self, total, work="reading", of="files"):
        self.done = 0
        yield
        self.told.append((work, total, self.done))

    def advance(self, count):
        self.done += count


def test_a_damaged_picture_and_the_length_of_a_film_are_told(run, store, folder, monkeypatch):
    decode = reading.decode

    def as_if(*arguments, **named):
        decoded = decode(*arguments, **named)
        is_cat = (decoded.width, decoded.height) == (451, 300)
        return replace(decoded, damaged=is_cat, duration=None if is_cat else 42.5)

    monkeypatch.setattr(reading, "decode", as_if)
    assert run().damaged == (str(folder / "chelsea.png"),)
    assert sorted((one.damaged, one.duration) for one in store.photos.scan()) == [
        *[(False, 42.5)] * 4,
        (True, None),
    ]
    assert run().damaged == ()


def test_a_shortage_of_memory_is_told_and_tried_again(run, store, folder, monkeypatch):
    decode = reading.decode

    def short(*arguments, **named):
        if decode(*arguments, **named).width == 451:
            raise MemoryError
        return decode(*arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(reading, "decode", short)
        (failed,) = run().failed
    assert (Path(failed.path).name, "not enough memory" in failed.reason) == ("chelsea.png", True)
    assert [file for file in store.files.read() if file.reason] == []
    report = run()
    assert (report.indexed, report.failed) == (1, ())


def test_a_refused_file_is_tried_again_when_there_are_other_decoders(
    run, store, folder, monkeypatch
):
    (folder / "odd.jpg").write_bytes(b"no picture")
    assert len(run().failed) == len(run().failed) == 1
    (record,) = [file for file in store.files.read() if file.reason]
    assert record.refused_by == decoders()
    store.files.put([replace(record, refused_by="1: ", reason="older")])
    assert "older" not in run().failed[0].reason
    assert record in list(store.files.read())
