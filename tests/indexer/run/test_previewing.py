"""A first pass by previews makes photos searchable soon, and no difference to how a run ends."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from deaths import Dead, dying
from PIL import Image
from preview_samples import (
    FULL_HD,
    distinct,
    heic,
    jpeg,
    with_pictures,
    with_wrong_tiles,
    write,
)

from indexer.neighbours import open_index
from indexer.photos.content import content_id
from indexer.photos.finding import find
from indexer.pipeline import Options, Report, index
from indexer.progress import Silence
from indexer.queries import Query
from indexer.run.linking import link
from indexer.run.plan import make_plan
from indexer.run.previewing import forget_previews
from indexer.stores import Store, open_store
from indexer.verifying import verify

DAY = 86_400

Index = Callable[..., Report]


@pytest.fixture(scope="module")
def samples(free_photos: list[Path]) -> dict[str, bytes]:
    """Six photos, four of which carry a preview; "b" and "e" are one."""
    made = {}
    for name, path in zip("abcd", free_photos, strict=False):
        with Image.open(path) as image:
            large = image.convert("RGB").resize((1000, 750))
        made[name] = heic(large, 320)
    made["c"] = jpeg(large)
    made["d"] = with_pictures(
        jpeg(large.rotate(90)), [(FULL_HD, jpeg(large.rotate(90).resize((360, 270))))]
    )
    return {**made, "e": made["b"], "f": distinct(made["a"], 1), "g": free_photos[4].read_bytes()}


@pytest.fixture
def home(tmp_path: Path, samples: dict[str, bytes]) -> Path:
    """They lie in a folder, "a" being the oldest."""
    folder = tmp_path / "camera"
    folder.mkdir()
    for day, (name, data) in enumerate(samples.items()):
        ending = "jpg" if data[:2] == b"\xff\xd8" else "heic"
        write(folder / f"{name}.{ending}", data, 1_700_000_000 + DAY * day)
    return folder


@pytest.fixture
def index_into(describer, home) -> Index:
    def run(store: Store, *folders: Path, **options: object) -> Report:
        given = Options(**{"threads": 2, **options})
        return index(store, folders or [home], lambda: describer, given, Silence())

    return run


@pytest.fixture
def plain(tmp_path, index_into) -> Iterator[Store]:
    """A store that is filled in one pass."""
    store = open_store(f"sqlite:///{tmp_path / 'plain.db'}")
    index_into(store, one_pass=True)
    yield store
    store.close()


def everything(store: Store) -> tuple[object, ...]:
    """Return all that a store holds of photos and files, to the last bit."""
    store.refresh()
    photos = [(replace(one, version=None), one.vector.tobytes()) for one in store.photos.scan()]
    return photos, list(store.files.read()), store.photos.previews()


WRITES = ("photos.put", "files.put", "lists.replace")


def after_first_pass(store: Store, index_into: Index, *folders: Path) -> None:
    """Let a run die when it has described the previews."""
    with suppress(Dead), dying(store, 1, ("photos.put",)):
        index_into(store, *folders)


def test_a_run_in_two_passes_ends_as_one_in_one_pass(store, plain, index_into):
    report = index_into(store)
    assert (report.indexed, report.copies, report.removed, report.failed) == (6, 1, 0, ())
    assert everything(store) == everything(plain)
    assert list(verify(store)) == []


def test_after_the_first_pass_photos_with_previews_are_found_and_marked(
    store, index_into, home, samples
):
    after_first_pass(store, index_into)
    store.refresh()
    marked = {id for id, photo in _photos(store).items() if photo.preview}
    assert (
        marked == {content_id(samples[name]) for name in "abdf"} == store.photos.previews().keys()
    )
    assert store.counts().previews == 4
    (best, *_) = _photos(store)[content_id(samples["d"])].labels
    assert content_id(samples["d"]) in {
        match.id for match in store.ranking.search(Query({best.wnid: 1.0}))
    }
    assert list(store.files.read()) == []


def _photos(store):
    store.refresh()
    return {photo.id: photo for photo in store.photos.scan()}


def test_the_newest_photos_come_first(store, index_into, home, samples, monkeypatch):
    put, order = store.photos.put, []
    monkeypatch.setattr(store.photos, "put", lambda photos: order.extend(photos) or put(photos))
    index_into(store)
    previews = [photo.id for photo in order if photo.preview]
    assert previews == [content_id(samples[name]) for name in "feda"]
    rest = [photo.id for photo in order if not photo.preview]
    assert set(rest[:2]) == {content_id(samples[name]) for name in "cg"}  # not to be found yet


def test_one_pass_makes_no_previews(plain, store, index_into, monkeypatch):
    put, order = store.photos.put, []
    monkeypatch.setattr(store.photos, "put", lambda photos: order.extend(photos) or put(photos))
    index_into(store, one_pass=True)
    assert not any(photo.preview for photo in order)


@pytest.mark.parametrize("one_pass", [False, True])
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_killed_at_any_moment_and_resumed_a_run_ends_as_if_it_was_not(
    store, plain, index_into, one_pass, describer, monkeypatch
):
    monkeypatch.setattr(describer, "batch", 2)
    chance = random.Random(7)
    for _ in range(6):
        with suppress(Dead), dying(store, chance.randrange(4), WRITES):
            index_into(store)
    index_into(store, one_pass=one_pass)
    assert everything(store) == everything(plain)


def test_a_photo_that_cannot_be_read_as_a_whole_does_not_stay(
    store, tmp_path, index_into, home, samples
):
    write(home / "h.heic", with_wrong_tiles(samples["a"]), 1_800_000_000)
    plain = open_store(f"sqlite:///{tmp_path / 'plain.db'}")
    for one, options in ((plain, {"one_pass": True}), (store, {})):
        report = index_into(one, **options)
        assert [Path(skipped.path).name for skipped in report.failed] == ["h.heic"]
        assert (report.indexed, report.removed) == (6, 0)
    assert everything(store) == everything(plain)
    plain.close()


def test_what_happens_to_files_between_the_passes_is_settled(
    store, tmp_path, index_into, home, samples, monkeypatch
):
    refresh = store.refresh
    count = [0]

    def change() -> None:
        refresh()
        if store.photos.previews() and not count[0]:
            count[0] += 1
            (home / "a.heic").unlink()
            (home / "f.heic").rename(home / "moved.heic")
            other = samples["g"].ljust(len(samples["d"]))  # documents have the size that it had
            write(home / "d.jpg", other, 1_700_000_000 + DAY * 3)

    monkeypatch.setattr(store, "refresh", change)
    index_into(store)
    monkeypatch.undo()
    assert count == [1]
    index_into(store, prune=True)
    plain = open_store(f"sqlite:///{tmp_path / 'plain.db'}")
    index_into(plain, one_pass=True)
    assert everything(store) == everything(plain)
    plain.close()


def test_files_that_changed_after_a_death_are_settled(store, tmp_path, index_into, home, samples):
    after_first_pass(store, index_into)
    (home / "a.heic").unlink()
    (home / "b.heic").rename(home / "moved.heic")
    write(home / "f.heic", samples["g"] + b" ", 1_900_000_000)
    index_into(store, prune=True)
    plain = open_store(f"sqlite:///{tmp_path / 'plain.db'}")
    index_into(plain, one_pass=True)
    assert everything(store) == everything(plain)
    plain.close()


def test_a_photo_that_was_linked_by_its_preview_is_linked_again(store, plain, index_into):
    after_first_pass(store, index_into)
    link(store, open_index("exact", store))
    assert store.counts().linked == 4
    index_into(store)
    assert everything(store) == everything(plain)


def test_a_preview_of_a_folder_that_moved_is_completed_where_it_lies(
    store, tmp_path, index_into, home
):
    after_first_pass(store, index_into)
    other = tmp_path / "other"
    home.rename(other)
    index_into(store, other)
    assert store.photos.previews() == {}
    places = {Path(path).parent for _, paths in store.photos.paths() for path in paths}
    assert places == {other}


def test_a_photo_that_cannot_be_opened_is_completed_later(store, plain, index_into, home):
    after_first_pass(store, index_into)
    data = (home / "a.heic").read_bytes()
    times = (home / "a.heic").stat()
    (home / "a.heic").unlink()
    (home / "a.heic").mkdir()
    index_into(store)
    (home / "a.heic").rmdir()
    (home / "a.heic").write_bytes(data)
    os.utime(home / "a.heic", ns=(times.st_atime_ns, times.st_mtime_ns))
    index_into(store)
    assert store.photos.previews() == {}
    got, wanted = everything(store)[0], everything(plain)[0]
    assert got == wanted


def test_counts_and_documents_have_the_mark_only_where_it_is_true(store, index_into):
    index_into(store)
    assert store.counts().previews == 0
    assert not any(asdict(photo)["preview"] for photo in store.photos.scan())


def test_a_run_that_puts_nothing_in_the_place_of_others_forgets_what_it_reads(
    store, index_into, home, samples
):
    after_first_pass(store, index_into)
    (home / "a.heic").unlink()
    store.refresh()
    paths = list(store.photos.paths())
    plan = make_plan([home], find([home]), store.files.read(), paths)
    forget_previews(store, plan)
    store.refresh()
    left = {content_id(samples["a"])}  # settling removes it, as it lies nowhere
    assert store.photos.previews().keys() == left == plan.known
