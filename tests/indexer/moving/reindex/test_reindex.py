"""Another network for a library: the result is that of a library it made afresh."""

import json
import os
import shutil
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from earlier_network import documents

from indexer.errors import Conflict, NotFound
from indexer.events import Event, Upload
from indexer.kinds import EventKind
from indexer.moving.reindex import Reindexing, cancel, drop_old
from indexer.pipeline import Options, index
from indexer.progress import Silence
from indexer.progress.run_lock import only_run, renewing
from indexer.records import LeftOut, LinksOut
from indexer.stores import open_store
from indexer.stores.thumbnails import thumbnail_file
from indexer.verifying import verify
from search.commands import main
from search.library import Choices, Library
from search.named_photos import NamedPhotos

MODEL = ["--model", "efficientnet_lite0"]


@pytest.fixture
def reindex(store, network):
    def run(prune=False, prepare=(), progress=None):
        options = Options(threads=2, prune=prune)
        return Reindexing(store, network, options, progress or Silence(), prepare).run()

    return run


def magpie(url, *words):
    return CliRunner().invoke(main, ["reindex", *words, "--store", url])


class Lines(Silence):
    def __init__(self):
        self.said = []

    def say(self, line):
        self.said.append(line)


def test_the_library_equals_one_made_afresh_document_for_document(
    store, reindex, folder, afresh, network, earlier
):
    before = documents(store)
    assert store.identity.info() == earlier.info
    done = reindex()
    assert (done.described, done.photos, done.swapped) == (40, 40, True)
    assert [skipped.path for skipped in done.failed] == [str(folder / "broken.jpg")]
    assert store.identity.info() == network.info
    assert documents(store) == afresh(folder) != before
    assert list(verify(store)) == []


def test_what_was_left_out_stays_remembered(store, reindex):
    numbers = [LeftOut("/photos", ".mp4", 3), LeftOut("/photos/a", ".xmp", 2)]
    store.files.left_out.put(numbers)
    links = [LinksOut("/photos", "/mnt/disk", 3)]
    store.files.links_out.put(links)
    reindex()
    assert store.files.left_out.read() == numbers and store.files.links_out.read() == links


def test_ids_votes_words_and_history_stay(store, reindex):
    library = Library(store, Choices())
    good, bad, *_ = store.photos.vectors().ids
    library.feedback("zorbla", [good], [bad])
    library.flush()
    before = library.history(), library.words(), store.learned.read()
    ranked = [hit.id for hit in library.search("zorbla").hits]
    reindex()
    assert (library.history(), library.words(), store.learned.read()) == before
    after = [hit.id for hit in library.search("zorbla").hits]
    assert ranked[0] == after[0] == good and bad not in after
    assert library.undo().target == before[0][0].id


def test_a_word_taught_by_an_upload_is_rebuilt_from_its_thumbnail(
    store, reindex, earlier, network, free_photos
):
    upload = NamedPhotos(store, lambda: earlier).upload("up.png", free_photos[3].read_bytes())
    library = Library(store, Choices())
    library.teach("zorbla", [upload.id], uploads=[upload])
    assert library.search("zorbla").hits
    done = reindex()
    assert (done.examples, done.lost) == (1, ())
    whole = NamedPhotos(store, lambda: network).upload("up.png", free_photos[3].read_bytes())
    vocabulary = library.vocabulary()
    (seen,) = vocabulary.seen_by(
        store.identity.info(), vocabulary.lessons["zorbla"]
    ).uploads.values()
    assert float(seen.vector @ whole.vector) > 0.8
    assert len(library.search("zorbla").hits) > 3
    assert reindex().examples == 0


def test_an_upload_of_the_last_moment_is_seen_by_the_new_network_too(
    store, reindex, earlier, free_photos
):
    """A server teaches by the old network until the swap."""
    upload = NamedPhotos(store, lambda: earlier).upload("up.png", free_photos[3].read_bytes())
    taught = []

    def teach(_):
        taught.append(1)
        if len(taught) == 2:  # just before the swap
            event = Event(
                id="e1",
                time="2024-05-01T12:00:00.000000Z",
                kind=EventKind.TEACH,
                user="ann",
                word="zorbla",
                good=(upload.id,),
                uploads=(upload,),
            )
            store.events.append([event])

    assert reindex(prepare=[teach]).examples == 1
    assert len(Library(store, Choices()).search("zorbla").hits) > 3


