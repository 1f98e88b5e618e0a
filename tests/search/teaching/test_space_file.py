"""The space of a library while photos come and go: what is kept equals what would be rebuilt."""

import shutil
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from indexer.derived.array_file import read_arrays
from indexer.events import Event
from indexer.kinds import EventKind
from indexer.neighbours import open_index
from indexer.records import Label, Photo, StoreInfo
from indexer.run.linking import link
from indexer.stores import open_store
from search.teaching import space_file
from search.teaching.concept import learn
from search.teaching.space_file import SpaceKeeper
from search.teaching.vocabulary import Vocabulary

PHOTOS, DIMENSIONS, CLOUDS = 480, 32, 12


def made_photos(seed, count):
    """Photos in clouds around the same centres, whatever the seed."""
    centres = np.random.default_rng(0).standard_normal((CLOUDS, DIMENSIONS))
    chance = np.random.default_rng(seed)
    rows = np.repeat(centres, count // CLOUDS, 0)
    rows = rows + 0.8 * chance.standard_normal(rows.shape)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return [
        Photo(
            id=chance.bytes(16).hex(),
            paths=(f"/{seed}/{number}.jpg",),
            width=1,
            height=1,
            bytes=1,
            format="jpeg",
            colour="#000000",
            modified="2024-05-01T12:00:00.000Z",
            captured=None,
            camera=None,
            labels=(Label("n02391049", 0.5),),
            vector=row,
            model="test",
        )
        for number, row in enumerate(rows)
    ]


@pytest.fixture(scope="module")
def made_files(tmp_path_factory):
    """A store with its space, which is fitted and indexed as the limits are lowered."""
    home = tmp_path_factory.mktemp("space")
    with pytest.MonkeyPatch.context() as patch, closing(at(home)) as one:
        lower(patch)
        one.identity.create(StoreInfo("test", "0" * 64, DIMENSIONS))
        assert one.photos.put(made_photos(1, PHOTOS)) == []
        link(one, open_index("exact", one))
        SpaceKeeper(one).current()
    return home


@pytest.fixture
def store(made_files, tmp_path, monkeypatch):
    """A copy of the store, to be changed."""
    lower(monkeypatch)
    shutil.copytree(made_files, tmp_path, dirs_exist_ok=True)
    with closing(at(tmp_path)) as opened:
        yield opened


def at(home):
    return open_store(f"sqlite:///{home}/p.db")


def lower(patch):
    patch.setattr(space_file, "FEWEST_TO_FIT", 100)
    patch.setattr(space_file, "FEWEST_TO_INDEX", 200)


def ids(space):
    return [id.decode() for id in space.ids.tolist()]


def points(space):
    return space.take(np.arange(len(space.ids)))


def lists(space):
    """Neighbours of all photos by name, with their weights."""
    there = [space.row(id) for id in [*ids(space), *space.more]]
    return {
        space.names(np.array([row]))[0]: {
            space.names(np.array([near]))[0]: round(float(weight), 5)
            for near, weight in zip(space.near[row], space.weights[row], strict=True)
            if near >= 0
        }
        for row in there
        if row is not None
    }


def best(space, example, count=20):
    vocabulary = Vocabulary()
    vocabulary.apply(
        Event(id="1", time="1", kind=EventKind.CLICK, user="ann", word="w", good=(example,))
    )
    concept = learn(space, vocabulary.lessons["w"])
    order = np.argsort(-concept.scores, kind="stable")[:count]
    return space.names(concept.rows[order])


def test_another_process_reads_the_space_that_was_made(store):
    first, again = SpaceKeeper(store).current(), SpaceKeeper(store).current()
    assert np.array_equal(points(first), points(again)) and lists(first) == lists(again)
    assert first.index is not again.index
    example = ids(first)[7]
    assert best(first, example) == best(again, example)


def test_the_points_of_a_large_library_lie_in_its_file_once_and_not_in_memory(store, tmp_path):
    (tmp_path / "p.db.teaching").unlink()
    space = SpaceKeeper(store).current()
    arrays = read_arrays(tmp_path / "p.db.teaching").arrays
    assert [name for name, array in arrays.items() if array.shape == space.points.shape] == [
        "cells_points"
    ]
    assert isinstance(space.points.base, np.memmap)
    photos = store.photos.get(ids(space))
    whole = [space.point(photos[id].vector, photos[id].labels) for id in ids(space)]
    assert points(space) == pytest.approx(np.stack(whole), abs=1e-5)


def test_the_index_finds_what_looking_at_all_points_finds(store):
    space = SpaceKeeper(store).current()
    for example in ids(space)[::60]:
        found, all_found = best(space, example), best(replace(space, index=None), example)
        assert len(set(found) & set(all_found)) >= 18


def test_photos_that_come_and_go_leave_what_a_new_space_would_have(store):
    keeper = SpaceKeeper(store)
    before = keeper.current()
    store.photos.put(made_photos(2, 24))
    store.photos.delete(ids(before)[:5])
    link(store, open_index("exact", store))
    updated = keeper.current()
    assert updated.fit is before.fit and len(updated.more) == 24
    for path in store.derived("teaching").parent.glob("p.db.teaching*"):
        path.unlink()
    renewed = SpaceKeeper(store).current()
    assert lists(updated) == lists(renewed)
    assert all(updated.row(id) is None for id in ids(before)[:5])
    new = next(iter(updated.more))
    assert best(updated, new)[0] == new
    assert len(set(best(updated, new)) & set(best(renewed, new))) >= 15


def test_a_new_photo_is_found_before_it_is_linked(store):
    keeper = SpaceKeeper(store)
    old = keeper.current()
    (twin,) = store.photos.get([ids(old)[3]]).values()
    store.photos.put([replace(twin, id="f" * 32, version=None, neighbours=())])
    assert "f" * 32 in best(keeper.current(), ids(old)[3])[:3]


def test_a_library_that_grew_much_gets_a_new_space_and_one_file(store, tmp_path):
    first = SpaceKeeper(store).current()
    store.photos.put(made_photos(3, 240))
    link(store, open_index("exact", store))
    grown = SpaceKeeper(store).current()
    assert len(grown.ids) == PHOTOS + 240 and not grown.more
    assert not np.array_equal(grown.fit.projection, first.fit.projection)
    assert len(list(tmp_path.glob("p.db.teaching*"))) == 1


def test_files_that_are_missing_or_damaged_are_made_anew(store, tmp_path):
    whole = SpaceKeeper(store).current()
    (tmp_path / "p.db.teaching").unlink()  # it is mapped: nobody writes into it
    (tmp_path / "p.db.teaching").write_bytes(b"nothing of use")
    again = SpaceKeeper(store).current()
    assert np.allclose(points(again), points(whole)) and lists(again) == lists(whole)


def test_large_libraries_are_prepared_when_they_were_indexed(store, tmp_path, monkeypatch):
    monkeypatch.setattr(space_file, "FEWEST_TO_INDEX", PHOTOS + 1)
    (tmp_path / "p.db.teaching").unlink()
    space_file.prepare(store)
    assert not (tmp_path / "p.db.teaching").exists()
    monkeypatch.setattr(space_file, "FEWEST_TO_INDEX", PHOTOS)
    space_file.prepare(store)
    assert (tmp_path / "p.db.teaching").exists()


def test_photos_that_another_network_describes_get_a_space_of_their_own(store):
    keeper = SpaceKeeper(store)
    before = keeper.current()
    other = StoreInfo("other", "1" * 64, 2 * DIMENSIONS)
    new = store.renewal.next()
    new.identity.create(other)
    chance = np.random.default_rng(4)
    for photo in store.photos.scan():
        row = chance.standard_normal(other.dimensions).astype(np.float32)
        new.photos.put(
            [replace(photo, vector=row / np.linalg.norm(row), version=None, model="other")]
        )
    link(new, open_index("exact", new))
    new.close()
    store.renewal.swap()
    after, afresh = keeper.current(), SpaceKeeper(store).current()
    assert (before.network.model, after.network) == ("test", other)
    assert ids(after) == ids(before) and lists(after) == lists(afresh)
    assert np.array_equal(points(after), points(afresh))
    assert after.fit.mean.shape == (2 * DIMENSIONS,)


def test_photos_that_are_described_as_a_whole_now_are_where_a_new_space_has_them(store, tmp_path):
    (tmp_path / "p.db.teaching").unlink()
    photos = list(store.photos.scan())
    others = [photo.vector for photo in made_photos(3, PHOTOS)]
    rough = [
        replace(one, vector=row, preview=True) for one, row in zip(photos, others, strict=True)
    ]
    assert store.photos.put(rough) == []
    keeper = SpaceKeeper(store)
    keeper.current()
    versions = {photo.id: photo.version for photo in store.photos.scan()}
    refined = [replace(photo, version=versions[photo.id]) for photo in photos]
    assert store.photos.put(refined) == []
    kept = keeper.current()
    (tmp_path / "p.db.teaching").unlink()
    made = SpaceKeeper(store).current()
    assert np.array_equal(points(kept), points(made)) and lists(kept) == lists(made)
