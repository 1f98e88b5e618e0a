"""Links out of a library are followed, unless a run is told not to."""

import json
import shutil
from contextlib import closing

import pytest
from click.testing import CliRunner

from indexer.photos.finding import Found, Skipped, Unwanted, find
from indexer.photos.links import in_words
from indexer.records import MOST_FOLDERS, LinkCounts, LinksOut
from indexer.stores import open_store
from search.commands import main


@pytest.fixture
def folder(tmp_path):
    """A photo, a link to one elsewhere, and a link to a folder elsewhere."""
    folder, elsewhere = tmp_path / "photos", tmp_path / "elsewhere"
    for one in (folder / "own.jpg", elsewhere / "a.jpg", elsewhere / "deep" / "b.jpg"):
        one.parent.mkdir(parents=True, exist_ok=True)
        one.write_bytes(b"x")
    (folder / "linked.jpg").symlink_to(elsewhere / "a.jpg")
    (folder / "linked").symlink_to(elsewhere / "deep")
    (folder / "notes.txt").symlink_to(elsewhere / "a.jpg")
    return folder


def names(items, kind):
    return [item.path.rpartition("/")[2] for item in items if isinstance(item, kind)]


def test_links_are_followed_unless_that_is_not_wanted(folder):
    assert names(find([folder]), Found) == ["linked.jpg", "own.jpg", "b.jpg"]
    kept = list(find([folder], follow_links=False))
    assert names(kept, Found) == ["own.jpg"]
    assert names(kept, Unwanted) == ["linked", "linked.jpg"]


def test_a_link_that_cannot_be_followed_is_told_and_ends_nothing(folder):
    (folder / "odd.jpg").symlink_to(folder / ("n" * 300 + ".jpg"))
    items = list(find([folder]))
    assert names(items, Skipped) == ["odd.jpg"]
    assert names(items, Found) == ["linked.jpg", "own.jpg", "b.jpg"]


def test_a_folder_that_is_given_may_be_a_link(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    assert names(find([tmp_path / "link"], follow_links=False), Found) == ["own.jpg"]


def test_links_are_told_by_where_they_lead_if_that_is_outside(folder, tmp_path):
    elsewhere = (tmp_path / "elsewhere").resolve()
    (folder / "sub").mkdir()
    (folder / "sub" / "again").symlink_to(elsewhere / "deep")
    (folder / "sub" / "more.jpg").symlink_to(elsewhere / "deep" / "b.jpg")
    (folder / "sub" / "own.jpg").symlink_to(folder / "own.jpg")
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "sub" / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    found = [one for one in find([folder]) if isinstance(one, LinksOut)]
    assert sorted(found, key=lambda one: (one.folder, one.leads_to)) == [
        LinksOut(str(folder), str(elsewhere), 1),
        LinksOut(str(folder), str(elsewhere / "deep"), 1),
        LinksOut(str(folder / "sub"), str(elsewhere / "deep"), 2),
    ]
    assert names(find([folder, elsewhere]), LinksOut) == []
    assert not any(isinstance(one, LinksOut) for one in find([folder], follow_links=False))


def test_a_library_that_is_a_link_itself_has_no_links_out(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    shutil.rmtree(tmp_path / "elsewhere")
    (folder / "own").symlink_to(folder.resolve())
    assert not any(isinstance(one, LinksOut) for one in find([tmp_path / "link"]))


def test_a_line_names_few_folders():
    both = LinkCounts(1201, 2, {"/mnt/disk": 1200, "/home/ann": 1})
    assert in_words(both) == "/mnt/disk (1,200), /home/ann (1)"
    ones = dict.fromkeys("abc", 1)
    assert in_words(LinkCounts(3, 3, ones), 2) == "a (1), b (1) and 1 other folder"
    assert in_words(LinkCounts(5000, 5000, ones), 2) == "a (1), b (1) and 4,998 other folders"


def test_status_tells_the_links_that_runs_followed_out_of_the_library(
    tmp_path, free_photos, networks
):
    folder, disk, other = (tmp_path.resolve() / name for name in ("photos", "disk", "other"))
    named = tmp_path / "other by another name"
    for number, place in enumerate((folder, disk, other)):
        place.mkdir()
        shutil.copy(free_photos[number], place)
    (folder / "disk").symlink_to(disk)
    (folder / "more").symlink_to(disk)
    (folder / "other").symlink_to(other)
    named.symlink_to(other)

    def magpie(*words):
        done = CliRunner().invoke(main, [*words, "--store", f"sqlite:///{tmp_path}/photos.db"])
        assert done.exit_code == 0, done.output
        return done.stdout

    def told():
        found = json.loads(magpie("status", "--json"))["links_out"]
        assert found["links"] == sum(found["most"].values())
        assert found["folders"] == len(found["most"])
        return found["most"]

    magpie("index", str(folder))
    assert list(told().items()) == [(str(disk), 2), (str(other), 1)]
    assert f"links out    3 links followed to {disk} (2), {other} (1)" in magpie("status")
    magpie("index", str(named))  # so that it is of the library
    assert told() == {str(disk): 2}
    magpie("index", str(folder), "--no-follow-links")
    assert told() == {} and "links out" not in magpie("status")
    magpie("index", str(folder))
    assert told() == {str(disk): 2}
    (folder / "disk").unlink()
    magpie("index", str(folder))
    assert told() == {str(disk): 1}
    shutil.rmtree(folder)
    magpie("index", str(folder), "--prune")
    assert told() == {}


def test_status_stays_short_however_many_folders_links_lead_to(tmp_path, free_photos, networks):
    folder, other = tmp_path.resolve() / "photos", tmp_path.resolve() / "other"
    folder.mkdir()
    shutil.copy(free_photos[0], folder)
    for number in range(300):
        (other / f"{number:03}").mkdir(parents=True)
        (folder / f"{number:03}").symlink_to(other / f"{number:03}")
    (folder / "again").symlink_to(other / "123")
    url = ["--store", f"sqlite:///{tmp_path}/photos.db"]
    done = CliRunner().invoke(main, ["index", str(folder), *url])
    assert done.exit_code == 0, done.output
    told = json.loads(CliRunner().invoke(main, ["status", "--json", *url]).stdout)["links_out"]
    assert (told["links"], told["folders"], len(told["most"])) == (301, 300, MOST_FOLDERS)
    assert list(told["most"].items())[:2] == [(str(other / "123"), 2), (str(other / "000"), 1)]
    line = f"links out    301 links followed to {other}/123 (2), {other}/000 (1)"
    text = CliRunner().invoke(main, ["status", *url]).stdout
    assert line in text and f"{other}/004 (1) and 294 other folders\n" in text


def test_what_was_indexed_behind_links_goes(tmp_path, free_photos, networks):
    folder, elsewhere = tmp_path / "photos", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    shutil.copy(free_photos[0], folder)
    shutil.copy(free_photos[1], elsewhere)
    (folder / "linked").symlink_to(elsewhere)
    url = f"sqlite:///{tmp_path}/photos.db"
    for more, photos in (([], 2), (["--no-follow-links"], 1), ([], 2)):
        done = CliRunner().invoke(main, ["index", str(folder), *more, "--store", url])
        assert done.exit_code == 0, done.output
        with closing(open_store(url)) as store:
            assert store.photos.count() == photos