def test_an_example_without_a_thumbnail_is_named_and_breaks_nothing(store, reindex, url):
    vector = np.ones(64, np.float32) / 8
    old = Upload("f" * 32, "old.jpg", (), vector, b"")
    event = Event(
        id="e1",
        time="2024-05-01T12:00:00.000000Z",
        kind=EventKind.TEACH,
        user="ann",
        word="wugg",
        good=(old.id,),
    )
    store.events.append([replace(event, uploads=(old,))])
    assert reindex().lost == ("old.jpg",)
    with closing(Library(store, Choices())) as library:
        assert not library.search("wugg").hits
    done = magpie(url, *MODEL)
    assert done.exit_code == 0 and "no thumbnail of the example 'old.jpg'" in done.stderr


def test_a_network_that_made_the_library_has_nothing_to_do(store, reindex, url):
    reindex()
    done = reindex()
    assert (done.described, done.swapped, done.photos) == (0, False, 40)
    told = magpie(url, *MODEL)
    assert told.exit_code == 0 and told.stdout.startswith("nothing to do: 40 photos")


def test_what_other_runs_do_meanwhile_is_followed(
    store, reindex, folder, run_earlier, free_photos, afresh
):
    changed, removed, moved, *_ = sorted(folder.rglob("*.jpg"))[5:]

    def others(_):
        if changed.stat().st_size < 100_000:
            changed.write_bytes(free_photos[0].read_bytes())  # another photo by that name
            removed.unlink()
            moved.rename(folder / "moved.jpg")
            (folder / "new.jpg").write_bytes(free_photos[1].read_bytes())
            run_earlier()

    done = reindex(prepare=[others])
    assert done.described == 42
    assert documents(store) == afresh(folder)


def test_many_photos_that_another_run_prunes_meanwhile_do_not_come_back(
    store, reindex, folder, earlier
):
    removed = sorted(folder.rglob("*.jpg"))[::2]

    def others(_):
        if removed[0].exists():
            for photo in removed:
                photo.unlink()
            index(store, [folder], lambda: earlier, Options(prune=True), Silence())

    reindex(prepare=[others])
    there = {str(file) for file in folder.rglob("*.jpg")} - {str(folder / "broken.jpg")}
    assert {path for _, paths in store.photos.paths() for path in paths} == there
    assert list(verify(store)) == []


@pytest.mark.parametrize("share", [1, 20])
def test_described_photos_stay_while_their_disk_is_away_and_the_library_knows_them(
    store, reindex, folder, afresh, share
):
    expected = afresh(folder)

    def unmount(_):
        for photo in sorted(folder.rglob("*.jpg"))[:share]:
            photo.rename(folder.parent / photo.name)

    assert reindex(prepare=[unmount]).described == 40
    assert documents(store) == expected


def test_photos_whose_files_are_gone_are_not_dropped_silently(store, reindex, folder, earlier):
    away = f"{folder}/b/"  # of some there are copies elsewhere
    gone = [paths for _, paths in store.photos.paths() if all(p.startswith(away) for p in paths)]
    aside = folder.parent / "unmounted"
    (folder / "b").rename(aside)
    before = documents(store)
    with pytest.raises(Conflict) as caught:
        reindex()
    message = str(caught.value)
    assert f"{len(gone)} of 40 photos" in message and away in message
    assert "mount their disk" in message and "--prune" in message and "\n" not in message
    assert store.identity.info() == earlier.info and documents(store) == before
    aside.rename(folder / "b")
    done = reindex()
    assert (done.described, done.photos) == (len(gone), 40)


def test_photos_whose_files_are_gone_are_left_out_with_prune_and_their_votes_wait(
    store, reindex, folder
):
    id, gone = next((id, paths[0]) for id, paths in store.photos.paths() if len(paths) == 1)
    library = Library(store, Choices())
    library.feedback("zorbla", [id])
    Path(gone).unlink()
    done = reindex(prune=True)
    assert done.photos == 39 and id not in store.photos.get([id])
    assert library.words()[0].good == 1


@pytest.mark.parametrize("left", ["an empty folder", "no folder", "no records of files"])
def test_a_library_of_which_nothing_is_left_is_not_swapped_in_even_with_prune(
    store, reindex, folder, earlier, run_earlier, left
):
    before = documents(store)[:-1]
    if left == "no records of files":
        store.files.delete([file.path for file in store.files.read()])
        store.refresh()
    else:
        folder.rename(folder.parent / "unmounted")
    if left == "an empty folder":
        folder.mkdir()
    with pytest.raises(Conflict, match=r"40 of 40 photos .* mount their disk, or run `magpie"):
        reindex(prune=True)
    assert store.identity.info() == earlier.info and documents(store)[:-1] == before
    if left == "no records of files":
        run_earlier()
    else:
        shutil.copytree(folder.parent / "unmounted", folder, dirs_exist_ok=True)
    assert reindex(prune=True).photos == 40


def test_files_that_changed_without_a_run_are_taken_as_they_are_now(
    store, reindex, folder, free_photos, afresh
):
    changed = sorted(folder.rglob("*.jpg"))[3]
    changed.write_bytes(free_photos[2].read_bytes())
    reindex()
    assert documents(store) == afresh(folder)


