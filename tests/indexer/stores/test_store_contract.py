"""What every store promises about documents: the docstrings of `Store`, run on each of them."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import DIMENSIONS, INFO, photos

from indexer.errors import BadValue, Conflict
from indexer.queries import Query
from indexer.records import Counts, File, Label, LeftOut, LinkCounts, LinksOut, Neighbour, Photo
from indexer.stores import open_store

ONE_STORE_FOR_ALL_EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def same(stored: Photo, given: Photo) -> bool:
    return stored == given and np.array_equal(stored.vector, given.vector)


def ids(found):
    return [photo.id for photo in found]


# Text that file systems hold: control characters, emoji, the private use that stands for bytes
# that are not UTF-8 (indexer/paths.py); no NUL and no surrogates.
texts = st.text(
    st.one_of(
        st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"),
        st.sampled_from("\n\t\"'\\/🦓\U0010ff80\U0010ffff\ue000"),
    ),
    min_size=1,
    max_size=40,
)
cosines = st.integers(-1_000_000, 1_000_000).map(lambda millionths: millionths / 1e6)
hex_ids = st.binary(min_size=16, max_size=16).map(bytes.hex)
any_photo = st.builds(
    lambda base, paths, camera, captured, near, size: replace(
        base,
        paths=tuple(sorted("/" + path for path in paths)),
        camera=camera,
        captured=captured,
        neighbours=tuple(Neighbour(id, cosine) for id, cosine in near),
        bytes=size,
    ),
    st.integers(0, 2**32).map(lambda seed: photos(1, seed)[0]),
    st.sets(texts, min_size=1, max_size=4),
    st.none() | texts,
    st.none() | st.datetimes().map(lambda time: f"{time:%Y-%m-%dT%H:%M:%S}".zfill(19)),
    st.lists(st.tuples(hex_ids, cosines), max_size=50),
    st.integers(0, 2**62),
)


@ONE_STORE_FOR_ALL_EXAMPLES
@given(photo=any_photo)
def test_what_is_put_is_what_one_gets(store, photo):
    store.photos.delete([photo.id])
    assert store.photos.put([photo]) == []
    stored = store.photos.get([photo.id])[photo.id]
    assert same(stored, photo)
    assert stored.version is not None


def test_photos_without_labels_or_neighbours_are_kept(store):
    bare = replace(photos(1)[0], labels=(), neighbours=())
    assert store.photos.put([bare]) == []
    assert same(store.photos.get([bare.id])[bare.id], bare)


def test_get_sees_writes_at_once_and_leaves_unknown_ids_out(store):
    one, two, absent = photos(3)
    store.photos.put([one, two])
    assert set(store.photos.get([one.id, absent.id])) == {one.id}
    assert store.photos.get([]) == {}


def test_existing_ids_are_told_from_others_at_once(store):
    one, two, absent = photos(3)
    store.photos.put([one, two])
    assert store.photos.existing([two.id, absent.id, one.id, two.id]) == {one.id, two.id}
    assert store.photos.existing([]) == set()
    store.photos.delete([one.id])
    assert store.photos.existing(iter([one.id, two.id])) == {two.id}


def test_many_photos_in_one_put_are_all_there(store):
    many = photos(700, labels_each=3)
    assert store.photos.put(iter(many)) == []
    store.refresh()
    assert store.photos.count() == 700


def test_there_is_no_store_before_it_is_created(store_url):
    store = open_store(store_url)
    assert store.identity.info() is None
    assert store.photos.count() == 0
    store.close()
    again = open_store(store_url)
    assert again.identity.info() is None, "looking made a store"
    again.close()


def test_creating_twice_changes_nothing(store, open_again):
    store.photos.put(photos(3))
    store.identity.create(INFO)
    again = open_again()
    again.identity.create(INFO)
    again.refresh()
    assert again.photos.count() == 3
    assert again.identity.info() == INFO


@pytest.mark.parametrize(
    "other",
    [
        replace(INFO, model="other_model", dimensions=8),
        replace(INFO, weights="f" * 64),
    ],
    ids=["model", "weights"],
)
def test_another_model_is_refused_with_both_names_and_the_way_out(store, other):
    with pytest.raises(Conflict) as refused:
        store.identity.create(other)
    message = str(refused.value)
    assert INFO.model in message
    assert other.model in message
    assert "--store" in message
    assert "\n" not in message
    assert store.identity.info() == INFO


def test_a_bad_item_fails_alone(store):
    good, bad, also_good = photos(3)
    bad = replace(bad, vector=np.ones(DIMENSIONS + 1, np.float32))
    failures = store.photos.put([good, bad, also_good])
    assert ids(failures) == [bad.id]
    assert failures[0].reason
    assert not failures[0].conflict
    assert set(store.photos.get([good.id, bad.id, also_good.id])) == {good.id, also_good.id}


def test_a_new_photo_that_exists_is_a_conflict_and_fails_alone(store):
    old, new = photos(2)
    store.photos.put([old])
    failures = store.photos.put([replace(old, camera="another"), new])
    assert [(failure.id, failure.conflict) for failure in failures] == [(old.id, True)]
    assert same(store.photos.get([old.id])[old.id], old)
    assert new.id in store.photos.get([new.id])


def test_the_same_new_photo_twice_in_a_batch_is_written_once(store):
    (photo,) = photos(1)
    failures = store.photos.put([photo, photo])
    assert [failure.conflict for failure in failures] == [True]


def test_a_put_replaces_the_state_that_was_read(store):
    (photo,) = photos(1)
    store.photos.put([photo])
    read = store.photos.get([photo.id])[photo.id]
    moved = replace(read, paths=("/moved.jpg",), vector=-read.vector, labels=read.labels[:7])
    assert store.photos.put([moved]) == []
    stored = store.photos.get([photo.id])[photo.id]
    assert same(stored, moved)
    assert stored.version != read.version


def test_a_stale_put_is_a_conflict_and_loses_nothing(store):
    (photo,) = photos(1)
    store.photos.put([photo])
    read = store.photos.get([photo.id])[photo.id]
    store.photos.put([replace(read, paths=("/first.jpg",))])
    failures = store.photos.put([replace(read, paths=("/second.jpg",))])
    assert [failure.conflict for failure in failures] == [True]
    assert store.photos.get([photo.id])[photo.id].paths == ("/first.jpg",)


def test_a_put_over_a_deleted_photo_is_a_conflict(store):
    (photo,) = photos(1)
    store.photos.put([photo])
    read = store.photos.get([photo.id])[photo.id]
    store.photos.delete([photo.id])
    assert [failure.conflict for failure in store.photos.put([read])] == [True]
    assert store.photos.get([photo.id]) == {}


def test_a_version_from_before_a_deletion_stays_stale(store):
    (photo,) = photos(1)
    store.photos.put([photo])
    read = store.photos.get([photo.id])[photo.id]
    store.photos.delete([photo.id])
    store.photos.put([photo])
    assert [failure.conflict for failure in store.photos.put([read])] == [True]


def test_deleted_photos_are_gone_everywhere(store):
    kept, gone, unknown = photos(3)
    store.photos.put([kept, gone])
    store.photos.delete([gone.id, unknown.id])
    store.photos.delete([])
    store.refresh()
    assert store.photos.get([gone.id]) == {}
    assert ids(store.photos.scan()) == [kept.id]
    assert store.photos.count() == 1
    assert store.photos.vectors().ids == (kept.id,)
    everything = Query(weights={label.wnid: 1.0 for label in gone.labels + kept.labels})
    assert ids(store.ranking.search(everything)) == [kept.id]


def test_scans_go_through_all_in_id_order(store):
    many = photos(600, labels_each=3)
    store.photos.put(many)
    store.refresh()
    by_id = sorted(many, key=lambda photo: photo.id)
    assert all(same(*pair) for pair in zip(store.photos.scan(), by_id, strict=True))
    assert list(store.lists.read()) == [(photo.id, photo.neighbours) for photo in by_id]
    assert list(store.photos.paths()) == [(photo.id, photo.paths) for photo in by_id]


def test_a_scan_of_three_times_the_photos_takes_no_more_memory(store):
    many = photos(1800, labels_each=3)
    peaks = []
    for part in (many[:600], many[600:]):
        store.photos.put(part)
        store.refresh()
        tracemalloc.start()
        try:
            assert sum(1 for _ in store.photos.scan()) == store.photos.count()
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_a_scanned_photo_can_be_written_back_while_scanning(store):
    many = photos(300, labels_each=3)
    store.photos.put(many)
    store.refresh()
    for photo in store.photos.scan():
        assert store.photos.put([replace(photo, camera="seen")]) == []
    store.refresh()
    assert {photo.camera for photo in store.photos.scan()} == {"seen"}
    assert store.photos.count() == len(many)


def test_setting_neighbours_changes_nothing_else(store):
    one, two, unknown = photos(3)
    store.photos.put([one, two])
    store.refresh()
    lists = {one.id: [Neighbour(two.id, 0.123456)], unknown.id: [Neighbour(one.id, 1.0)]}
    store.lists.replace(lists)
    found = store.photos.get([one.id, two.id, unknown.id])
    assert same(found[one.id], replace(one, neighbours=(Neighbour(two.id, 0.123456),)))
    assert same(found[two.id], two)
    assert unknown.id not in found


def test_neighbours_since_a_state_are_those_that_were_written_later_at_least(store):
    many = photos(5)
    store.photos.put(many[:3])
    store.refresh()
    state = store.photos.state()
    assert set(ids_of_lists(store, state)) <= {photo.id for photo in many[:3]}
    store.photos.put(many[3:])
    store.lists.replace({many[0].id: many[1].neighbours})
    store.refresh()
    assert {many[0].id, many[3].id, many[4].id} <= set(ids_of_lists(store, state))
    assert dict(store.lists.read(state))[many[0].id] == many[1].neighbours
    assert len(ids_of_lists(store, "another-store:7")) == 5


def ids_of_lists(store, state):
    return [id for id, _ in store.lists.read(state)]


def test_setting_neighbours_makes_a_version_stale(store):
    (photo,) = photos(1)
    store.photos.put([photo])
    read = store.photos.get([photo.id])[photo.id]
    store.lists.replace({photo.id: []})
    assert [failure.conflict for failure in store.photos.put([read])] == [True]
    assert store.photos.get([photo.id])[photo.id].neighbours == ()


@ONE_STORE_FOR_ALL_EXAMPLES
@given(path=texts, reason=texts)
def test_file_records_are_kept_as_given(store, path, reason):
    records = [
        File(path, 12, 1_714_564_800_123_456_789, reason=reason),
        File(path + "x", 2**40, 0, photo="ab" * 16),
        File(path + "y", 1, 1, "ab" * 16, None, 1_714_564_800_123_456_789, 2**63 - 1, -(2**63)),
    ]
    store.files.put(records)
    store.refresh()
    assert list(store.files.read()) == records
    store.files.delete([record.path for record in records])
    store.refresh()
    assert list(store.files.read()) == []


def test_file_records_replace_each_other_by_path_and_come_in_path_order(store):
    store.files.put(File(f"/{number:04}.jpg", 1, 1, reason="old") for number in range(600))
    store.files.put([File("/0300.jpg", 2, 2, photo="new")])
    store.files.delete(["/0000.jpg", "/no such.jpg"])
    store.refresh()
    files = list(store.files.read())
    assert [file.path for file in files] == [f"/{number:04}.jpg" for number in range(1, 600)]
    assert files[299] == File("/0300.jpg", 2, 2, photo="new")


def test_indexed_folders_are_remembered_until_they_are_forgotten(store):
    assert store.files.roots() == []
    store.files.put_roots(["/photos", "/\U0010ff80"])
    store.files.put_roots(["/photos", "/a b"])
    store.files.put([File("/photos/a.jpg", 1, 1, "0a" * 16)])
    store.refresh()
    assert store.files.roots() == ["/a b", "/photos", "/\U0010ff80"]
    assert len(list(store.files.read())) == 1 and store.counts().files == 1
    store.files.delete_roots(["/photos", "/unknown"])
    store.refresh()
    assert store.files.roots() == ["/a b", "/\U0010ff80"]


def test_vectors_follow_what_is_added_changed_and_removed(store):
    many = photos(30)
    check_vectors(store, [])
    store.photos.put(many[:20])
    check_vectors(store, many[:20])
    store.photos.put(many[20:])
    store.photos.delete(photo.id for photo in many[:5])
    check_vectors(store, many[5:])
    read = store.photos.get([many[10].id])[many[10].id]
    changed = replace(read, vector=-read.vector)
    store.photos.put([changed])
    check_vectors(store, [*many[5:10], changed, *many[11:]])
    store.photos.put([many[0]])
    check_vectors(store, [many[0], *many[5:10], changed, *many[11:]])


def check_vectors(store, expected):
    store.refresh()
    vectors = store.photos.vectors()
    in_order = sorted(expected, key=lambda photo: photo.id)
    assert vectors.ids == tuple(photo.id for photo in in_order)
    rows = vectors.take()
    assert rows.dtype == np.float32
    assert rows.shape == (len(expected), DIMENSIONS)
    assert all(np.array_equal(row, p.vector) for row, p in zip(rows, in_order, strict=True))


@pytest.mark.parametrize("looked", [True, False], ids=["seen before", "never seen"])
@pytest.mark.parametrize("moves", [
    ("delete", "put"), ("delete", "put other"), ("put other", "delete"),
    ("delete", "put other", "delete"), ("delete", "put other", "delete", "put"),
], ids=" ".join)  # fmt: skip
def test_vectors_follow_what_came_and_went_between_two_reads(store, looked, moves, open_again):
    stays, moved, other = photos(3)
    other = replace(other, id=moved.id)
    store.photos.put([stays, moved])
    store.refresh()
    if looked:
        store.photos.vectors()
    held = moved
    for move in moves:
        if move == "delete":
            store.photos.delete([moved.id])
            held = None
        else:
            version = held and store.photos.get([moved.id])[moved.id].version
            held = replace(other if move == "put other" else moved, version=version)
            assert store.photos.put([held]) == []
    check_vectors(store, [stays, held] if held else [stays])
    check_vectors(open_again(), [stays, held] if held else [stays])


def test_vectors_at_hand_stay_as_they_were_when_the_store_changes(store):
    many = photos(3)
    store.photos.put(many[:2])
    store.refresh()
    before = store.photos.vectors()
    rows = before.take()
    store.photos.put(many[2:])
    store.refresh()
    assert len(store.photos.vectors().ids) == 3
    assert np.array_equal(before.take(), rows)


def test_a_store_that_is_opened_again_holds_the_same(store, open_again):
    many = photos(20)
    store.photos.put(many)
    store.files.put([File("/a.jpg", 1, 1, reason="broken")])
    store.refresh()
    query = Query(weights={many[0].labels[0].wnid: 1.0})
    hits, vectors = store.ranking.search(query), store.photos.vectors()
    store.close()
    again = open_again()
    assert again.identity.info() == INFO
    assert again.photos.count() == 20
    assert again.ranking.search(query) == hits
    assert again.photos.vectors().ids == vectors.ids
    assert len(list(again.files.read())) == 1


def test_size_grows_with_what_is_stored(store):
    empty = store.size()
    store.photos.put(photos(300))
    store.refresh()
    assert store.size() > empty > 0


def test_the_location_names_the_store_and_opens_it(store, open_again):
    store.photos.put(photos(1))
    again = open_store(store.location)
    again.refresh()
    assert again.photos.count() == 1
    again.close()


def test_an_unknown_kind_of_store_is_refused_with_those_there_are():
    with pytest.raises(BadValue, match=r"sqlite://.*http://"):
        open_store("redis://somewhere/photos")


def test_labels_that_earlier_photos_did_not_have_are_found(store):
    early, late = photos(2)
    early = replace(early, labels=(Label("n01440764", 0.5),))
    late = replace(late, labels=(Label("n02391049", 0.5),))
    for photo in (early, late):
        store.photos.put([photo])
        store.refresh()
        assert ids(store.ranking.search(Query(weights={photo.labels[0].wnid: 1.0}))) == [photo.id]


def test_counts_tell_photos_and_files_apart(store):
    linked, lonely, short = photos(3)
    assert (
        store.photos.put([linked, replace(lonely, neighbours=()), replace(short, neighbours=())])
        == []
    )
    store.files.put(
        [
            File("/a.jpg", 1, 1, linked.id),
            File("/b.jpg", 1, 1, lonely.id),
            File("/c.jpg", 1, 1, linked.id),
            File("/d.jpg", 1, 1, reason="x" * 5000),
        ]
    )
    store.refresh()
    assert store.counts() == Counts(photos=3, linked=1, files=3, unreadable=1)


def test_links_are_kept_by_folder_and_added_up_by_where_they_lead(store):
    assert store.files.links_out.read() == []
    store.files.put([File("/a.jpg", 1, 1, "0a" * 16)])
    store.files.left_out.put([LeftOut("/a", ".mp4", 3)])
    store.files.links_out.put(
        [LinksOut("/a", "/x", 1), LinksOut("/a", "/z", 3), LinksOut("/a", "/gone", 9)]
    )
    more = [LinksOut("/a", "/x", 2), LinksOut("/a", "/gone", 0), LinksOut("/b", "/never", 0)]
    store.files.links_out.put([*more, LinksOut("/\U0010ff80", "/x", 1)])
    store.files.links_out.put([])
    store.refresh()
    assert store.files.links_out.read() == [
        LinksOut("/a", "/x", 2),
        LinksOut("/a", "/z", 3),
        LinksOut("/\U0010ff80", "/x", 1),
    ]
    counts = store.counts()
    assert counts.links_out == LinkCounts(links=6, folders=2, most={"/x": 3, "/z": 3})
    assert list(counts.links_out.most) == ["/x", "/z"]
    assert counts.left_out == {".mp4": 3} and store.files.left_out.read() == [
        LeftOut("/a", ".mp4", 3)
    ]
    assert (counts.files, counts.unreadable) == (1, 0) and store.files.roots() == []


def test_of_the_folders_that_many_links_lead_to_the_first_are_named(store):
    many = [LinksOut("/photos", f"/mnt/{number:05}", 1) for number in range(20_000)]
    store.files.links_out.put([*many, LinksOut("/more", "/mnt/19999", 2)])
    store.refresh()
    counts = store.counts().links_out
    assert counts.links == 20_002 and counts.folders == pytest.approx(20_000, abs=20)
    first = {f"/mnt/{number:05}": 1 for number in range(19)}
    assert list(counts.most.items()) == [("/mnt/19999", 3), *first.items()]
    assert len(store.files.links_out.read()) == 20_001


def test_what_was_left_out_is_kept_by_folder_and_added_up_by_ending(store):
    assert store.files.left_out.read() == []
    store.files.put([File("/a.jpg", 1, 1, "0a" * 16), File("/b.jpg", 1, 1, reason="empty")])
    old = [LeftOut("/a", ".mp4", 3), LeftOut("/a", ".xmp", 2), LeftOut("/a/b", ".txt", 40)]
    store.files.left_out.put(old)
    store.files.left_out.put(
        [LeftOut("/a", ".xmp", 5), LeftOut("/a/b", ".txt", 0), LeftOut("/gone", ".txt", 0)]
    )
    store.files.left_out.put([LeftOut("/\U0010ff80", ".mp4", 4), LeftOut("/c", "(none)", 5)])
    store.files.left_out.put([])
    store.refresh()
    assert store.files.left_out.read() == [
        LeftOut("/a", ".mp4", 3),
        LeftOut("/a", ".xmp", 5),
        LeftOut("/c", "(none)", 5),
        LeftOut("/\U0010ff80", ".mp4", 4),
    ]
    counts = store.counts()
    assert list(counts.left_out.items()) == [(".mp4", 7), ("(none)", 5), (".xmp", 5)]
    assert (counts.files, counts.unreadable) == (1, 1)
    assert [file.path for file in store.files.read()] == ["/a.jpg", "/b.jpg"]


def test_a_film_tells_its_length_wherever_it_is_found(store):
    film, still = photos(2)
    film = replace(film, damaged=True, duration=42.123)
    assert store.photos.put([film, still]) == []
    store.refresh()
    assert store.photos.get([film.id])[film.id] == film
    query = Query(boosts={film.id: 2.0, still.id: 1.0})
    for matches in (store.ranking.search(query), store.ranking.sample(1, 2)):
        assert {one.id: one.duration for one in matches} == {film.id: 42.123, still.id: None}


def test_a_sample_is_all_photos_once_each_in_an_order_of_its_seed(store):
    given = photos(30)
    assert store.photos.put(given[:20]) == []
    store.refresh()
    store.ranking.search(
        Query(boosts={given[0].id: 1.0})
    )  # what was put by now is in derived files
    assert store.photos.put(given[20:]) == []
    store.photos.delete([given[0].id])
    store.refresh()
    slices = [store.ranking.sample(7, 10, start) for start in (0, 10, 20, 30)]
    drawn = [match for part in slices for match in part]
    assert sorted(match.id for match in drawn) == sorted(photo.id for photo in given[1:])
    assert {match.score for match in drawn} == {0.0}
    assert ids(drawn) != ids(store.ranking.sample(8, 30))
    assert ids(drawn) == ids(store.ranking.sample(7, 30))
    (first,) = store.ranking.sample(7, 1)
    photo = store.photos.get([first.id])[first.id]
    assert (first.paths, first.width, first.colour) == (photo.paths, photo.width, photo.colour)
    with pytest.raises(BadValue, match="10001"):
        store.ranking.sample(7, 1, 10_000)