def test_another_networks_unfinished_run_is_named_and_can_be_given_up(
    store, reindex, network, earlier, url
):
    other = replace(network.info, model="third", weights="33" * 32)
    store.renewal.next().identity.create(other)
    with pytest.raises(Conflict, match=r"third .* has begun .* --model third.*--cancel"):
        reindex()
    assert cancel(store, Silence()) and not cancel(store, Silence())
    assert magpie(url, "--cancel").stdout == "nothing to remove\n"
    assert store.identity.info() == earlier.info
    assert reindex().described == 40


def test_the_old_one_is_kept_and_dropped_by_a_later_call(store, reindex, url, tmp_path):
    old = reindex().old
    assert old and drop_old(store, Silence()) == old
    assert store.renewal.old() == [] and store.photos.count() == 40
    assert magpie(url, "--drop-old").stdout == "nothing to remove\n"
    assert [path.name for path in tmp_path.glob("photos.db.network-1*")] == []


def test_thumbnails_are_kept(store, reindex, own_cache):
    (id, *_) = [photo.id for photo in store.photos.scan()]
    thumbnail_file(store).put(400, {id: b"jpeg"})
    reindex()
    assert thumbnail_file(store).get(id, 400) == b"jpeg"


def test_a_second_call_waits_for_the_first_and_finds_nothing_to_do(store, url, reindex):
    told, lines = [], Lines()
    with only_run(renewing(store.location), Silence()):
        thread = threading.Thread(target=lambda: told.append(reindex(progress=lines)))
        thread.start()
        while not lines.said:
            pass
        assert "another run" in lines.said[0] and not told
    thread.join()
    assert told[0].swapped and not reindex().swapped


def test_a_run_of_index_is_waited_for_before_the_swap(store, reindex, earlier):
    told, lines = [], Lines()
    with only_run(store.location, Silence()):
        thread = threading.Thread(target=lambda: told.append(reindex(progress=lines)))
        thread.start()
        while not any("another run" in line for line in lines.said):
            pass
        assert store.identity.info() == earlier.info and store.renewal.next().photos.count() == 40
    thread.join()
    assert told[0].swapped


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "words", [[], ["--cancel", *MODEL], ["--cancel", "--drop-old"], ["--model", "auto"]],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_2(url, words):
    assert magpie(url, *words).exit_code == 2


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_missing_network_and_a_missing_library_are_one_line(url, network):
    done = magpie(url, "--model", "resnet")
    assert done.exit_code == 1 and "unknown model 'resnet'" in done.stderr
    for words in (MODEL, ["--drop-old"]):
        done = magpie(url, *words)
        assert done.exit_code == 1 and done.stderr.startswith("magpie: no photos in sqlite:")
        assert done.stderr.count("\n") == 1
    with pytest.raises(NotFound):
        drop_old(open_store(url), Silence())
    assert not Path(url.removeprefix("sqlite:///")).exists()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_file_that_holds_no_weights_begins_nothing(store, url, tmp_path, earlier):
    (tmp_path / "notes.h5").write_text("no weights")
    done = magpie(url, "--model", "inception_v3", "--weights", str(tmp_path / "notes.h5"))
    assert done.exit_code == 1 and "notes.h5" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert store.identity.info() == earlier.info and store.renewal.next().identity.info() is None


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_command_tells_json(store, url):
    done = CliRunner().invoke(main, ["reindex", *MODEL, "--drop-old", "--store", url, "--json"])
    told = json.loads(done.stdout)
    assert (told["done"]["described"], told["done"]["swapped"]) == (40, True)
    assert told["dropped"] == told["done"]["old"] and not told["cancelled"]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_full_disk_is_one_line_and_the_library_goes_on(store, url, tmp_path, earlier):
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    size = Path(url.removeprefix("sqlite:///")).stat().st_size // 1000 + 150
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk]).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        small = f"sqlite:///{disk}/photos.db"
        with closing(open_store(small)) as target:
            target.identity.create(earlier.info)
            target.photos.put(
                replace(photo, version=None, neighbours=()) for photo in store.photos.scan()
            )
            target.files.put(store.files.read())
        in_use = open_store(small)
        assert in_use.photos.count() == 40
        command = [Path(sys.executable).with_name("magpie"), "reindex", *MODEL, "--looks", "1"]
        command += ["--store", small]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert "no space left" in done.stderr.splitlines()[-1]
        assert (in_use.identity.info(), in_use.photos.count()) == (earlier.info, 40)
        subprocess.run(["mount", "-o", "remount,size=50m", disk], check=True)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert (in_use.identity.info().model, in_use.photos.count()) == ("efficientnet_lite0", 40)
        in_use.close()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
